"""Owners read while a large publication lands: how long pages take beside idle times, and whether any is half new."""

import hashlib
import re
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from associations.imports.models import BatchState, ImportBatch
from saas.tenancy.switching import enter_association
from tests.bench.bench_pages import LEDGER, Site, fetch
from tests.bench.measuring import median, percentile_95, ratio
from tests.bench.queueing import BenchError, Importer

IDLE_SECONDS = 5.0
PAUSE_SECONDS = 0.02
MOST_VERSIONS = 2
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


@dataclass(frozen=True, slots=True)
class ReadingFigure:
    """Seconds that a browser waits for a year's ledger, idle and while a publication runs."""

    idle_requests: int
    idle: float
    idle_95: float
    busy_requests: int
    busy: float
    busy_95: float
    versions: int

    @property
    def of_idle_95(self) -> float | None:
        """How many times the idle p95 the busy one is."""
        return ratio(self.busy_95, self.idle_95)

    def __str__(self) -> str:
        """One line for people."""
        return (
            f"A year's ledger read while a publication lands: p95 {self.busy_95 * 1000:.0f} ms of {self.busy_requests}"
            f" requests, idle {self.idle_95 * 1000:.0f} ms of {self.idle_requests}: {self.of_idle_95} times;"
            f" {self.versions} versions of the page seen"
        )

    def document(self) -> dict[str, Any]:
        """For the JSON file."""
        return {**asdict(self), "of_idle_95": self.of_idle_95}


class Reader(threading.Thread):
    """An owner who asks for the same page again and again until told to stop."""

    def __init__(self, site: Site, port: int) -> None:
        super().__init__(daemon=True)
        self._site, self._port = site, port
        self._is_over = threading.Event()
        self.failure: Exception | None = None
        self.seconds: list[float] = []
        self.versions: set[str] = set()

    def run(self) -> None:
        """Until `stop`."""
        try:
            while not self._is_over.is_set():
                began = time.perf_counter()
                body = fetch(self._site, LEDGER, self._port).body
                self.seconds.append(time.perf_counter() - began)
                self.versions.add(hashlib.sha256(_TOKEN.sub("", body).encode()).hexdigest())
                time.sleep(PAUSE_SECONDS)
        except Exception as error:  # noqa: BLE001  raised again in `stop`, where somebody sees it
            self.failure = error

    def stop(self) -> None:
        """End the reading; raises what went wrong in it."""
        self._is_over.set()
        self.join()
        if self.failure is not None:
            raise self.failure


def measure_reading_of_ledger(site: Site, importer: Importer, port: int) -> ReadingFigure:
    """Take back what the last file of the ledger brought, and read the ledger's page while it is published again."""
    with enter_association(importer.association):
        batches = ImportBatch.objects.filter(state=BatchState.PUBLISHED, tables__dataset="postings")
        batch = batches.order_by("pk").last()
    if batch is None:
        raise BenchError("No ledger was published")
    importer.undo(batch)
    folder = importer.around.generated / importer.association.slug
    waiting = importer.read([max(folder.glob("ksiegowania-*.csv"))]).batch
    return measure_reading(site, port, lambda: importer.publish(waiting))


def measure_reading(site: Site, port: int, publish: Callable[[], object]) -> ReadingFigure:
    """Read in an idle time, then while `publish` runs. Raises BenchError where a page was neither old nor new."""
    idle = _reading(site, port, lambda: time.sleep(IDLE_SECONDS))
    busy = _reading(site, port, publish)
    if len(busy.versions) > MOST_VERSIONS:
        raise BenchError(f"A page had {len(busy.versions)} versions while one publication landed")
    return ReadingFigure(
        idle_requests=len(idle.seconds),
        idle=median(idle.seconds),
        idle_95=percentile_95(idle.seconds),
        busy_requests=len(busy.seconds),
        busy=median(busy.seconds),
        busy_95=percentile_95(busy.seconds),
        versions=len(busy.versions),
    )


def _reading(site: Site, port: int, meanwhile: Callable[[], object]) -> Reader:
    fetch(site, LEDGER, port)
    reader = Reader(site, port)
    reader.start()
    try:
        meanwhile()
    finally:
        reader.stop()
    return reader
