"""No request may fill the memory."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maintainuk.bootstrap import Services

TOO_LARGE = 413


class BodyLimit:
    """Count a body while it streams in, whatever its Content-Length promised."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app = app
        self.limit = services.settings.body_limit
        self.words = f"This is too large: a request may hold at most {_in_words(self.limit)}."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (
            b"transfer-encoding" in scope["header"] or scope["header"].get(b"content-length", b"0") != b"0"
        ):
            await self.app(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.limit:
                raise HTTPException(TOO_LARGE, self.words)  # the one kind that FastAPI lets through unchanged
            return message

        promised = scope["header"].get(b"content-length", b"0")
        if promised.isdigit() and int(promised[:20]) > self.limit:
            raise HTTPException(TOO_LARGE, self.words)
        await self.app(scope, receive_counted, send)


def _in_words(size: int) -> str:
    for unit, name in ((1_048_576, "MB"), (1_024, "kB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} bytes"
