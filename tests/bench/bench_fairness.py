"""Fairness: how long small imports wait while a large one runs, beside how long they wait without it.

All small imports stand in the queue before the first of them begins; waiting is told from that moment to the preview.
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from associations.imports.actions import create_batch, request_publication
from associations.imports.models import BatchState, ImportBatch
from saas.jobs.bell import ring_bell
from saas.jobs.models import Job, JobKind, JobState
from saas.jobs.sizing import enqueue_batch_job
from saas.management.packages import find_packages
from saas.tenancy.switching import AssociationRef, enter_association, enter_public
from tests.bench.actor import BENCH
from tests.bench.bench_provisioning import provision
from tests.bench.generator import generate
from tests.bench.measuring import median, percentile_95, ratio
from tests.bench.plan import Plan
from tests.bench.queueing import ENDED, LONGEST_JOB_SECONDS, BenchError, Importer
from tests.bench.surroundings import Surroundings

YEAR = 2026
BELLS = 4
POLL_SECONDS = 0.05
SMALL_PREMISES = 24
REGISTRIES = ("konta.csv", "lokale.csv", "osoby.csv")


@dataclass(frozen=True, slots=True)
class Fairness:
    """Seconds that small imports waited for their previews, alone and beside a large import."""

    imports: int
    associations: int
    large_rows: int
    large_seconds: float
    alone: float
    alone_95: float
    beside: float
    beside_95: float

    def document(self) -> dict[str, Any]:
        """For the JSON file, with the ratios that are to stay below 2."""
        return {
            **asdict(self),
            "of_alone": ratio(self.beside, self.alone),
            "of_alone_95": ratio(self.beside_95, self.alone_95),
        }

    def __str__(self) -> str:
        told = self.document()
        return (
            f"{self.imports} small imports of {self.associations} associations, seconds until the preview:"
            f" median {self.alone:.1f}, p95 {self.alone_95:.1f};"
            f" while one of {self.large_rows} rows runs for {self.large_seconds:.0f} s:"
            f" median {self.beside:.1f} ({told['of_alone']} ×), p95 {self.beside_95:.1f} ({told['of_alone_95']} ×)"
        )


def measure_fairness(around: Surroundings, *, imports: int, associations: int, premises: int) -> Fairness:
    """So many small imports of so many associations, without and with a first ledger of so many premises."""
    folder = around.generated / "fairness"
    small, large = folder / "small", folder / "large"
    generate(Plan(SMALL_PREMISES, YEAR, YEAR), small)
    generate(Plan(premises, YEAR, YEAR), large)
    crowd = [provision(f"mala-{number}", f"Mała {number}") for number in range(associations)]
    importer = Importer(around, provision("duza", "Duża"))
    importer.bring([large / name for name in REGISTRIES])
    alone = _wait_for(_queue(crowd, imports, small / "lokale.csv"))
    waiting = _queue(crowd, imports, small / "lokale.csv")
    whole = LargeImport(importer.association, sorted(large.glob("ksiegowania*.csv")))
    beside = _wait_for(waiting, beside=whole)
    return Fairness(
        imports=imports,
        associations=associations,
        large_rows=whole.rows,
        large_seconds=whole.seconds,
        alone=median(alone),
        alone_95=percentile_95(alone),
        beside=median(beside),
        beside_95=percentile_95(beside),
    )


class LargeImport:
    """A first ledger from its upload until owners see it, one step after the other."""

    def __init__(self, association: AssociationRef, paths: list[Path]) -> None:
        self._association = association
        self._began = time.monotonic()
        self.seconds = 0.0
        self.rows = 0
        [files] = find_packages([str(path) for path in paths])
        with enter_association(association), transaction.atomic():
            batch = create_batch(actor=BENCH, files=files)
            self._job = enqueue_batch_job(association=association, kind=JobKind.READ_BATCH, batch=batch)
        _wait_until(lambda: self._state() == JobState.RUNNING)

    def go_on(self) -> bool:
        """Ask for publishing once it has been read; whether all of it is done."""
        if self.seconds or self._state() not in ENDED:
            return bool(self.seconds)
        with enter_association(self._association), transaction.atomic():
            batch = ImportBatch.objects.get(pk=self._job.batch_of_import)
            if batch.state == BatchState.READY:
                request_publication(actor=BENCH, batch=batch)
                self._job = enqueue_batch_job(
                    association=self._association, kind=JobKind.PUBLISH_BATCH, batch=batch
                )
                return False
        if batch.state != BatchState.PUBLISHED:
            raise BenchError(f"The large batch is {batch.state}: {batch.failure}")
        self.rows = sum(entry["rows"] for entry in batch.summary["datasets"])
        self.seconds = time.monotonic() - self._began
        return True

    def _state(self) -> str:
        return str(Job.objects.values_list("state", flat=True).get(pk=self._job.pk))


def _queue(crowd: list[AssociationRef], imports: int, path: Path) -> list[Any]:
    """Small imports of each association in turn, held back until all of them wait; their jobs' keys."""
    keys = []
    for number in range(imports):
        association = crowd[number % len(crowd)]
        [files] = find_packages([str(path)])
        with enter_association(association), transaction.atomic():
            batch = create_batch(actor=BENCH, files=files)
            job = enqueue_batch_job(association=association, kind=JobKind.READ_BATCH, batch=batch)
            with enter_public():
                Job.objects.filter(pk=job.pk).update(waits_until=timezone.now() + dt.timedelta(days=1))
        keys.append(job.pk)
    return keys


def _wait_for(keys: list[Any], *, beside: LargeImport | None = None) -> list[float]:
    """Let them go and wait for all of them, and for the large one; seconds from now to the end of each."""
    jobs = Job.objects.filter(pk__in=keys).order_by("created_at")
    began = timezone.now()
    jobs.update(waits_until=None)
    for _ in range(BELLS):
        ring_bell()
    _wait_until(
        lambda: not jobs.exclude(state__in=ENDED).exists() and (beside is None or beside.go_on()), beside
    )
    failed = jobs.exclude(state=JobState.DONE).count()
    if failed:
        raise BenchError(f"{failed} small imports were not done")
    return [(at - began).total_seconds() for at in jobs.values_list("finished_at", flat=True) if at]


def _wait_until(is_over: Callable[[], bool], beside: LargeImport | None = None) -> None:
    deadline = time.monotonic() + LONGEST_JOB_SECONDS
    while not is_over():
        if beside is not None:
            beside.go_on()
        if time.monotonic() > deadline:
            raise BenchError(f"The queue was not empty after {LONGEST_JOB_SECONDS} s")
        time.sleep(POLL_SECONDS)
