"""Whoever is forgotten leaves no way back in: their place in the organisation goes with their name."""

from maintainuk.infrastructure.migrations.walls import APP, WORKER, let

revision = "2026_11_23_0036"
down_revision = "2026_11_23_0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for role in (APP, WORKER):  # what they were asked may have been typed, with their name in it
        let(role, "consents", ("UPDATE (wording)",))
    let(APP, "memberships", ("DELETE",))
    let(WORKER, "memberships", ("SELECT (org_id, user_id)", "DELETE"))
