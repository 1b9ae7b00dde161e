"""Who is asking. Whether they may is decided where the work begins."""

from contextlib import suppress

from starlette.types import ASGIApp, Receive, Scope, Send

from maintainuk.bootstrap import Services
from maintainuk.domain.errors import NotSignedIn
from maintainuk.infrastructure.security.api_keys import PREFIX
from maintainuk.infrastructure.telemetry import trail

SCHEME = b"bearer "
ASKED_WHO = ("/api/", "/auth/switch", "/auth/invitation/acceptance")


class Authentication:
    """Verify the bearer token, if there is one, and put its claims in the scope. The database is not asked."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app = app
        self.verify = services.tokens.verify
        self.read_key = services.api_keys.read

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == "http"
            and scope["path"].startswith(ASKED_WHO)
            and (shown := scope["header"].get(b"authorization", b""))[:7].lower() == SCHEME
        ):
            text = shown[7:].decode("latin-1").strip()
            if text.startswith(PREFIX):
                if (key := self.read_key(text)) is not None:
                    scope["key"] = key
                    if (step := trail.current()) is not None:
                        step.org_id = key.org_id
                await self.app(scope, receive, send)
                return
            with suppress(NotSignedIn):  # without claims the next layer refuses
                claims = self.verify(text)
                scope["claims"] = claims
                if (step := trail.current()) is not None:
                    step.org_id, step.user_id = claims.org_id, claims.user_id
        await self.app(scope, receive, send)
