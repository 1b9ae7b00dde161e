"""Which request or job this is: the W3C trace that links a click, its log lines, its jobs and their effects."""

from contextvars import ContextVar
from dataclasses import dataclass
from os import urandom
from re import compile as pattern
from uuid import UUID

from opentelemetry import trace

TRACEPARENT = pattern(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")


@dataclass(slots=True)
class Trail:
    """One step of a trace, and on whose behalf it is taken, once that is known."""

    trace_id: str
    """32 hex digits."""
    span_id: str
    """16 hex digits."""
    flags: str = "01"
    org_id: UUID | None = None
    user_id: UUID | None = None

    @property
    def parent(self) -> str:
        """What the next step is told, as a `traceparent` header."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


_current: ContextVar[Trail | None] = ContextVar("trail", default=None)


def current() -> Trail | None:
    """Return the step being taken now; nothing outside of requests and jobs."""
    return _current.get()


def set_out(trace_parent: bytes | str | None = None) -> Trail:
    """Begin a step: of the trace that OpenTelemetry follows, else of the caller's, else of a new one."""
    if isinstance(trace_parent, bytes):
        trace_parent = trace_parent.decode("latin-1")
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        trail = Trail(f"{span.trace_id:032x}", f"{span.span_id:016x}", f"{span.trace_flags:02x}")
    elif trace_parent and (told := TRACEPARENT.fullmatch(trace_parent)):
        trail = Trail(told[1], urandom(8).hex(), told[2])
    else:
        fresh = urandom(24).hex()
        trail = Trail(fresh[:32], fresh[32:])
    _current.set(trail)
    return trail


def forget_words(*, path: str | None = None) -> None:
    """Blank what the request asked for in its span: people search for people, and traces leave the house.

    path: what is told instead of the path, when that holds a secret.
    """
    span = trace.get_current_span()
    if span.is_recording():
        span.set_attribute("url.query", "")
        if path is not None:
            span.set_attribute("url.path", path)
