"""How an organisation looks to its tenants."""

import sqlalchemy as sa
from alembic import op

from maintainuk.infrastructure.migrations.walls import APP, let

revision = "2026_11_23_0031"
down_revision = "2026_11_23_0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("colour", "logo"):
        op.add_column("organisations", sa.Column(name, sa.Text(), nullable=True), schema="app")
    let(APP, "organisations", ("UPDATE (colour, logo)",))
