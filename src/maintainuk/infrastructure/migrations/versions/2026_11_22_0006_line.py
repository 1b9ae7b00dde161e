"""The outbox's line of waiting jobs, by organisation, so that a claim can give each its turn."""

from alembic import op

revision = "2026_11_22_0006"
down_revision = "2026_11_22_0005"
branch_labels = None
depends_on = None

PENDING = "status = 'pending'"


def upgrade() -> None:
    op.create_index(
        "ix_outbox_messages_line",
        "outbox_messages",
        ["priority", "org_id", "available_at", "seq"],
        schema="app",
        postgresql_where=PENDING,
    )
    op.drop_index("ix_outbox_messages_due", "outbox_messages", schema="app")
