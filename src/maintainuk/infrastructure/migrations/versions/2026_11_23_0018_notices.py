"""What an organisation tells everybody, and an organisation that says itself what it is called."""

import sqlalchemy as sa
from alembic import op

from maintainuk.infrastructure.migrations.walls import APP, let

revision = "2026_11_23_0018"
down_revision = "2026_11_23_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("privacy_notice", "accessibility_statement"):
        op.add_column("organisation_settings", sa.Column(name, sa.Text(), nullable=True), schema="app")
    let(APP, "organisations", ("UPDATE (name, phone, nation)",))
