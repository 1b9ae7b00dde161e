"""Nothing under /api/v1 answers a stranger, whatever a route may have forgotten to ask."""

from starlette.types import ASGIApp, Receive, Scope, Send

from maintainuk.api.errors import failure
from maintainuk.domain.errors import NotSignedIn

WALLED = "/api/"
OPEN = frozenset({"/api/v1/openapi.json"})
"""The API's description: in the public repository anyway."""
FOR_LINKS = ("/api/v1/reports", "/api/v1/links/entry", "/api/v1/links/visit")
"""The tenants' side, where a link lets people in and not an account; each of its routes says what it asks for."""

OPEN_BELOW = ("/api/v1/photos/", "/api/v1/document-pages/")
"""Photos and pages show a signature of their own: an `<img>` sends no token."""


class Authorization:
    """Refuse requests without claims; what the claims' person may do is decided by the route's own permission."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == "http"
            and scope["path"].startswith(WALLED)
            and "claims" not in scope
            and "key" not in scope
            and scope["path"] not in OPEN
            and not scope["path"].startswith(FOR_LINKS)
            and not scope["path"].startswith(OPEN_BELOW)
        ):
            await failure(NotSignedIn(), scope)(scope, receive, send)
            return
        await self.app(scope, receive, send)
