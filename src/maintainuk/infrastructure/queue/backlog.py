"""What waits in the outbox, counted for metrics: never on the line that claims and renews, which must not wait."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from maintainuk.domain.ports import Backlog

# Two questions, since each has a partial index that leaves all that was completed out.
BACKLOG = text("""
    SELECT type, status, count(*) AS count, extract(epoch FROM now() - min(available_at))::float8 AS oldest_age
    FROM app.outbox_messages WHERE status = 'pending' AND available_at <= now() GROUP BY type, status
    UNION ALL
    SELECT type, status, count(*) AS count, extract(epoch FROM now() - min(available_at))::float8 AS oldest_age
    FROM app.outbox_messages WHERE status IN ('failed', 'unknown') GROUP BY type, status
""")


async def backlog(connection: AsyncConnection) -> list[Backlog]:
    """Count what is due or dead, of all organisations; the price of a scrape."""
    return [Backlog(**row) for row in (await connection.execute(BACKLOG)).mappings()]
