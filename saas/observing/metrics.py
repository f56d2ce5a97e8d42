"""Figures for Prometheus: requests as they are counted by every process, the platform as it stands when asked.

Labels name doors, views, kinds, states and databases: nothing of an association, a person, a premises or a path.
With 3 000 associations a label of theirs would be a hundred thousand series.

Several web processes on one machine add up their counts in the folder PROMETHEUS_MULTIPROC_DIR, which
deploy/gunicorn.conf.py makes; without it a process tells of itself alone (tests, the demo).
"""

import os
from collections.abc import Iterable

from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from saas.observing.figures import PlatformFigures, read_figures
from saas.observing.readiness import check_parts
from saas.observing.surveys import Survey, kept_survey

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

own = CollectorRegistry()
_requests = Counter("kartoteka_requests", "Requests answered.", ["door", "view", "status"], registry=own)
_seconds = Histogram(
    "kartoteka_request_seconds",
    "Time to an answer, rendering included.",
    ["door", "view"],
    buckets=SECONDS,
    registry=own,
)


def count_request(*, door: str, view: str, status: int, seconds: float) -> None:
    """Count an answered request; `status` becomes its class (2xx)."""
    _requests.labels(door, view, f"{status // 100}xx").inc()
    _seconds.labels(door, view).observe(seconds)


def render_metrics() -> bytes:
    """All figures in Prometheus' text form. Where the database does not answer, what else is known."""
    requests = own
    if os.environ.get(FOLDER):
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    platform = CollectorRegistry()
    platform.register(PlatformCollector())
    return generate_latest(requests) + generate_latest(platform)


class PlatformCollector(Collector):
    """The queue, its leases, the connections and the parts that the platform stands on, read when asked."""

    def collect(self) -> Iterable[Metric]:
        """One family after the other."""
        parts = check_parts()
        yield _gauge("part_ok", "1 where the part answers.", ["part"], [([p.name], p.is_ok) for p in parts])
        try:
            figures, survey = read_figures(), kept_survey()
        except (DatabaseError, InterfaceError):
            return
        yield from _describe(figures)
        yield _describe_clock(survey)


def _describe(figures: PlatformFigures) -> Iterable[Metric]:
    queue = ["kind", "size"]
    yield _gauge(
        "jobs_waiting",
        "Jobs that a worker could take now.",
        queue,
        [([one.kind, one.size_class], one.length) for one in figures.queues],
    )
    yield _gauge(
        "jobs_oldest_seconds",
        "For how long the oldest of them has been waiting.",
        queue,
        [([one.kind, one.size_class], one.oldest_seconds) for one in figures.queues],
    )
    yield _gauge(
        "leases",
        "Jobs held by a worker; expired: by one that has not been heard of.",
        ["state"],
        [(["running"], figures.running), (["expired"], figures.expired)],
    )
    yield _gauge(
        "jobs_longest_seconds",
        "For how long the longest of the running jobs has been held, its present try alone.",
        [],
        [([], figures.longest_seconds)],
    )
    yield _gauge(
        "jobs_ended",
        "Jobs that ended within the last hour.",
        ["kind", "state"],
        [([one.kind, one.state], one.count) for one in figures.ended],
    )
    yield _gauge(
        "job_seconds",
        "From asking to the end, of jobs that ended within the last hour.",
        ["kind", "state", "quantile"],
        [
            ([one.kind, one.state, quantile], seconds)
            for one in figures.ended
            for quantile, seconds in (("0.5", one.median_seconds), ("0.95", one.slow_seconds))
        ],
    )
    yield _gauge(
        "job_work_seconds",
        "The same from the moment that a worker took them; 95 % took no longer.",
        ["kind", "state"],
        [([one.kind, one.state], one.work_seconds) for one in figures.ended if one.work_seconds is not None],
    )
    yield _gauge(
        "database_connections",
        "Sessions of clients at the server, by database.",
        ["database"],
        [([name], count) for name, count in figures.connections.items()],
    )
    yield _gauge(
        "database_connections_limit", "max_connections of the server.", [], [([], figures.max_connections)]
    )


def _describe_clock(survey: Survey | None) -> GaugeMetricFamily:
    """No sample before the first one: there is no age to tell."""
    ages: list[tuple[list[str], float]] = (
        [([], (timezone.now() - survey.asked_at).total_seconds())] if survey else []
    )
    return _gauge(
        "survey_age_seconds",
        "Since associations were last asked in the background (beat and a worker).",
        [],
        ages,
    )


def _gauge(
    name: str, told: str, labels: list[str], samples: Iterable[tuple[list[str], float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"kartoteka_{name}", told, labels=labels)
    for values, figure in samples:
        family.add_metric(values, figure)
    return family
