"""Waiting for a job at the command line: a progress bar, a clear word where no worker is there, and Ctrl-C.

Whoever breaks off the waiting cancels the job: nothing goes on behind an operator's back.
"""

import sys
import time
from typing import TextIO

from django.core.management.base import CommandError
from django.utils.timezone import now

from associations.imports.models import BatchState, ImportBatch
from associations.imports.phases import name_phase, percent_done, remaining_seconds, say_remaining
from associations.imports.rules import ImportRuleError
from saas.jobs.cancelling import cancel_batch
from saas.jobs.models import Job, JobState
from saas.jobs.queries import is_anybody_working, job_status
from saas.staff.command_line import OPERATOR
from saas.tenancy.switching import AssociationRef, enter_association

POLL_SECONDS = 0.2
BAR_WIDTH = 30
ENDED = {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


class NoWorkerError(CommandError):
    """The job waits and nobody takes it; exit code 3."""


class CancelledError(CommandError):
    """The operator broke off; exit code 130, as a shell says it."""


def wait_for_job(job: Job, association: AssociationRef, *, no_worker_seconds: float) -> ImportBatch:
    """Show the job's progress until it has ended; its batch as it stands then.

    Raises NoWorkerError, and CancelledError after Ctrl-C, when the job is cancelled.
    """
    bar = ProgressBar(sys.stderr)
    try:
        return _watch(job, association, bar, no_worker_seconds)
    except KeyboardInterrupt:
        bar.end()
        raise CancelledError(_cancel(job, association), returncode=130) from None


def _cancel(job: Job, association: AssociationRef) -> str:
    batch = job.batch_of_import
    try:
        cancel_batch(actor=OPERATOR, association=association, batch_id=batch)
    except ImportRuleError as refusal:
        return f"Batch {batch}: {refusal.message}"
    return f"Batch {batch}: cancelled."


def _watch(
    job: Job, association: AssociationRef, bar: "ProgressBar", no_worker_seconds: float
) -> ImportBatch:
    idle_since = time.monotonic()
    while True:
        status = job_status(job.pk)
        with enter_association(association):
            batch = ImportBatch.objects.get(pk=job.batch_of_import)
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
                f"(celery -A saas worker)? Batch {batch.pk} stays in the queue and goes on with the next worker.",
                returncode=3,
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
        phase = name_phase(BatchState(batch.state), batch.phase)
        line = f"{phase}: {draw_bar(batch)}" if self._is_terminal else phase
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


def draw_bar(batch: ImportBatch) -> str:
    """`[######........] 40 %, 12000 wierszy, zostało około 20 s`; nothing of what is not known."""
    percent = percent_done(batch)
    parts = ["…"]
    if percent is not None:
        full = percent * BAR_WIDTH // 100
        parts = [f"[{'#' * full}{'.' * (BAR_WIDTH - full)}] {percent} %"]
    if batch.progress_rows:
        parts.append(f"{batch.progress_rows} wierszy")
    seconds = remaining_seconds(batch, now())
    if seconds is not None:
        parts.append(say_remaining(seconds))
    return ", ".join(parts)
