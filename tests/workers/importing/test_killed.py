"""A worker killed before any of its statements: wholly old or wholly new, and another worker finishes the job."""

import random
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.db import transaction
from django.db.models.functions import Now

from associations.imports.actions import create_batch, request_publication, request_undo
from associations.imports.models import BatchState, ImportBatch
from saas.jobs.actions import enqueue_job
from saas.jobs.models import Job, JobKind, JobState
from saas.tenancy.switching import enter_association, enter_public
from tests.worker_process import CHECKOUT, program_environment
from tests.workers.importing.conftest import OPERATOR, Importer
from tests.workers.importing.test_meaning import (
    JANUARY,
    OTHERS,
    PEOPLE,
    REPAIR,
    books,
    file,
    postings,
)
from tests.workers.importing.test_samples import standing_figures
from workers.running import reap_jobs, run_one_job

__all__ = ["books"]

NEVER = 10**9
CHANGED = "1;201-1;01.01.2026;NAL 01/2026;Naliczenie;105,00;0"
DONE = {
    JobKind.READ_BATCH: BatchState.READY,
    JobKind.PUBLISH_BATCH: BatchState.PUBLISHED,
    JobKind.UNDO_BATCH: BatchState.UNDONE,
}


class Rehearsal:
    """The same three jobs again and again: a package that changes, adds and lets vanish."""

    def __init__(self, importer: Importer) -> None:
        self.importer = importer
        self.batch_id = 0
        self.before = self.figures()

    def figures(self) -> dict[str, list[tuple[Any, ...]]]:
        with enter_association(self.importer.association):
            return standing_figures()

    def state(self) -> BatchState:
        with enter_association(self.importer.association):
            return BatchState(ImportBatch.objects.get(pk=self.batch_id).state)

    def ask(self, kind: JobKind) -> None:
        """What a manager's click does."""
        association = self.importer.association
        with enter_association(association), transaction.atomic():
            if kind == JobKind.READ_BATCH:
                people = PEOPLE + "C;Wilk Ewa;2;najem;01.02.2026\n"
                march = "1;201-1;01.03.2026;NAL 03/2026;Naliczenie;110,00;0"
                files = [
                    self.importer._open(one)
                    for one in (
                        file("osoby.csv", people),
                        postings(CHANGED, JANUARY[1], march, *OTHERS, *REPAIR),
                    )
                ]
                self.batch_id = create_batch(actor=OPERATOR, files=files).pk
            elif kind == JobKind.PUBLISH_BATCH:
                request_publication(
                    actor=OPERATOR, batch=ImportBatch.objects.get(pk=self.batch_id), confirms_vanishing=True
                )
            else:
                request_undo(actor=OPERATOR, batch=ImportBatch.objects.get(pk=self.batch_id))
            enqueue_job(association=association, kind=kind, batch_id=self.batch_id)

    def run_until(self, step: int) -> int | None:
        """The job in a process of its own, killed before this step; None, or how many steps it took to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.workers.importing.dying", str(step)],
            cwd=CHECKOUT,
            env=program_environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode == -signal.SIGKILL:
            return None
        assert done.returncode == 0, done.stderr
        return int(done.stdout)

    def recover(self) -> None:
        """As after the lease of the dead worker: another one finds the job."""
        with enter_public():
            Job.objects.filter(state=JobState.RUNNING).update(lease_until=Now())
        reap_jobs()
        while run_one_job():
            pass

    def go(self, kind: JobKind, step: int = NEVER) -> tuple[int | None, dict[str, list[tuple[Any, ...]]]]:
        """One job with a death in it; steps (None: it died) and the figures right after that."""
        self.ask(kind)
        steps = self.run_until(step)
        at_death = self.figures()
        if steps is None:
            self.recover()
        assert self.state() == DONE[kind]
        return steps, at_death


@pytest.fixture
def rehearsal(books: Importer) -> Rehearsal:
    return Rehearsal(books)


def count_steps(rehearsal: Rehearsal) -> tuple[dict[JobKind, int], dict[str, list[tuple[Any, ...]]]]:
    """How many steps each job takes undisturbed, and the figures while the package is published."""
    steps = {}
    published = rehearsal.before
    for kind in (JobKind.READ_BATCH, JobKind.PUBLISH_BATCH, JobKind.UNDO_BATCH):
        taken, figures = rehearsal.go(kind)
        assert taken
        steps[kind] = taken
        if kind == JobKind.PUBLISH_BATCH:
            published = figures
    assert published != rehearsal.before
    return steps, published


def die(
    rehearsal: Rehearsal, deaths: dict[JobKind, int], published: dict[str, list[tuple[Any, ...]]]
) -> None:
    """Read, publish and undo, with a death in each job that is named."""
    for kind in (JobKind.READ_BATCH, JobKind.PUBLISH_BATCH, JobKind.UNDO_BATCH):
        step = deaths.get(kind, NEVER)
        steps, at_death = rehearsal.go(kind, step)
        where = f"{kind}, step {step}"
        # Another run of the same job may take a statement less: then there is nothing left to die before.
        assert steps is None or step > steps, where
        old = published if kind == JobKind.UNDO_BATCH else rehearsal.before
        new = published if kind == JobKind.PUBLISH_BATCH else rehearsal.before
        assert at_death in (old, new), where
        assert rehearsal.figures() == new, where


def test_killed_once_in_each_job_and_at_random_moments(rehearsal: Rehearsal) -> None:
    steps, published = count_steps(rehearsal)
    chance = random.Random()  # noqa: S311  any moments will do; they are named where one fails

    die(rehearsal, {kind: chance.randint(2, count) for kind, count in steps.items()}, published)
    for _ in range(2):
        publish = chance.randint(2, steps[JobKind.PUBLISH_BATCH])
        undo = chance.randint(2, steps[JobKind.UNDO_BATCH])
        die(rehearsal, {JobKind.PUBLISH_BATCH: publish, JobKind.UNDO_BATCH: undo}, published)


@pytest.mark.long
def test_killed_before_every_statement_of_publishing_and_undoing(rehearsal: Rehearsal) -> None:
    steps, published = count_steps(rehearsal)
    last = max(steps[JobKind.PUBLISH_BATCH], steps[JobKind.UNDO_BATCH])

    for step in range(2, last + 1):
        kinds = [kind for kind in (JobKind.PUBLISH_BATCH, JobKind.UNDO_BATCH) if step <= steps[kind]]
        die(rehearsal, dict.fromkeys(kinds, step), published)
