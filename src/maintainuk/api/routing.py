"""The router every feature uses."""

from fastapi import APIRouter
from fastapi.routing import APIRoute


class Route(APIRoute):
    """One operation of the API."""


class Router(APIRouter):
    """A feature's operations: `Router(prefix="/api/v1/tickets", tags=["tickets"])`."""

    def __init__(self, *, prefix: str = "", tags: list[str] | None = None) -> None:
        super().__init__(prefix=prefix, tags=list(tags or ()), route_class=Route)
