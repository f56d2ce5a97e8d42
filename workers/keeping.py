"""The lease keeper: a thread that holds the job, writes its progress and watches for a cancellation.

Where the job is no longer to be done here (cancelled, or lost to another worker), the keeper also ends the statement
that the handler waits for: a handler learns of it within seconds, wherever it is.

It has a database connection of its own, because the handler's is busy: inside COPY, a long statement or the
one transaction of the result. It dies with the process, and the lease then runs out.
"""

import logging
import time
from dataclasses import dataclass
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, connections

from associations.charges.notice_actions import record_notice_progress
from associations.imports.progress import record_progress
from saas.jobs.leases import Claim, LeaseState, extend_lease, lease_state
from saas.jobs.models import JobKind
from saas.tenancy.switching import enter_association, set_public

logger = logging.getLogger(__name__)
REPORT_SECONDS = 0.3
WATCH_SECONDS = 1.0
INTERRUPT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Progress:
    """A word of the phase, how much of it is done, and the rows staged so far."""

    phase: str
    done: int
    total: int
    rows: int = 0


class LeaseKeeper:
    """Context manager around a handler. `verdict` is what report() must obey; the thread alone writes it."""

    def __init__(self, claim: Claim) -> None:
        self.verdict: LeaseState = "held"
        self._claim = claim
        self._stop = Event()
        self._wake = Event()
        self._lock = Lock()
        self._progress: Progress | None = None
        # Whose statements may be ended: the handler's connection, until its result is committed.
        self._handler: Any = None
        self._interrupting = Lock()
        self._thread = Thread(target=self._run, name=f"lease {claim.job_id}", daemon=True)

    def __enter__(self) -> Self:
        self._handler = connections[connection.alias]
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.let_go()
        self._stop.set()
        self._wake.set()
        self._thread.join()

    def let_go(self) -> None:
        """The result is committed, or the handler has ended: interrupt nothing from now on."""
        with self._interrupting:
            self._handler = None

    def show(self, progress: Progress) -> None:
        """Have the progress written soon; a newer one replaces one that was not written yet."""
        with self._lock:
            self._progress = progress
        self._wake.set()

    def _run(self) -> None:
        try:
            self._keep()
        finally:
            connections.close_all()

    def _keep(self) -> None:
        pause = settings.JOB_LEASE_SECONDS / 3
        extended = watched = time.monotonic()
        while not self._stop.is_set():
            now = time.monotonic()
            try:
                set_public()
                if now - extended >= pause:
                    self.verdict = self.verdict if extend_lease(self._claim) else "lost"
                    extended = now
                if now - watched >= WATCH_SECONDS:
                    self.verdict, watched = lease_state(self._claim), now
                if self.verdict != "held":
                    self._interrupt()
                self._write_progress()
            except (DatabaseError, InterfaceError) as error:
                # The database is away for a moment; whether the lease outlives it is decided there.
                logger.warning("job %s: lease keeper: %s", self._claim.job_id, type(error).__name__)
                connections.close_all()
            self._wake.wait(min(pause, WATCH_SECONDS))
            self._stop.wait(REPORT_SECONDS)

    def _interrupt(self) -> None:
        """End the handler's statement; again with each look, because it may have been between two."""
        with self._interrupting:
            given = self._handler.connection if self._handler else None
            if given is None:
                return
            try:
                given.cancel_safe(timeout=INTERRUPT_SECONDS)
            except psycopg.Error as error:
                logger.warning("job %s: not interrupted: %s", self._claim.job_id, type(error).__name__)

    def _write_progress(self) -> None:
        self._wake.clear()
        with self._lock:
            progress, self._progress = self._progress, None
        claim = self._claim
        if progress is None or self.verdict != "held":
            return
        if claim.kind == JobKind.PRINT_NOTICES:
            with enter_association(claim.association):
                run_id = int(claim.options["run_id"])
                record_notice_progress(run_id=run_id, done=progress.done, total=progress.total)
            return
        if claim.batch_id is None:
            return
        with enter_association(claim.association):
            record_progress(
                batch_id=claim.batch_id,
                phase=progress.phase,
                done=progress.done,
                total=progress.total,
                rows=progress.rows,
            )
