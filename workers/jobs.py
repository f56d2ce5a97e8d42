"""What a handler gets: its association, its batch, a way to report, and the one transaction of its result."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from saas.jobs.leases import Claim, JobCancelledError, LeaseLostError, finish_job, lock_claim
from saas.tenancy.switching import AssociationRef, enter_association
from workers.keeping import LeaseKeeper, Progress


class JobStoppedError(Exception):
    """The handler cannot go on and another try would not help; the reason is a Polish sentence."""

    def __init__(self, reason: str, *, code: str = "stopped") -> None:
        super().__init__(code)
        self.reason = reason
        self.code = code


class JobContext:
    """One run of a job. The handler runs inside the association, outside any transaction.

    Whatever it writes before `finishing` must be harmless when written twice (staging, keyed by batch).
    """

    def __init__(self, claim: Claim, keeper: LeaseKeeper) -> None:
        self.association: AssociationRef = claim.association
        self.batch_id: int = claim.batch_id
        self.options: dict[str, Any] = claim.options
        self.is_finished = False
        self._claim = claim
        self._keeper = keeper

    def report(self, phase: str, done: int, total: int) -> None:
        """Show progress (written about three times a second, in between the call costs nothing).

        Callable anywhere, inside a COPY or a transaction too. Raises LeaseLostError or JobCancelledError when
        the job is no longer to be done here.
        """
        self.check()
        self._keeper.show(Progress(phase, done, total))

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

        The job's row is locked first: a stale holder writes nothing (LeaseLostError), and nobody takes over
        while it lasts. Any error, at COMMIT too, means: not done.
        """
        with enter_association(self.association), transaction.atomic(durable=True):
            lock_claim(self._claim)
            yield
            finish_job(self._claim)
        self.is_finished = True
