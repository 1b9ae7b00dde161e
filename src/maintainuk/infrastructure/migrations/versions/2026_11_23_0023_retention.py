"""How long things are kept, each night's forgetting, and what disputes hold."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from maintainuk.infrastructure.migrations.walls import WORKER, let, wall_off

revision = "2026_11_23_0023"
down_revision = "2026_11_23_0022"
branch_labels = None
depends_on = None

KINDS = ("people", "needs", "tickets", "photos", "advice", "requests")
HELD = {
    "person_id": "people",
    "property_id": "properties",
    "tenancy_id": "tenancies",
    "ticket_id": "maintenance_tickets",
}


def upgrade() -> None:
    op.create_table(
        "retention_rules",
        *_ids(),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=32, schema="app"),
            nullable=False,
        ),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_owned("retention_rules"),
        schema="app",
    )
    op.create_index("uq_retention_rules_kind", "retention_rules", ["org_id", "kind"], unique=True, schema="app")
    op.create_table(
        "retention_runs",
        *_ids(),
        sa.Column("ran_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten", postgresql.JSONB(), nullable=False),
        *_owned("retention_runs"),
        schema="app",
    )
    op.create_index("uq_retention_runs_day", "retention_runs", ["org_id", "ran_on"], unique=True, schema="app")
    op.create_table(
        "legal_holds",
        *_ids(),
        *(sa.Column(column, sa.Uuid(), nullable=True) for column in HELD),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_because", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(person_id, property_id, tenancy_id, ticket_id) = 1", name=op.f("ck_legal_holds_subject")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["org_id", column],
                [f"app.{table}.org_id", f"app.{table}.id"],
                name=op.f(f"fk_legal_holds_org_id_{column}"),
                initially="DEFERRED",
                deferrable=True,
            )
            for column, table in HELD.items()
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_legal_holds")),
        schema="app",
    )
    op.create_index(op.f("ix_legal_holds_org_id_lifted_at"), "legal_holds", ["org_id", "lifted_at"], schema="app")
    for table in ("retention_rules", "retention_runs", "legal_holds"):
        wall_off(table, ("SELECT", "INSERT", "UPDATE"))
    # A story is never rewritten, but its words are taken out of it when their time is over.
    let(WORKER, "timeline_events", ("UPDATE (body)",))


def _ids() -> tuple[sa.Column[object], ...]:
    return (sa.Column("org_id", sa.Uuid(), nullable=False), sa.Column("id", sa.Uuid(), nullable=False))


def _owned(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["org_id"], ["app.organisations.id"], name=op.f(f"fk_{table}_org_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f(f"pk_{table}")),
    )
