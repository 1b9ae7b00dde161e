"""What people agreed to: on which ways they may be written to, and for what."""

import sqlalchemy as sa
from alembic import op

from maintainuk.infrastructure.migrations.walls import ADD_ONLY, APP, WORKER, let, wall_off

revision = "2026_11_23_0022"
down_revision = "2026_11_23_0021"
branch_labels = None
depends_on = None

WAYS = ("email", "sms", "whatsapp", "phone", "post")
TOLD_BY = ("phone", "email", "in_person", "portal", "letter")


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("way", _one_of("way", *WAYS), nullable=False),
        sa.Column("purpose", _one_of("purpose", "repairs", "news"), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("told_by", _one_of("told_by", *TOLD_BY), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column("wording_version", sa.Text(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "person_id"],
            ["app.people.org_id", "app.people.id"],
            name=op.f("fk_consents_org_id_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_consents")),
        schema="app",
    )
    op.create_index(op.f("ix_consents_org_id_person_id"), "consents", ["org_id", "person_id"], schema="app")
    wall_off("consents", ADD_ONLY)
    # The note alone: sealed anew with a younger key, and taken away when the person is forgotten.
    let(APP, "consents", ("UPDATE (note)",))
    let(WORKER, "consents", ("UPDATE (note)",))


def _one_of(name: str, *states: str) -> sa.Enum:
    return sa.Enum(*states, name=name, native_enum=False, create_constraint=True, length=32, schema="app")
