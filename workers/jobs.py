"""What a handler gets: its association, its batch, a way to report, and the one transaction of its result."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction

from saas.jobs.leases import (
    Claim,
    JobCancelledError,
    LeaseLostError,
    finish_job,
    lock_claim,
    take_large_slot,
)
from saas.jobs.models import SizeClass
from saas.jobs.sizing import size_class_of_rows
from saas.tenancy.switching import AssociationRef, enter_association
from workers.keeping import LeaseKeeper, Progress


class JobStoppedError(Exception):
    """The handler cannot go on and another try would not help; the reason is a Polish sentence."""

    def __init__(self, reason: str, *, code: str = "stopped") -> None:
        super().__init__(code)
        self.reason = reason
        self.code = code


class LargeSlotTakenError(Exception):
    """A small job turned out to be large, and no slot for a large one is free: it waits as a large job."""


class JobContext:
    """One run of a job. The handler runs inside the association, outside any transaction.

    Whatever it writes before `finishing` must be harmless when written twice (staging, keyed by batch).
    """

    def __init__(self, claim: Claim, keeper: LeaseKeeper) -> None:
        self.association: AssociationRef = claim.association
        self.options: dict[str, Any] = claim.options
        self.is_finished = False
        self._claim = claim
        self._keeper = keeper
        self._is_large = claim.size_class == SizeClass.LARGE

    @property
    def batch_id(self) -> int:
        """The batch that the job works on; RuntimeError for a kind that has none."""
        if self._claim.batch_id is None:
            raise RuntimeError(f"a job of kind {self._claim.kind} has no batch")
        return self._claim.batch_id

    def report(self, phase: str, done: int, total: int, *, rows: int = 0) -> None:
        """Show progress (written about three times a second, in between the call costs nothing).

        `done` and `total` are of any one unit; `total` 0 says that the length is not known. `rows`: staged so far.
        Callable anywhere, inside a COPY or a transaction too. Raises LeaseLostError or JobCancelledError when
        the job is no longer to be done here.
        """
        self.check()
        self._keeper.show(Progress(phase, done, total, rows))

    def count_rows(self, rows: int) -> None:
        """Say how many rows the import has so far, outside any transaction: over 50 000 it is a large one.

        Raises LargeSlotTakenError where no slot for a large one is free, or none of this worker's; then the job begins
        anew when one is.
        """
        if self._is_large or size_class_of_rows(rows) != SizeClass.LARGE:
            return
        if SizeClass.LARGE not in settings.JOB_SIZES or not take_large_slot(self._claim):
            raise LargeSlotTakenError
        self._is_large = True

    def check(self) -> None:
        """Raise LeaseLostError or JobCancelledError when the job is no longer to be done here."""
        if self._keeper.verdict == "lost":
            raise LeaseLostError
        if self._keeper.verdict == "cancelled":
            raise JobCancelledError

    @contextmanager
    def holding(self) -> Iterator[None]:
        """A transaction for what is written before the end: nothing, where another worker holds the job by now.

        `check` alone would let a worker that slept past its lease add rows to those of its successor.
        """
        with transaction.atomic():
            lock_claim(self._claim)
            yield

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """The one transaction in which the result is written and the job becomes done; once, at the end.

        The job is locked first: a stale holder writes nothing (LeaseLostError), and nobody takes over while it
        lasts. A cancellation counts until the job is done. Any error, at COMMIT too, means: not done.
        """
        with enter_association(self.association), transaction.atomic(durable=True):
            lock_claim(self._claim)
            yield
            finish_job(self._claim)
        self.is_finished = True
        self._keeper.let_go()
