"""Workers killed at many moments of reading, publishing and undoing: every figure as if nothing had happened.

Each run imports the same package twice: undisturbed into one association, disturbed into the other. At the given
moment of each step the pool child (or the whole worker) gets SIGKILL; another one carries on.
"""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from psycopg import sql

from associations.audit.actors import SYSTEM
from associations.catalogue import CATALOGUE
from associations.imports.actions import create_batch, request_publication, request_undo
from associations.imports.models import ImportBatch
from associations.imports.publishing import forget_settled
from saas.jobs.actions import enqueue_job
from saas.jobs.models import Job, JobKind
from saas.management.packages import find_packages
from saas.tenancy.switching import AssociationRef, enter_association
from tests.databases import admin_connection
from tests.long.figures import figures_of
from tests.worker_process import StartWorker, WorkerProcess, wait_until

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("committed_db")]
PACKAGE = Path(__file__).resolve().parents[2] / "samples" / "wspolnota"
READ, PUBLISH, UNDO = JobKind.READ_BATCH, JobKind.PUBLISH_BATCH, JobKind.UNDO_BATCH

MOMENTS = 100
WHOLE_WORKERS = 0.2

Disturb = Callable[[Job], None]


class Run:
    """A package on its way through one association."""

    def __init__(self, association: AssociationRef) -> None:
        self.association = association
        self.batch_id = 0
        self.durations: list[float] = []

    def ask(self, kind: JobKind) -> Job:
        """What a manager's click does."""
        with enter_association(self.association), transaction.atomic():
            if kind == READ:
                self.batch_id = create_batch(actor=SYSTEM, files=find_packages([str(PACKAGE)])[0]).pk
            elif kind == PUBLISH:
                request_publication(actor=SYSTEM, batch=self.batch())
            else:
                request_undo(actor=SYSTEM, batch=self.batch())
            return enqueue_job(association=self.association, kind=kind, batch_id=self.batch_id)

    def batch(self) -> ImportBatch:
        return ImportBatch.objects.get(pk=self.batch_id)

    def step(self, kind: JobKind, disturb: Disturb | None = None) -> None:
        """One job from click to end; the figures of both runs are compared after it."""
        job = self.ask(kind)
        if disturb is not None:
            disturb(job)
        wait_until(lambda: state_of(job) != "waiting")
        began = time.monotonic()
        wait_until(lambda: state_of(job) == "done", seconds=40, because=lambda: job_row(job))
        self.durations.append(time.monotonic() - began)


def job_row(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk).values_list("kind", "state", "attempts", "failure").get()


def state_of(job: Job) -> str:
    return str(job_row(job)[1])


@contextlib.contextmanager
def closed_table(association: AssociationRef, table: str) -> Iterator[Callable[[], bool]]:
    """Nobody can write to the table; yields the question whether somebody waits to."""
    name = sql.Identifier(association.schema_name, table)
    database = connections["default"].settings_dict["NAME"]
    with admin_connection(database) as admin, admin_connection(database) as guest, admin.transaction():
        admin.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(name))

        def is_awaited() -> bool:
            row = guest.execute(
                "SELECT 1 FROM pg_locks WHERE relation = %s::regclass AND NOT granted",
                [name.as_string(guest)],
            ).fetchone()
            return row is not None

        yield is_awaited


def compare_figures(disturbed: AssociationRef, undisturbed: AssociationRef, where: str) -> None:
    """Every figure of both is the same; what a death after the result left in staging is tidied as every day."""
    with enter_association(disturbed):
        forget_settled(CATALOGUE)
    assert figures_of(disturbed) == figures_of(undisturbed), where


def kill_child(worker: WorkerProcess) -> None:
    for pid in worker.children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


class Campaign:
    """Kills the worker once in each step, and starts another where all of it is gone."""

    def __init__(self, start: StartWorker, *, is_whole: bool) -> None:
        self._start = start
        self.is_whole = is_whole
        self.worker = start()
        self.kills = 0

    def kill(self) -> None:
        self.kills += 1
        if self.is_whole:
            self.worker.kill()
            self.worker = self._start()
        else:
            kill_child(self.worker)

    def after(self, seconds: float) -> Disturb:
        def disturb(job: Job) -> None:
            wait_until(lambda: state_of(job) != "waiting")
            time.sleep(seconds)
            if state_of(job) == "running":
                self.kill()

        return disturb

    def before_writing(self, association: AssociationRef, table: str) -> Disturb:
        def disturb(job: Job) -> None:
            with closed_table(association, table) as is_awaited:
                while not is_awaited() and state_of(job) != "done":
                    time.sleep(0.02)
                if state_of(job) == "running":
                    self.kill()

        return disturb


def walk(
    campaign: Campaign, undisturbed: AssociationRef, disturbed: AssociationRef, moment: float | str
) -> None:
    """Read, publish, undo, read and publish again, comparing every figure after each step.

    `moment`: a share of the time that the undisturbed job ran, or a table that is about to be written.
    """
    calm, rough = Run(undisturbed), Run(disturbed)
    for kind in (READ, PUBLISH, UNDO, READ, PUBLISH):
        calm.step(kind)
        if isinstance(moment, float):
            rough.step(kind, campaign.after(moment * calm.durations[-1]))
        else:
            rough.step(kind, campaign.before_writing(disturbed, moment))
        compare_figures(disturbed, undisturbed, f"after {kind} ({moment})")
    assert campaign.kills >= (0 if isinstance(moment, float) else 1), "the moment never came"


@pytest.mark.parametrize(
    ("share", "is_whole"),
    [(0.05, False), (0.2, True), (0.35, False), (0.5, True), (0.65, False), (0.8, True), (0.95, False)],
)
def test_kill_after_a_share_of_each_step(
    start_worker: StartWorker,
    lipowa: AssociationRef,
    sloneczna: AssociationRef,
    share: float,
    is_whole: bool,
) -> None:
    walk(Campaign(start_worker, is_whole=is_whole), lipowa, sloneczna, share)


@pytest.mark.parametrize(
    "table",
    [
        "premises_stagedpremises",
        "ledger_stagedposting",
        "imports_stagedgroup",
        "imports_importbatch",
        "imports_publication",
        "premises_holding",
        "charges_chargeline",
        "ledger_posting",
        "ledger_postingedition",
        "audit_auditentry",
    ],
)
def test_kill_before_a_table_is_written(
    start_worker: StartWorker, lipowa: AssociationRef, sloneczna: AssociationRef, table: str
) -> None:
    walk(Campaign(start_worker, is_whole=False), lipowa, sloneczna, table)


def test_kill_at_a_hundred_random_moments_of_the_whole_path(
    start_worker: StartWorker, lipowa: AssociationRef, sloneczna: AssociationRef
) -> None:
    """Read, publish and undo again and again, each job killed somewhere; now its child, now the whole worker."""
    chance = random.Random()  # noqa: S311  any moments will do; they are named where one fails
    calm, rough = Run(lipowa), Run(sloneczna)
    campaign = Campaign(start_worker, is_whole=False)
    rounds = 0
    while campaign.kills < MOMENTS:
        rounds += 1
        assert rounds <= MOMENTS, f"only {campaign.kills} jobs were running at their moment"
        for kind in (READ, PUBLISH, UNDO):
            campaign.is_whole, share = chance.random() < WHOLE_WORKERS, chance.random()
            calm.step(kind)
            rough.step(kind, campaign.after(share * calm.durations[-1]))
            compare_figures(sloneczna, lipowa, f"round {rounds}, {kind} killed after {share:.3f} of its time")


def test_connection_lost_during_a_publication(
    start_worker: StartWorker, lipowa: AssociationRef, sloneczna: AssociationRef
) -> None:
    """The database server ends the sessions of the worker; the worker itself lives on."""
    start_worker()
    calm, rough = Run(lipowa), Run(sloneczna)
    name = connections["default"].settings_dict["NAME"]

    def end_sessions(job: Job) -> None:
        wait_until(lambda: state_of(job) == "running")
        time.sleep(0.1)
        with admin_connection() as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND query NOT ILIKE '%%jobs_job%%'",
                [name],
            )
        for alias in ("default", "owner"):
            connections[alias].close()

    for kind in (READ, PUBLISH, UNDO):
        calm.step(kind)
        rough.step(kind, end_sessions)
        compare_figures(sloneczna, lipowa, f"after {kind}")
