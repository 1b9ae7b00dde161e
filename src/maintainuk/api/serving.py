"""The server around the API: one process, one event loop."""

import socket

import uvicorn
from fastapi import FastAPI

from maintainuk.api.connection import Connection
from maintainuk.settings import Settings

GRACE = 10
"""Seconds that requests have to end when the server is to stop."""

BACKLOG = 2048


class Server(uvicorn.Server):
    """Serves the API until it is told to stop."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self.app = app
        super().__init__(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                loop="uvloop",
                http=Connection,
                ws="none",
                lifespan="on",
                backlog=BACKLOG,
                proxy_headers=False,
                server_header=False,
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=GRACE,
            )
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving, but end the live streams first: they never end by themselves."""
        await self.app.state.services.live.close()
        await super().shutdown(sockets)
