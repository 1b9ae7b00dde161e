"""Sealed as well: access notes, letters of the embedded mailbox, answers given once, addresses of those who sign in."""

import sqlalchemy as sa
from alembic import op

from maintainuk.domain.sealing import Spelling
from maintainuk.infrastructure.migrations.sealing import move_sealed, seal

revision = "2026_11_23_0010"
down_revision = "2026_11_23_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    seal("reports", ("access_notes",))
    letter = ("recipient", "subject", "html", "text")
    seal("mailbox_messages", letter, required=letter)
    seal("idempotency_keys", ("body",))

    op.add_column("users", sa.Column("email_index", sa.LargeBinary(), nullable=True), schema="app")
    op.drop_constraint("uq_users_org_id_email", "users", schema="app")
    seal("users", ("email",), required=("email",), found_by={"email_index": ("email", Spelling.EMAIL)})
    op.create_index("uq_users_email", "users", ["org_id", "email_index"], unique=True, schema="app")

    op.add_column("timeline_events", sa.Column("private", sa.LargeBinary(), nullable=True), schema="app")
    move_sealed("timeline_events", "body", "private", where="kind = 'contact_left'")
