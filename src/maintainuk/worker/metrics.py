"""What the worker counts, and where Prometheus reads it.

The worker answers scrapes itself: only its role may see the outbox of all organisations, and a worker that is gone
shows as a target that is down.
"""

import hmac
from collections.abc import Iterable
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from prometheus_client import Counter, Gauge, Histogram, make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer
from pydantic import SecretStr

from maintainuk.domain.ports import Backlog
from maintainuk.infrastructure.telemetry.metrics import Metrics

log = structlog.get_logger("maintainuk.worker")

LOOPBACK = "127.0.0.1"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0)


class JobMetrics:
    """How long jobs wait and run, how they end, and what is left to do; by job, never by person or organisation."""

    def __init__(self) -> None:
        self._metrics = Metrics("worker")
        registry = self._metrics.registry
        self._app: WSGIApplication = make_wsgi_app(registry)
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

    def serve(self, port: int, *, host: str, token: SecretStr | None, is_demo: bool) -> WSGIServer | None:
        """Answer scrapes: with a token on `host`, to whoever shows it; without one on loopback, and in demo mode only.

        A port that is taken, or a token that is missing, costs the metrics and not the worker.
        """
        if token is None and not is_demo:
            log.warning("Metrics are not served: live mode needs MAINTAINUK_METRICS_TOKEN")
            return None
        try:
            server = make_server(
                host if token else LOOPBACK, port, _asking(token, self._app), ThreadingWSGIServer, _Silent
            )
        except OSError as error:
            log.warning("Metrics are not served: the port is taken", port=port, error=type(error).__name__)
            return None
        Thread(target=server.serve_forever, name="metrics", daemon=True).start()
        return server


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Write no line for a scrape."""


def _asking(token: SecretStr | None, app: WSGIApplication) -> WSGIApplication:
    """Return the application behind a question for the token, if there is one."""
    if token is None:
        return app
    expected = f"Bearer {token.get_secret_value()}".encode()

    def asking(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # WSGI hands a header's bytes over as Latin-1.
        if not hmac.compare_digest(environ.get("HTTP_AUTHORIZATION", "").encode("latin-1"), expected):
            start_response("404 Not Found", [("Content-Length", "0")])
            return []
        return app(environ, start_response)

    return asking
