"""Which names the product answers to while anybody may sign in with one click."""

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from maintainuk.api.errors import Malformed, failure
from maintainuk.bootstrap import Services
from maintainuk.settings import LOOPBACK


class KnownHosts:
    """In demo mode, answer to this machine's own names only.

    A page elsewhere could make its name point to this machine (DNS rebinding); the browser would then take it for our
    own and show it everything.
    """

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app = app
        self.names = LOOPBACK | {urlsplit(services.settings.address).hostname} if services.settings.is_demo else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.names and (host := scope["header"].get(b"host")):
            try:
                name = urlsplit(f"//{host.decode('latin-1')}").hostname
            except ValueError:
                name = None
            if name not in self.names:
                await failure(Malformed("host-unknown"), scope)(scope, receive, send)
                return
        await self.app(scope, receive, send)
