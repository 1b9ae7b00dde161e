"""No request may fill the memory, and none may take for ever to say what it wants."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maintainuk.api.errors import TooLarge, TooSlow
from maintainuk.api.middleware.allowances import allowance_of
from maintainuk.api.wording import size_in_words
from maintainuk.bootstrap import Services


class BodyLimit:
    """Count a body while it streams in, whatever its Content-Length promised; `awaits_body` says that it still does.

    A file may be larger, and take longer.
    """

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
                raise TooSlow from None

        async def receive_counted() -> Message:
            nonlocal received, is_whole
            scope["awaits_body"] = not is_whole
            message = await receive_in_time()
            scope["awaits_body"] = False
            received += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if received > limit:
                raise TooLarge(limit=size_in_words(limit))
            return message

        promised = scope["header"].get(b"content-length", b"0")
        if promised.isdigit() and int(promised[:20]) > limit:
            raise TooLarge(limit=size_in_words(limit))
        await self.app(scope, receive_counted, send)
