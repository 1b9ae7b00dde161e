"""Nothing under /api/v1 answers a stranger, whatever a route may have forgotten to ask."""

from starlette.types import ASGIApp, Receive, Scope, Send

from maintainuk.api.errors import failure
from maintainuk.domain.errors import NotSignedIn

WALLED = "/api/"
OPEN = frozenset({"/api/v1/openapi.json", "/api/v1/reports/picker", "/api/v1/reports/dangers"})
"""The API's description and what the portal asks everybody: in the public repository anyway."""

OPEN_BELOW = "/api/v1/photos/"
"""Photos show a signature of their own: an `<img>` sends no token."""


class Authorization:
    """Refuse requests without claims; what the claims' person may do is decided by the route's own permission."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == "http"
            and scope["path"].startswith(WALLED)
            and "claims" not in scope
            and scope["path"] not in OPEN
            and not scope["path"].startswith(OPEN_BELOW)
        ):
            await failure(NotSignedIn("Sign in to go on."))(scope, receive, send)
            return
        await self.app(scope, receive, send)
