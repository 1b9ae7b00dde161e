"""The router every feature uses."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from maintainuk.api.cache import Recalled, remember
from maintainuk.api.idempotency import AlreadyAnswered, claim_of
from maintainuk.api.preconditions import NotModified


class Route(APIRoute):
    """One operation of the API, which knows the answers it has already given."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request: at its end the unit of work is still open, and commits after it."""
        handle = super().get_route_handler()

        async def handle_or_know(request: Request) -> Response:
            try:
                answer = await handle(request)
            except (AlreadyAnswered, NotModified, Recalled) as known:
                return known.answer
            if (claim := claim_of(request)) is not None:
                await claim.keep(answer)
            elif "remember" in request.scope:
                await remember(request, answer)
            return answer

        return handle_or_know


class Router(APIRouter):
    """A feature's operations: `Router(prefix="/api/v1/tickets", tags=["tickets"])`."""

    def __init__(self, *, prefix: str = "", tags: list[str] | None = None) -> None:
        super().__init__(prefix=prefix, tags=list(tags or ()), route_class=Route)
