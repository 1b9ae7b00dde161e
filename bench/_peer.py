"""The least that could serve the ticket list: Starlette and asyncpg, the same token, wall, seals and answer."""

import os
from typing import Any
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.applications import Starlette
from starlette.datastructures import State
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from maintainuk.domain.sealing import KeyPurpose
from maintainuk.infrastructure.database.sealing import LOOK
from maintainuk.infrastructure.security.sealing import Keys, MasterKeys
from maintainuk.infrastructure.security.tokens import Tokens
from maintainuk.settings import Settings

LIST = """
SELECT t.id, t.number, t.title, t.status, t.priority, t.category, t.property_id, p.address_line, p.town, p.postcode,
       u.label, r.id, r.name, t.owner_id, o.name, t.reported_at, t.updated_at, t.version
FROM app.maintenance_tickets t
JOIN app.properties p ON p.org_id = t.org_id AND p.id = t.property_id
LEFT JOIN app.units u ON u.org_id = t.org_id AND u.id = t.unit_id
LEFT JOIN app.people r ON r.org_id = t.org_id AND r.id = t.reporter_id
LEFT JOIN app.users o ON o.org_id = t.org_id AND o.id = t.owner_id
WHERE t.org_id = $1 ORDER BY t.reported_at DESC, t.id DESC LIMIT $2
"""


def _shown(row: asyncpg.Record, keys: Keys) -> dict[str, Any]:
    (
        ticket_id, number, title, status, priority, category, property_id, address, town, postcode,
        label, reporter_id, reporter, owner_id, owner, reported_at, updated_at, version,
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
        "reporterName": keys.open("people.name", reporter_id, reporter) if reporter else None,
        "owner": {"id": str(owner_id), "name": keys.open("users.name", owner_id, owner)} if owner_id else None,
        "reportedAt": reported_at.isoformat(),
        "updatedAt": updated_at.isoformat(),
        "version": version,
    }


async def list_tickets(request: Request) -> JSONResponse:
    peer = request.app.state
    claims = peer.tokens.verify(request.headers["authorization"].removeprefix("Bearer "))
    async with peer.pool.acquire() as connection, connection.transaction():
        await connection.fetchval("SELECT set_config('app.org_id', $1, true)", str(claims.org_id))
        keys: Keys = peer.keys.get(claims.org_id) or await _learn(peer, connection, claims.org_id)
        rows = await connection.fetch(LIST, claims.org_id, int(request.query_params.get("limit", 50)))
    return JSONResponse({"data": {"items": [_shown(row, keys) for row in rows], "nextCursor": None}, "error": None})


async def _learn(peer: State, connection: asyncpg.Connection, org_id: UUID) -> Keys:
    """Open an organisation's keys once; ours looks every minute whether there are new ones."""
    index, data = b"", {}
    for purpose, version, wrapped, master_version, _ in await connection.fetch(LOOK, org_id):
        key = peer.masters.unwrap(master_version, bytes(wrapped))
        if purpose == KeyPurpose.INDEX:
            index = key
        else:
            data[version] = AESGCM(key)
    keys = Keys(org_id, data, dict.fromkeys(data, 0.0), index)
    peer.keys[org_id] = keys
    return keys


def create_peer() -> Starlette:
    settings = Settings()
    peer = Starlette(routes=[Route("/api/v1/tickets", list_tickets)], lifespan=Pool)
    peer.state.tokens = Tokens(settings)
    peer.state.dsn = settings.app_dsn
    peer.state.masters, peer.state.keys = MasterKeys.of(settings), {}
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
