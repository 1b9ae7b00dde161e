"""Traces for a collector (OTLP over HTTP), when the operator names one. Otherwise none of it is even loaded."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from maintainuk import __version__
from maintainuk.domain.ports import ClaimedJob
from maintainuk.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

DEADLINE = 5.0
"""Seconds a collector has to take a batch; the last one keeps a process no longer from its end."""


class Spans:
    """The spans of one process. What they say is ids, routes and outcomes, never a word of anybody's."""

    def __init__(self, settings: Settings, service: str) -> None:
        self.provider = _provider(settings.otlp_endpoint, service) if settings.otlp_endpoint else None

    @contextmanager
    def of_job(self, claimed: ClaimedJob) -> Iterator[Span | None]:
        """Follow one attempt at a job, as a step of the trace that promised it."""
        if self.provider is None:
            yield None
            return
        carrier = {"traceparent": claimed.trace_parent} if claimed.trace_parent else {}
        with self.provider.get_tracer("maintainuk.worker", __version__).start_as_current_span(
            claimed.type,
            context=TraceContextTextMapPropagator().extract(carrier),
            kind=SpanKind.CONSUMER,
            attributes={
                "maintainuk.org_id": str(claimed.org_id),
                "maintainuk.outbox_id": str(claimed.id),
                "maintainuk.attempts": claimed.attempts,
            },
            record_exception=False,  # the text of an error may name people
            set_status_on_exception=False,
        ) as span:
            yield span

    def close(self) -> None:
        """Send what is left. Blocks for `DEADLINE` seconds at most."""
        if self.provider is not None:
            self.provider.shutdown()


def tell_outcome(span: Span | None, outcome: str, *, is_good: bool) -> None:
    """Write down how an attempt ended."""
    if span is not None:
        span.set_attribute("maintainuk.outcome", outcome)
        if not is_good:
            span.set_status(StatusCode.ERROR)


def _provider(endpoint: str, service: str) -> "TracerProvider":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - 6 MB of memory
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - as above
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - as above
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - as above

    resource = Resource.create({"service.name": service, "service.version": __version__})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=DEADLINE)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
