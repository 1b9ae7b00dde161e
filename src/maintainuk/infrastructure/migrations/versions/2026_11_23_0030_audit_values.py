"""What sealed columns held before and after a change, beside the audit log."""

import sqlalchemy as sa
from alembic import op

from maintainuk.infrastructure.migrations.walls import wall_off

revision = "2026_11_23_0030"
down_revision = "2026_11_23_0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_values",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("after", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "entry_id"],
            ["app.audit_log.org_id", "app.audit_log.id"],
            name=op.f("fk_audit_values_org_id_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_audit_values")),
        schema="app",
    )
    for column in ("entry_id", "about_id"):
        op.create_index(op.f(f"ix_audit_values_org_id_{column}"), "audit_values", ["org_id", column], schema="app")
    wall_off("audit_values", ("SELECT", "INSERT", "DELETE"))
