"""The audit log says from where, and is sealed into a chain."""

import sqlalchemy as sa
from alembic import op

from maintainuk.infrastructure.migrations.walls import ADD_ONLY, wall_off

revision = "2026_11_23_0011"
down_revision = "2026_11_23_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("network", sa.Text(), nullable=True),
        sa.Column("program", sa.Text(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=True),
    ):
        op.add_column("audit_log", column, schema="app")
    op.create_table(
        "audit_seals",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        belongs_to_organisation("audit_seals"),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("org_id", "seq", name=op.f("uq_audit_seals_org_id_seq")),
        schema="app",
    )
    op.create_table(
        "audit_heads",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        belongs_to_organisation("audit_heads"),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_audit_heads")),
        sa.UniqueConstraint("org_id", name=op.f("uq_audit_heads_org_id")),
        schema="app",
    )
    wall_off("audit_seals", ADD_ONLY)
    wall_off("audit_heads", ("SELECT", "INSERT", "UPDATE"))
    op.execute(
        "CREATE TRIGGER add_only BEFORE UPDATE OR DELETE ON app.audit_seals"
        " FOR EACH ROW EXECUTE FUNCTION app.refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON app.audit_seals"
        " FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change()"
    )


def belongs_to_organisation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["org_id"],
        ["app.organisations.id"],
        name=op.f(f"fk_{table}_org_id"),
        initially="DEFERRED",
        deferrable=True,
    )
