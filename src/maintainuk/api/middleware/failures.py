"""An answer for each failure of an endpoint or its transaction."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maintainuk.api.errors import failure


class Failures:
    """Turn whatever was raised into an answer, unless one is already on its way."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_started = False

        async def watched(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if has_started:
                raise
            await failure(error)(scope, receive, send)
