"""Which organisations were made in a demo, so that the demo knows them again."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_0034"
down_revision = "2026_11_23_0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column: sa.Column[bool] = sa.Column("is_invented", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("organisations", column, schema="app")
