"""What no answer leaves without: its trace id."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maintainuk.api.errors import failure
from maintainuk.bootstrap import Services
from maintainuk.infrastructure.telemetry import trail


class EveryAnswer:
    """The outermost layer."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app = app
        self.services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        step = trail.set_out(headers.get(b"traceparent", b"").decode("latin-1"))
        started = False

        async def send_with_trace(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"].append((b"x-trace-id", step.trace_id.encode()))
            await send(message)

        try:
            await self.app(scope, receive, send_with_trace)
        except Exception as error:
            if started:
                raise
            await failure(error)(scope, receive, send_with_trace)
