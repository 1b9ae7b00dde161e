"""What a person decided about a copy of somebody's data before it goes out, and when it was let go."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_0028"
down_revision = "2026_11_23_0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("privacy_requests", sa.Column("review", sa.LargeBinary(), nullable=True), schema="app")
    op.add_column("privacy_requests", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True), schema="app")
