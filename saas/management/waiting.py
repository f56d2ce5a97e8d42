"""Waiting for a job at the command line: a progress bar, and a clear word where no worker is there."""

import sys
import time
from typing import TextIO

from django.core.management.base import CommandError

from associations.imports.models import ImportBatch
from saas.jobs.models import Job, JobState
from saas.jobs.queries import is_anybody_working, job_status
from saas.tenancy.switching import AssociationRef, enter_association

POLL_SECONDS = 0.2
BAR_WIDTH = 30
ENDED = {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


class NoWorkerError(CommandError):
    """The job waits and nobody takes it."""


def wait_for_job(job: Job, association: AssociationRef, *, no_worker_seconds: float) -> ImportBatch:
    """Show the job's progress until it has ended; its batch as it stands then. Raises NoWorkerError."""
    bar = ProgressBar(sys.stderr)
    idle_since = time.monotonic()
    while True:
        status = job_status(job.pk)
        with enter_association(association):
            batch = ImportBatch.objects.get(pk=job.batch_id)
        bar.show(batch)
        if status is None or status.state in ENDED:
            bar.end()
            return batch
        if status.state == JobState.RUNNING or is_anybody_working():
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since > no_worker_seconds:
            bar.end()
            raise NoWorkerError(
                f"No worker has taken the job for {no_worker_seconds:.0f} s. Is one running "
                f"(celery -A saas worker)? Batch {batch.pk} stays in the queue and goes on with the next worker."
            )
        time.sleep(POLL_SECONDS)


class ProgressBar:
    """One line that is drawn anew on a terminal; elsewhere one line per phase."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._shown = ""

    def show(self, batch: ImportBatch) -> None:
        """Draw where the batch is, if that has changed."""
        phase = batch.phase or batch.get_state_display()
        line = f"{phase}: {self._bar(batch)}" if self._is_terminal else phase
        if line == self._shown:
            return
        self._shown = line
        if self._is_terminal:
            self._stream.write(f"\r\x1b[K{line}")
        else:
            self._stream.write(f"batch {batch.pk}: {line}\n")
        self._stream.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._is_terminal and self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _bar(self, batch: ImportBatch) -> str:
        if not batch.progress_total:
            return "…"
        share = min(batch.progress_done / batch.progress_total, 1)
        full = int(share * BAR_WIDTH)
        return f"[{'#' * full}{'.' * (BAR_WIDTH - full)}] {share:4.0%}"
