"""An answer for each failure of an endpoint or its transaction, and within a time."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maintainuk.api.errors import TooSlow, failure
from maintainuk.api.middleware.allowances import allowance_of
from maintainuk.bootstrap import Services

LISTS = frozenset(f"/api/v1/{kind}/export" for kind in ("properties", "people", "contractors"))
STAYS_OPEN = frozenset({"/api/v1/live"}) | LISTS
"""What goes on for as long as somebody listens, or takes a long list along portion by portion."""
HAVE_DEADLINE_BELOW = ("/api/", "/auth/", "/demo/", "/mailbox/")
HAS_DEADLINE = frozenset({"/", "/metrics"})
"""The clients' files have none: somebody far away may take long to load one."""


class Failures:
    """Turn whatever was raised, or took too long, into an answer, unless one is already on its way."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app = app
        self.deadline = services.settings.request_deadline

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_started = False

        async def watched(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        path = scope["path"]
        is_timed = path in HAS_DEADLINE or (path.startswith(HAVE_DEADLINE_BELOW) and path not in STAYS_OPEN)
        allowance = allowance_of(scope)
        deadline = self.deadline + (allowance.seconds if allowance else 0)
        try:
            async with asyncio.timeout(deadline if is_timed else None):
                await self.app(scope, receive, watched)
        except Exception as error:
            if has_started:
                raise
            if isinstance(error, TimeoutError) and scope.get("awaits_body"):
                error = TooSlow()
            await failure(error, scope)(scope, receive, send)
