"""The least that could serve the ticket list: Starlette and asyncpg, the same token, wall, statement and answer."""

import os
from typing import Any

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from maintainuk.infrastructure.security.tokens import Tokens
from maintainuk.settings import Settings

LIST = """
SELECT t.id, t.number, t.title, t.status, t.priority, t.category, t.property_id, p.address_line, p.town, p.postcode,
       u.label, r.name, t.owner_id, o.name, t.reported_at, t.updated_at, t.version
FROM app.maintenance_tickets t
JOIN app.properties p ON p.org_id = t.org_id AND p.id = t.property_id
LEFT JOIN app.units u ON u.org_id = t.org_id AND u.id = t.unit_id
LEFT JOIN app.people r ON r.org_id = t.org_id AND r.id = t.reporter_id
LEFT JOIN app.users o ON o.org_id = t.org_id AND o.id = t.owner_id
WHERE t.org_id = $1 ORDER BY t.reported_at DESC, t.id DESC LIMIT $2
"""


def _shown(row: asyncpg.Record) -> dict[str, Any]:
    (
        ticket_id, number, title, status, priority, category, property_id, address, town, postcode,
        label, reporter, owner_id, owner, reported_at, updated_at, version,
    ) = row  # fmt: skip
    return {
        "id": str(ticket_id),
        "reference": f"T-{number}",
        "title": title,
        "status": status,
        "priority": priority,
        "category": category,
        "property": {"id": str(property_id), "address": f"{address}, {town}", "postcode": postcode},
        "unitLabel": label,
        "reporterName": reporter,
        "owner": {"id": str(owner_id), "name": owner} if owner_id else None,
        "reportedAt": reported_at.isoformat(),
        "updatedAt": updated_at.isoformat(),
        "version": version,
    }


async def list_tickets(request: Request) -> JSONResponse:
    peer = request.app.state
    claims = peer.tokens.verify(request.headers["authorization"].removeprefix("Bearer "))
    async with peer.pool.acquire() as connection, connection.transaction():
        await connection.fetchval("SELECT set_config('app.org_id', $1, true)", str(claims.org_id))
        rows = await connection.fetch(LIST, claims.org_id, int(request.query_params.get("limit", 50)))
    return JSONResponse({"data": {"items": [_shown(row) for row in rows], "nextCursor": None}, "error": None})


def create_peer() -> Starlette:
    settings = Settings()
    peer = Starlette(routes=[Route("/api/v1/tickets", list_tickets)], lifespan=Pool)
    peer.state.tokens = Tokens(settings)
    peer.state.dsn = settings.app_dsn
    return peer


class Pool:
    def __init__(self, peer: Starlette) -> None:
        self.peer = peer

    async def __aenter__(self) -> None:
        # Without the reset that a pool does by default: SQLAlchemy's does none either after a clean transaction.
        self.peer.state.pool = await asyncpg.create_pool(
            self.peer.state.dsn, max_size=10, server_settings={"jit": "off"}, reset=_leave_as_it_is
        )

    async def __aexit__(self, *_: object) -> None:
        await self.peer.state.pool.close()


async def _leave_as_it_is(_: asyncpg.Connection) -> None:
    return None


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(
        create_peer(), host="127.0.0.1", port=int(os.environ["PEER_PORT"]), loop="uvloop", http="httptools",
        access_log=False, log_config=None,
    )  # fmt: skip
