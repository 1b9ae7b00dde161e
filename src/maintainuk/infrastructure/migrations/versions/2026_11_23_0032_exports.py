"""Everything an organisation owns as one file, from the wish until a day after it was made."""

import sqlalchemy as sa
from alembic import op

from maintainuk.infrastructure.migrations.walls import wall_off
from maintainuk.infrastructure.migrations.words import let_hold

revision = "2026_11_23_0032"
down_revision = "2026_11_23_0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("file_key", sa.LargeBinary(), nullable=True),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('making', 'ready', 'failed', 'cancelled', 'gone')", name=op.f("ck_exports_status")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "asked_by"],
            ["app.users.org_id", "app.users.id"],
            name=op.f("fk_exports_org_id_asked_by"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_exports")),
        schema="app",
    )
    op.create_index(op.f("ix_exports_org_id_asked_at"), "exports", ["org_id", "asked_at"], schema="app")
    op.create_index(
        "uq_exports_making",
        "exports",
        ["org_id"],
        unique=True,
        schema="app",
        postgresql_where=sa.text("status = 'making'"),
    )
    wall_off("exports")
    let_hold("messages", "template", "export-asked")
