"""One client's connection, from whose side even what is no request gets a complete answer."""

from asyncio import Event
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from maintainuk.api.errors import HeadTooLarge, Malformed
from maintainuk.api.wording import size_in_words
from maintainuk.domain.errors import DomainError

LONGEST_HEAD = 65_536
"""Bytes that a request's address and headers may have together."""


class Connection(HttpToolsProtocol):
    """Answers what cannot be read, or never ends, as the API answers everything else: `every_answer.py` completes it.

    uvicorn alone would send a line of plain text, and keep a header in memory however long it grows.
    """

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401  (as uvicorn calls it)
        super().__init__(*given, **named)
        self._unfinished = 0
        self._is_refused = False

    def data_received(self, data: bytes) -> None:
        """Take in what has arrived."""
        if self._is_refused:
            return
        self._unfinished += len(data)
        super().data_received(data)
        if self._unfinished > LONGEST_HEAD and not self._is_refused:
            self._refuse(_too_large())

    def on_headers_complete(self) -> None:
        """Have the request answered. A head that came in one piece is measured here."""
        self._unfinished = 0
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > LONGEST_HEAD:
            self.url = b"/"
            self.scope["refused"] = _too_large()  # type: ignore[typeddict-unknown-key]
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass on a part of the body, which `body_limit.py` counts."""
        self._unfinished = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Reach the end of a request."""
        self._unfinished = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  (uvicorn's own words)
        """Answer what is no request; so uvicorn calls it."""
        self._refuse(Malformed())

    def _refuse(self, refusal: DomainError) -> None:
        """Give this refusal as the last answer on the connection, after those that are still being worked out."""
        self._is_refused = True
        before = self.cycle
        self.on_message_begin()
        scope = cast("dict[str, Any]", self.scope)
        scope.update(method="?", path="/", raw_path=b"/", query_string=b"", refused=refusal)
        self.cycle = RequestResponseCycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=Event(),
            expect_100_continue=False,
            keep_alive=False,
            on_response=self.on_response_complete,
        )
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        elif not before.more_body:
            self.pipeline.appendleft((self.cycle, self.app))
        elif before.response_started:
            self.transport.close()
        else:  # its body broke off: there is nothing left to answer but that
            before.disconnected = True
            before.message_event.set()
            self._start_asgi_task(self.cycle, self.app)


def _too_large() -> HeadTooLarge:
    return HeadTooLarge(limit=size_in_words(LONGEST_HEAD))
