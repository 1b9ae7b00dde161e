"""What an import made is remembered for good, with the row of the log that tells of it: the history of a thing begins there."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_0037"
down_revision = "2026_11_23_0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_made", sa.Column("entry_id", sa.Uuid(), nullable=True), schema="app")
    op.add_column("import_made", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True), schema="app")
    op.add_column("import_runs", sa.Column("undone_by", sa.Uuid(), nullable=True), schema="app")
    op.create_foreign_key(
        op.f("fk_import_runs_org_id_undone_by"),
        "import_runs",
        "users",
        ["org_id", "undone_by"],
        ["org_id", "id"],
        source_schema="app",
        referent_schema="app",
        initially="DEFERRED",
        deferrable=True,
    )
