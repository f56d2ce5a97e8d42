"""Batches through the product's own queue and worker, each step measured from the click to its end."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from associations.imports.actions import create_batch, request_publication, request_undo
from associations.imports.models import BatchState, ImportBatch, Problem
from saas.jobs.models import Job, JobKind, JobState
from saas.jobs.queries import job_status
from saas.jobs.sizing import enqueue_batch_job
from saas.local.children import log_tail
from saas.management.packages import find_packages
from saas.tenancy.switching import AssociationRef, enter_association
from tests.bench.actor import BENCH
from tests.bench.measuring import Effort, measured
from tests.bench.surroundings import Surroundings

POLL_SECONDS = 0.01
QUIET_SECONDS = 0.1
SHOWN_PROBLEMS = 5
LONGEST_JOB_SECONDS = 1800
ENDED = {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


class BenchError(Exception):
    """The product did not do what was to be measured."""


@dataclass(frozen=True, slots=True)
class Step:
    """One job of the queue: which batch it left in which state, and what it took."""

    batch: ImportBatch
    effort: Effort

    @property
    def rows(self) -> int:
        """Rows in the files of the batch."""
        return sum(dataset["rows"] for dataset in self.batch.summary["datasets"])


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports into one association and measures."""

    around: Surroundings
    association: AssociationRef

    def read(self, paths: Sequence[Path], *, becomes: BatchState = BatchState.READY) -> Step:
        """From the upload to the preview."""
        files = [file for package in find_packages([str(path) for path in paths]) for file in package]
        self._settle()
        with measured(self.around) as effort:
            with enter_association(self.association), transaction.atomic():
                batch = create_batch(actor=BENCH, files=files)
                job = self._enqueue(JobKind.READ_BATCH, batch)
            batch = self._wait(job, becomes)
        return Step(batch, effort)

    def publish(self, batch: ImportBatch) -> Step:
        """From the manager's word until owners see it."""
        self._settle()
        with measured(self.around) as effort:
            with enter_association(self.association), transaction.atomic():
                request_publication(actor=BENCH, batch=batch)
                job = self._enqueue(JobKind.PUBLISH_BATCH, batch)
            batch = self._wait(job, BatchState.PUBLISHED)
        self._settle()
        return Step(batch, effort)

    def undo(self, batch: ImportBatch) -> Step:
        """From the manager's word until the former figures are back."""
        self._settle()
        with measured(self.around) as effort:
            with enter_association(self.association), transaction.atomic():
                request_undo(actor=BENCH, batch=batch)
                job = self._enqueue(JobKind.UNDO_BATCH, batch)
            batch = self._wait(job, BatchState.UNDONE)
        return Step(batch, effort)

    def bring(self, paths: Sequence[Path]) -> tuple[Step, Step]:
        """Read and publish."""
        reading = self.read(paths)
        return reading, self.publish(reading.batch)

    def _enqueue(self, kind: JobKind, batch: ImportBatch) -> Job:
        return enqueue_batch_job(association=self.association, kind=kind, batch=batch)

    def _wait(self, job: Job, state: BatchState) -> ImportBatch:
        deadline = time.monotonic() + LONGEST_JOB_SECONDS
        while (status := job_status(job.pk)) is not None and status.state not in ENDED:
            time.sleep(POLL_SECONDS)
            self._refuse_dead_services()
            if time.monotonic() > deadline:
                raise BenchError(f"Batch {job.batch_id} was not done in {LONGEST_JOB_SECONDS} s")
        with enter_association(self.association):
            batch = ImportBatch.objects.get(pk=job.batch_of_import)
            if batch.state != state:
                problems = Problem.objects.filter(batch=batch).values_list("file_name", "row", "reason")
                raise BenchError(
                    f"Batch {batch.pk} is {batch.state}, not {state}. {batch.failure} "
                    f"{list(problems[:SHOWN_PROBLEMS])} {status}"
                )
        return batch

    def _refuse_dead_services(self) -> None:
        for service in self.around.children.services:
            if service.process.poll() is not None:
                raise BenchError(f"{service.name} has ended:\n{log_tail(service.log)}")

    def _settle(self) -> None:
        """Wait until the database has done what a job leaves for afterwards."""
        while _busy_sessions() or time.sleep(QUIET_SECONDS) or _busy_sessions():  # type: ignore[func-returns-value]
            time.sleep(QUIET_SECONDS)


def _busy_sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        return int(cursor.fetchone()[0])
