"""The router every feature uses."""

from collections.abc import Callable, Coroutine
from collections.abc import Set as AbstractSet
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import Query
from fastapi.routing import APIRoute

from maintainuk.api.cache import Recalled, remember
from maintainuk.api.errors import UnsupportedMediaType
from maintainuk.api.idempotency import AlreadyAnswered, claim_of
from maintainuk.api.preconditions import NotModified
from maintainuk.api.wording import mistake
from maintainuk.domain.errors import Reason

STRICT = "/api/"
"""Where a parameter in the address that nobody reads is refused: a filter with a typing error would not filter."""


class Route(APIRoute):
    """One operation of the API, which knows the answers it has already given."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request: at its end the unit of work is still open, and commits after it."""
        handle = super().get_route_handler()
        parameters = {one.alias for one in get_flat_params(self.dependant) if isinstance(one.field_info, Query)}

        async def handle_or_know(request: Request) -> Response:
            if self.path.startswith(STRICT):
                _refuse_unknown(request, parameters)
            if self.body_field is not None:
                _refuse_other_than_json(request)
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


def _refuse_unknown(request: Request, parameters: AbstractSet[str]) -> None:
    if not request.scope["query_string"] or not (unknown := request.query_params.keys() - parameters):
        return
    known = ", ".join(sorted(parameters))
    wrong = mistake(Reason("parameter-unknown", known=known) if known else Reason("parameter-unknown-here"))
    raise RequestValidationError(
        [{"type": wrong.type, "loc": ("query", name), "ctx": wrong.context} for name in sorted(unknown)]
    )


def _refuse_other_than_json(request: Request) -> None:
    """Refuse a body that is not said to be JSON; whether there must be one is for the route's shape to say."""
    headers = request.headers
    if "transfer-encoding" not in headers and headers.get("content-length", "0") == "0":
        return
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise UnsupportedMediaType
