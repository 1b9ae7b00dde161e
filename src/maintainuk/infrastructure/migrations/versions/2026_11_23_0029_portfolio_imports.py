"""Imports of homes, tenancies, people and contractors: sealed files, what is wrong with rows, and what can be undone."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from maintainuk.infrastructure.migrations.walls import wall_off

revision = "2026_11_23_0029"
down_revision = "2026_11_23_0028"
branch_labels = None
depends_on = None

KINDS = ("tickets", "homes", "properties", "units", "tenancies", "people", "contractors")
STATES = (
    "uploaded", "checking", "checked", "running", "finished", "failed", "cancelled", "undoing", "undone",
)  # fmt: skip


def upgrade() -> None:
    op.add_column(
        "import_runs", sa.Column("kind", sa.String(32), server_default="tickets", nullable=False), schema="app"
    )
    op.add_column("import_runs", sa.Column("file_key", sa.LargeBinary(), nullable=True), schema="app")
    for counted in ("updated", "undone", "stayed"):
        op.add_column("import_runs", sa.Column(counted, sa.Integer(), server_default="0", nullable=False), schema="app")
    op.execute("ALTER TABLE app.import_runs DROP CONSTRAINT ck_import_runs_status")
    for name, states in (("kind", KINDS), ("status", STATES)):
        told = ", ".join(f"'{state}'" for state in states)
        op.execute(f"ALTER TABLE app.import_runs ADD CONSTRAINT ck_import_runs_{name} CHECK ({name} IN ({told}))")
    _create(
        "import_problems",
        [
            sa.Column("row", sa.Integer(), nullable=False),
            sa.Column("column", sa.Text(), nullable=True),
            sa.Column("reason", sa.Text(), nullable=False),
            sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        ],
        [["org_id", "import_id", "row", "id"]],
    )
    _create(
        "import_made",
        [
            sa.Column("made_in", sa.Text(), nullable=False),
            sa.Column("ids", sa.ARRAY(sa.Uuid()), nullable=False),
        ],
        [["org_id", "import_id"]],
    )
    _create(
        "import_changes",
        [
            sa.Column("changed_in", sa.Text(), nullable=False),
            sa.Column("subject_id", sa.Uuid(), nullable=False),
            sa.Column("before", sa.LargeBinary(), nullable=False),
            sa.Column("left_at", sa.Integer(), nullable=False),
        ],
        [["org_id", "import_id"], ["org_id", "subject_id"]],
    )


def _create(table: str, columns: list[sa.Column[Any]], indexes: list[list[str]]) -> None:
    op.create_table(
        table,
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["org_id", "import_id"],
            ["app.import_runs.org_id", "app.import_runs.id"],
            name=op.f(f"fk_{table}_org_id_import_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f(f"pk_{table}")),
        schema="app",
    )
    for names in indexes:
        op.create_index(op.f(f"ix_{table}_{'_'.join(names)}"), table, names, schema="app")
    wall_off(table)
