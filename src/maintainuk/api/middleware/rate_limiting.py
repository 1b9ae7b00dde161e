"""Everybody's share of the server, said in the standard headers (RateLimit, RateLimit-Policy, Retry-After)."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maintainuk.api.errors import TooManyRequests, failure
from maintainuk.api.rate_limit import WINDOW, RequestLimits
from maintainuk.bootstrap import Services

COUNTED = ("/api/", "/auth/", "/demo/")
"""Files of the clients and the health checks are not counted."""


class RateLimiting:
    """Count the request, refuse one too many, and tell each answer what is left."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app = app
        self.limits = RequestLimits(services.settings, services.shares)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(COUNTED):
            await self.app(scope, receive, send)
            return
        shares = self.limits.take(scope)
        told = [
            (b"ratelimit-policy", ", ".join([f'"{s.kind}";q={s.limit};w={WINDOW}' for s in shares]).encode()),
            (b"ratelimit", ", ".join([f'"{s.kind}";r={max(s.left, 0)};t={s.resets_in}' for s in shares]).encode()),
        ]

        async def send_with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *told]
            await send(message)

        spent = next((share for share in shares if share.left < 0), None)
        if spent is None:
            await self.app(scope, receive, send_with_limits)
            return
        refusal = TooManyRequests(seconds=spent.resets_in, retry_after=spent.resets_in)
        await failure(refusal, scope)(scope, receive, send_with_limits)
