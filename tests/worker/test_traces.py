"""One trace from the click to the letter, at a collector that speaks OTLP over HTTP as the real ones do."""

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from maintainuk.bootstrap import Services, WorkerServices
from maintainuk.infrastructure.queue.postgres import PostgresQueue
from maintainuk.settings import Settings
from maintainuk.worker.delivery import Deliveries
from maintainuk.worker.handlers import HANDLERS
from maintainuk.worker.metrics import JobMetrics
from maintainuk.worker.runner import Outcome, Runner
from tests.desk import desk_of
from tests.trial import trial_of
from tests.world import World

CANARY = "Aardvark"


class Collector(ThreadingHTTPServer):
    """Takes what exporters send."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.taken: list[ExportTraceServiceRequest] = []
        self.address = f"http://127.0.0.1:{self.server_port}"

    @property
    def spans(self) -> dict[str, Span]:
        """The spans by the name of their service and their own."""
        return {
            f"{service(resource)}: {span.name}": span
            for request in self.taken
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        }


class Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert (self.path, self.headers["Content-Type"]) == ("/v1/traces", "application/x-protobuf")
        if self.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        self.server.taken.append(ExportTraceServiceRequest.FromString(body))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.end_headers()
        self.wfile.write(ExportTraceServiceResponse().SerializeToString())

    def log_message(self, *_: object) -> None: ...


def service(resource) -> str:
    return next(each.value.string_value for each in resource.resource.attributes if each.key == "service.name")


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as collector:
        Thread(target=collector.serve_forever).start()
        yield collector
        collector.shutdown()


async def keep_promises(settings: Settings) -> list[Outcome]:
    """A worker's life: claim what is due, do it, and go."""
    services = WorkerServices(settings)
    queue = PostgresQueue(settings.worker_dsn, list(HANDLERS))
    runner = Runner(queue, Deliveries(services), HANDLERS, services, JobMetrics())
    outcomes = [await runner.run(job) for job in await queue.claim(10)]
    await queue.close()
    await services.close()
    return outcomes


async def test_one_trace_leads_from_the_request_through_the_outbox_to_the_letter(pristine_settings, collector):
    settings = pristine_settings.model_copy(update={"otlp_endpoint": collector.address})
    world = World(settings)
    async with trial_of(settings) as trial:
        desk = await desk_of(trial, world)
        home = await world.home(desk.org_id, tenant=f"{CANARY} Khan", email=f"{CANARY}@example.com")
        desk.home = home
        reported = await desk.report(title=f"{CANARY} in the loft", description=f"{CANARY}!")
        await desk.get(q=CANARY)
    outcomes = await keep_promises(settings)
    await world.close()

    request, job = (
        collector.spans["maintainuk-api: POST /api/v1/tickets"],
        collector.spans["maintainuk-worker: send-email"],
    )
    assert outcomes == [Outcome.COMPLETED]
    assert request.trace_id.hex() == job.trace_id.hex() == reported.headers["X-Trace-Id"]
    assert job.parent_span_id == request.span_id
    assert "maintainuk-api: GET /api/v1/tickets" in collector.spans
    assert CANARY not in "".join(map(str, collector.taken))


@pytest.mark.parametrize("name", ["MAINTAINUK_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"])
def test_the_collector_is_named_in_our_words_or_in_opentelemetrys(monkeypatch, name):
    monkeypatch.setenv(name, "http://collector.example.com:4318")
    monkeypatch.setenv("MAINTAINUK_SECRET_KEY", "k" * 32)
    monkeypatch.setenv("MAINTAINUK_DATABASE_URL", "postgresql://x:y@db.example.com/zz")

    assert Settings().otlp_endpoint == "http://collector.example.com:4318"


def test_without_a_collector_there_is_nothing_to_pay(settings):
    assert Services(settings).spans.provider is None
    assert WorkerServices(settings).spans.provider is None
