"""The API may found the first organisation of an installation."""

from maintainuk.infrastructure.migrations.walls import APP, let

revision = "2026_11_23_0017"
down_revision = "2026_11_23_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("organisations", "identities", "memberships"):
        let(APP, table, ("INSERT",))
