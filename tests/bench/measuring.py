"""Figures of one measurement and of many: wall-clock and processor time, medians, 95th percentiles."""

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.bench.processes import cpu_seconds, watched_memory
from tests.bench.surroundings import Surroundings


@dataclass(slots=True)
class Effort:
    """What something took, in seconds: by the clock, and of processor time by worker and database.

    Peaks are of resident memory, in bytes: of the worker's processes and of its reading child.
    """

    seconds: float = 0.0
    worker_cpu: float = 0.0
    database_cpu: float = 0.0
    worker_peak: int = 0
    reader_peak: int = 0

    @property
    def cpu(self) -> float:
        """Processor time altogether: what remains comparable on a busy machine."""
        return self.worker_cpu + self.database_cpu

    def plus(self, other: "Effort") -> "Effort":
        """Both, one after the other."""
        return Effort(
            self.seconds + other.seconds,
            self.worker_cpu + other.worker_cpu,
            self.database_cpu + other.database_cpu,
            max(self.worker_peak, other.worker_peak),
            max(self.reader_peak, other.reader_peak),
        )


@contextmanager
def measured(around: Surroundings) -> Iterator[Effort]:
    """Fill in the effort of the block."""
    effort = Effort()
    worker, database = cpu_seconds(around.worker_pid), cpu_seconds(around.database_pid)
    with watched_memory(around.worker_pid) as watch:
        began = time.perf_counter()
        try:
            yield effort
        finally:
            effort.seconds = time.perf_counter() - began
            effort.worker_cpu = cpu_seconds(around.worker_pid) - worker
            effort.database_cpu = cpu_seconds(around.database_pid) - database
    effort.worker_peak, effort.reader_peak = watch.worker, watch.reader


def percentile_95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def ratio(value: float, base: float) -> float | None:
    """How many times the base; None where there is nothing to compare with."""
    return round(value / base, 2) if base else None
