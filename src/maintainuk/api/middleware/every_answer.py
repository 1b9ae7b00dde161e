"""What no answer leaves without: its trace id, the headers that keep browsers safe, a log line and its figures."""

from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maintainuk.api.errors import MethodNotAllowed, failure
from maintainuk.application.links import path_of
from maintainuk.bootstrap import Services
from maintainuk.domain.errors import DomainError
from maintainuk.domain.links import LinkPurpose
from maintainuk.infrastructure.telemetry import trail
from maintainuk.infrastructure.telemetry.metrics import RequestMetrics

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""TRACE would echo the request's credentials; nothing here takes the others."""

SAFE_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
SHOWS_NOTHING = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
NOT_KEPT = (b"cache-control", b"no-store")
STRICTLY_HTTPS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")

QUIET = frozenset({"/health", "/health/ready", "/metrics"})
"""Asked by machines every few seconds: counted, not logged, unless they fail."""

UNMATCHED = "(no route)"
POSTERS = path_of(LinkPurpose.HOME, "")
"""Paths that hold a poster's code."""
FAILED = 500

log = structlog.get_logger("maintainuk.api")


class EveryAnswer:
    """The outermost layer. Whatever happens inside, one complete answer leaves, and is accounted for."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app = app
        self.metrics = RequestMetrics(services.metrics.registry)
        self.trusted_proxies = services.settings.trusted_proxies
        self.headers = (*SAFE_HEADERS, STRICTLY_HTTPS) if services.settings.is_https else SAFE_HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        # Read once here for all layers; of a repeated header the last one counts.
        headers = scope["header"] = dict(scope["headers"])
        if self.trusted_proxies:
            scope["client"] = (believed_address(scope, self.trusted_proxies), 0)
        step = trail.set_out(headers.get(b"traceparent"))
        trail.forget_words(path=POSTERS if scope["path"].startswith(POSTERS) else None)
        status, size = 0, 0

        async def send_completed(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._completed(message["headers"], step.trace_id)
            else:
                size += len(message.get("body", b""))
            await send(message)

        self.metrics.in_flight.inc()
        try:
            if refusal := _refused(scope):
                await failure(refusal, scope)(scope, receive, send_completed)
            else:
                await self.app(scope, receive, send_completed)
        except Exception as error:
            if status:  # too late for another answer: the server closes the connection
                raise
            await failure(error, scope)(scope, receive, send_completed)
        finally:
            self.metrics.in_flight.dec()
            self._account(scope, status, size, perf_counter() - began)

    def _completed(self, headers: list[tuple[bytes, bytes]], trace_id: str) -> list[tuple[bytes, bytes]]:
        names = {name for name, _ in headers}
        kept = (header for header in self.headers if header[0] not in names)
        completed = [*headers, *kept, (b"x-trace-id", trace_id.encode())]
        if b"content-security-policy" not in names:
            completed.append(SHOWS_NOTHING)
        if b"cache-control" not in names:
            completed.append(NOT_KEPT)
        return completed

    def _account(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path_format", UNMATCHED)
        self.metrics.answered(scope["method"] if scope["method"] in METHODS else "other", route, status, seconds)
        if scope["path"] in QUIET and 0 < status < FAILED:
            return
        tell = log.error if status >= FAILED else log.info
        tell(
            "answered",
            method=scope["method"],
            route=route,
            status=status or "gone",
            duration_ms=round(seconds * 1000, 1),
            bytes_out=size,
        )


def _refused(scope: Scope) -> DomainError | None:
    """Return why no layer need look at the request: `connection.py` may have found that it is none."""
    if "refused" in scope:
        refusal: DomainError = scope["refused"]
        return refusal
    return None if scope["method"] in METHODS else MethodNotAllowed()


def believed_address(scope: Scope, trusted_proxies: int) -> str:
    """Return where a request comes from: the entry that the outermost trusted proxy appended, whatever stands before.

    With no trusted proxy it is the connection's own address, and nobody reads `X-Forwarded-For`.
    """
    hops: list[str] = [
        hop.strip()
        for name, value in scope["headers"]
        if name == b"x-forwarded-for"
        for hop in value.decode("latin-1").split(",")
    ]
    if hops:
        return hops[-min(trusted_proxies, len(hops))]
    peer: tuple[str, int] = scope.get("client") or ("", 0)
    return peer[0]
