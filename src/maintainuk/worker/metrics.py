"""What the worker counts, and where Prometheus reads it.

The worker answers scrapes itself: only its role may see the outbox of all organisations, and a worker that is gone
shows as a target that is down.
"""

import structlog
from prometheus_client import Counter, Gauge, Histogram, start_http_server

from maintainuk.domain.ports import Backlog
from maintainuk.infrastructure.telemetry.metrics import Metrics

log = structlog.get_logger("maintainuk.worker")

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0)


class JobMetrics:
    """How long jobs wait and run, how they end, and what is left to do; by job, never by person or organisation."""

    def __init__(self) -> None:
        self._metrics = Metrics("worker")
        registry = self._metrics.registry
        self.wait = Histogram(
            "maintainuk_job_wait_seconds", "From due to started.", ("job",), buckets=SECONDS, registry=registry
        )
        self.run = Histogram(
            "maintainuk_job_run_seconds", "From started to ended.", ("job",), buckets=SECONDS, registry=registry
        )
        self.outcomes = Counter(
            "maintainuk_job_attempts", "Attempts by how they ended.", ("job", "outcome"), registry=registry
        )
        self.in_flight = Gauge("maintainuk_jobs_in_flight", "Jobs running now.", registry=registry)
        self.freed = Counter(
            "maintainuk_jobs_freed", "Jobs taken back from workers that died or froze.", registry=registry
        )
        self._depth = Gauge(
            "maintainuk_queue_depth",
            "Jobs that are due (pending) or lie dead (failed, unknown).",
            ("job", "status"),
            registry=registry,
        )
        self._oldest = Gauge(
            "maintainuk_queue_oldest_age_seconds", "For how long the oldest has been due.", ("job",), registry=registry
        )

    def show(self, backlog: list[Backlog]) -> None:
        """Replace what is shown of the queue."""
        self._depth.clear()
        self._oldest.clear()
        for part in backlog:
            self._depth.labels(part.type, part.status).set(part.count)
            if part.status == "pending":
                self._oldest.labels(part.type).set(part.oldest_age)

    def serve(self, host: str, port: int) -> None:
        """Answer scrapes; a port that is taken costs the metrics, not the worker."""
        try:
            start_http_server(port, host, registry=self._metrics.registry)
        except OSError as error:
            log.warning("Metrics are not served: the port is taken", port=port, error=type(error).__name__)
