"""Figures for Prometheus. With PROMETHEUS_MULTIPROC_DIR set they are those of all web processes, else of the one that answers."""

import os
import re
from collections.abc import Iterable

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from lms_app.adapters.jobs import Backlog

REQUESTS = Counter("lyceum_http_requests_total", "HTTP requests answered", ["method", "area", "status"])
SECONDS = Histogram("lyceum_http_seconds", "Time to the end of an answer", ["area"], buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10))

CONTENT_TYPE = CONTENT_TYPE_LATEST
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_AREA = re.compile(r"/(v|api/v1)/([a-z][a-z-]{0,30})")


def area(path: str) -> str:
    """The part of the site that a path belongs to, without ids or codes: few values, none of them personal."""
    if found := _AREA.match(path):
        return f"/{found[1]}/{found[2]}"
    if path.startswith(("/assets/", "/fonts/")):
        return "assets"
    return path if path in {"/healthz", "/readyz", "/metrics", "/ping"} else "pages"


def count_request(method: str, path: str, status: int, seconds: float) -> None:
    """Counts one answered request."""
    place = area(path)
    REQUESTS.labels(method if method in _METHODS else "other", place, str(status)).inc()
    SECONDS.labels(place).observe(seconds)


def exposition(backlog: Backlog | None, drifted: int = 0) -> bytes:
    """All figures in Prometheus' text format; without those of the database where it could not be read. `drifted` are runs whose figures have."""
    return _of_processes() + (generate_latest(_of_database(backlog, drifted)) if backlog else b"")


def _of_processes() -> bytes:
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)


def _of_database(backlog: Backlog, drifted: int) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Database(backlog, drifted))
    return registry


class _Database(Collector):
    def __init__(self, backlog: Backlog, drifted: int) -> None:
        self._backlog, self._drifted = backlog, drifted

    def collect(self) -> Iterable[Metric]:
        messages = GaugeMetricFamily("lyceum_outbox_messages", "Jobs that are not done: waiting, of those failing, and parked", labels=["state"])
        for state in ("waiting", "failing", "parked"):
            messages.add_metric([state], getattr(self._backlog, state))
        yield messages
        yield GaugeMetricFamily("lyceum_drifted_runs", "Runs whose figures differed from their events at the last audit", value=self._drifted)
