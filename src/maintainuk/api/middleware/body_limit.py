"""No request may fill the memory."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maintainuk.api.errors import TooLarge
from maintainuk.api.wording import size_in_words
from maintainuk.bootstrap import Services


class BodyLimit:
    """Count a body while it streams in, whatever its Content-Length promised; `awaits_body` says that it still does."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app = app
        self.limit = services.settings.body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (
            b"transfer-encoding" in scope["header"] or scope["header"].get(b"content-length", b"0") != b"0"
        ):
            await self.app(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            scope["awaits_body"] = True
            message = await receive()
            scope["awaits_body"] = False
            received += len(message.get("body", b""))
            if received > self.limit:
                raise TooLarge(limit=size_in_words(self.limit))
            return message

        promised = scope["header"].get(b"content-length", b"0")
        if promised.isdigit() and int(promised[:20]) > self.limit:
            raise TooLarge(limit=size_in_words(self.limit))
        await self.app(scope, receive_counted, send)
