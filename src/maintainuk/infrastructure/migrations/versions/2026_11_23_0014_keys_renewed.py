"""The worker may seal anew what stands in stories, which nobody else changes; and searches say how little they find.

PostgreSQL expects a thousand rows of a function, and then reads whole tables beside it.
"""

from alembic import op

from maintainuk.infrastructure.migrations.walls import WORKER, let

revision = "2026_11_23_0014"
down_revision = "2026_11_23_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    let(WORKER, "timeline_events", ("UPDATE (private)",))
    op.execute("SET LOCAL ROLE maintainuk_search")
    op.execute("ALTER FUNCTION app.search_people(bigint[], integer) ROWS 20")
    op.execute("ALTER FUNCTION app.search_units(text, integer) ROWS 20")
    op.execute("RESET ROLE")
