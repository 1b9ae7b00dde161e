"""What the worker counts, and where Prometheus reads it.

The worker answers scrapes itself: only its role may see the outbox of all organisations, and a worker that is gone
shows as a target that is down.
"""

import structlog
from prometheus_client import Counter, Gauge, Histogram, start_http_server

from maintainuk.domain.ports import Backlog

_LATENCY = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200)

WAIT = Histogram("maintainuk_job_wait_seconds", "From due to started.", ["job"], buckets=_LATENCY)
RUN = Histogram("maintainuk_job_run_seconds", "From started to ended.", ["job"], buckets=_LATENCY)
OUTCOMES = Counter("maintainuk_jobs_total", "Attempts by how they ended.", ["job", "outcome"])
IN_FLIGHT = Gauge("maintainuk_jobs_in_flight", "Jobs running now.")
DEPTH = Gauge("maintainuk_queue_depth", "Jobs that are due (pending) or dead (failed, unknown).", ["job", "status"])
OLDEST = Gauge("maintainuk_queue_oldest_age_seconds", "Age of the oldest job that is due.", ["job"])
FREED = Counter("maintainuk_jobs_freed_total", "Jobs taken back from workers that died or froze.")

log = structlog.get_logger("maintainuk.worker")


def serve(host: str, port: int) -> None:
    """Answer scrapes; a port that is taken costs the metrics, not the worker."""
    try:
        start_http_server(port, host)
    except OSError as error:
        log.warning("Metrics are not served", port=port, error=error.strerror)


def show_backlog(backlog: list[Backlog]) -> None:
    """Replace what is shown of the queue."""
    DEPTH.clear()
    OLDEST.clear()
    for part in backlog:
        DEPTH.labels(part.type, part.status).set(part.count)
        if part.status == "pending":
            OLDEST.labels(part.type).set(part.oldest_age)
