"""The router every feature uses."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from maintainuk.api.idempotency import AlreadyAnswered, claim_of


class Route(APIRoute):
    """One operation of the API. A POST knows the answers it has already given."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request: at its end the unit of work is still open, and commits after it."""
        handle = super().get_route_handler()
        if "POST" not in (self.methods or ()):
            return handle

        async def handle_once(request: Request) -> Response:
            try:
                answer = await handle(request)
            except AlreadyAnswered as known:
                return known.answer
            if (claim := claim_of(request)) is not None:
                await claim.keep(answer)
            return answer

        return handle_once


class Router(APIRouter):
    """A feature's operations: `Router(prefix="/api/v1/tickets", tags=["tickets"])`."""

    def __init__(self, *, prefix: str = "", tags: list[str] | None = None) -> None:
        super().__init__(prefix=prefix, tags=list(tags or ()), route_class=Route)
