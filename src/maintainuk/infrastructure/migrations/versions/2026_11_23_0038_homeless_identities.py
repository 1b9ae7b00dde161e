"""A way in that leads nowhere any more is forgotten: with the last membership goes the identity, once somebody sweeps."""

from maintainuk.infrastructure.migrations.walls import WORKER, let

revision = "2026_11_23_0038"
down_revision = "2026_11_23_0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    let(WORKER, "memberships", ("SELECT (identity_id)",))
    let(WORKER, "identities", ("SELECT (id)", "DELETE"))
    let(WORKER, "sessions", ("SELECT (identity_id)",))
    for table in ("second_factors", "recovery_codes"):
        let(WORKER, table, ("SELECT (identity_id)", "DELETE"))
