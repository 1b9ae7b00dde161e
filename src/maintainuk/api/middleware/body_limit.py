"""No request may fill the memory, and none may take for ever to say what it wants."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maintainuk.api.middleware.allowances import allowance_of
from maintainuk.bootstrap import Services

TOO_LARGE = 413
TOO_SLOW = 408


class BodyLimit:
    """Count a body while it streams in, whatever its Content-Length promised; a file may be larger, and take longer."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app = app
        self.limit = services.settings.body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (
            b"transfer-encoding" in scope["header"] or scope["header"].get(b"content-length", b"0") != b"0"
        ):
            await self.app(scope, receive, send)
            return
        allowance = allowance_of(scope)
        limit = allowance.body if allowance else self.limit
        clock = asyncio.get_running_loop().time
        ends = clock() + allowance.seconds if allowance else None
        received = 0
        is_whole = False

        async def receive_in_time() -> Message:
            if allowance is None or ends is None or is_whole:
                return await receive()
            try:
                async with asyncio.timeout_at(min(ends, clock() + allowance.silence)):
                    return await receive()
            except TimeoutError:
                raise HTTPException(TOO_SLOW) from None

        async def receive_counted() -> Message:
            nonlocal received, is_whole
            message = await receive_in_time()
            received += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if received > limit:
                raise _too_large(limit)  # the one kind that FastAPI lets through unchanged
            return message

        promised = scope["header"].get(b"content-length", b"0")
        if promised.isdigit() and int(promised[:20]) > limit:
            raise _too_large(limit)
        await self.app(scope, receive_counted, send)


def _too_large(limit: int) -> HTTPException:
    return HTTPException(TOO_LARGE, f"This is too large: a request may hold at most {_in_words(limit)}.")


def _in_words(size: int) -> str:
    for unit, name in ((1_048_576, "MB"), (1_024, "kB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} bytes"
