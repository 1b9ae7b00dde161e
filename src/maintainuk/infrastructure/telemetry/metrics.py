"""What the product counts about itself, in Prometheus' words. The API and the worker share the registry's shape."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from maintainuk import __version__

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)

Reading = Callable[[], float]


class Metrics:
    """The registry of one process. Its owner adds what it counts: `metrics.registry` takes any Prometheus metric."""

    def __init__(self, process: str) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        Info("maintainuk_build", "What is running.", registry=self.registry).info(
            {"version": __version__, "process": process}
        )

    def reading(self, name: str, meaning: str, read: Reading, **labels: str) -> None:
        """Add a gauge that is read when somebody asks."""
        self.registry.register(_Reading(name, meaning, read, labels))

    def text(self) -> bytes:
        """Return everything as Prometheus reads it."""
        return generate_latest(self.registry)


class RequestMetrics:
    """How many requests, how they ended and how long they took, by route template: never by address or person."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.in_flight = Gauge("maintainuk_http_requests_in_flight", "Requests being answered.", registry=registry)
        self._seconds = Histogram(
            "maintainuk_http_request_seconds",
            "Time from a request's first byte to its answer's last.",
            ("method", "route", "status"),
            buckets=SECONDS,
            registry=registry,
        )
        self._errors = Counter(
            "maintainuk_http_errors", "Answers that say the server failed.", ("route",), registry=registry
        )
        self._children: dict[tuple[str, str, int], Histogram] = {}

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        key = (method, route, status)
        if (child := self._children.get(key)) is None:
            child = self._children[key] = self._seconds.labels(method, route, str(status))
        child.observe(seconds)
        if status >= 500:  # noqa: PLR2004  (HTTP's own border)
            self._errors.labels(route).inc()


class _Reading(Collector):
    def __init__(self, name: str, meaning: str, read: Reading, labels: dict[str, str]) -> None:
        self._name, self._meaning, self._read, self._labels = name, meaning, read, labels

    def collect(self) -> Iterable[Metric]:
        family = GaugeMetricFamily(self._name, self._meaning, labels=list(self._labels))
        family.add_metric(list(self._labels.values()), self._read())
        return [family]
