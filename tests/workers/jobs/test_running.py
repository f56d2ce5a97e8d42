"""The edge of a job: what becomes of it and of its batch when the handler succeeds, fails or stops."""

import logging
from typing import Any

import pytest
from django.db import transaction

from associations.audit.actions import record_act
from associations.audit.actors import SYSTEM
from associations.audit.models import AuditEntry
from associations.imports.models import BatchState, ImportBatch
from associations.imports.progress import PUBLISH_FAILED, READ_FAILED, UNDO_FAILED, mark_interrupted
from associations.profile.models import AssociationProfile
from saas.jobs.actions import cancel_job, enqueue_job
from saas.jobs.leases import Claim, JobCancelledError, LeaseLostError, claim_job, return_job
from saas.jobs.models import Job, JobKind
from saas.tenancy.switching import AssociationRef, enter_association
from workers.jobs import JobContext
from workers.keeping import LeaseKeeper
from workers.running import run_one_job

pytestmark = pytest.mark.usefixtures("committed_db")
HANDLERS = dict.fromkeys(JobKind.values, "tests.workers.jobs.patience:work_patiently")


def enqueue(association: AssociationRef, **options: Any) -> int:
    with enter_association(association):
        batch = ImportBatch.objects.create(created_by_name="Anna Kowalska")
    enqueue_job(association=association, kind=JobKind.READ_BATCH, batch_id=batch.pk, options=options)
    return int(batch.pk)


def find_batch(association: AssociationRef, batch_id: int) -> ImportBatch:
    with enter_association(association):
        return ImportBatch.objects.get(pk=batch_id)


def claim_one() -> Claim:
    claim = claim_job()
    assert claim is not None
    return claim


def test_nothing_waiting_is_nothing_done() -> None:
    assert run_one_job(HANDLERS) is False


def test_done_job_leaves_its_result(sloneczna: AssociationRef) -> None:
    batch_id = enqueue(sloneczna)

    assert run_one_job(HANDLERS)

    job = Job.objects.get()
    assert (job.state, job.lease_token, job.failure) == ("done", None, "")
    assert find_batch(sloneczna, batch_id).state == "ready"


def test_passing_error_is_tried_again_after_a_pause_and_fails_in_the_end(
    sloneczna: AssociationRef, settings: Any
) -> None:
    settings.JOB_MAX_ATTEMPTS = 2
    batch_id = enqueue(sloneczna, fails="passing")

    run_one_job(HANDLERS)
    job = Job.objects.get()
    assert (job.state, job.attempts, run_one_job(HANDLERS)) == ("waiting", 1, False)
    assert find_batch(sloneczna, batch_id).state == "reading"
    Job.objects.update(waits_until=None)
    run_one_job(HANDLERS)

    batch = find_batch(sloneczna, batch_id)
    job.refresh_from_db()
    assert (job.state, job.failure) == ("failed", "OperationalError")
    assert (batch.state, batch.failure) == ("failed", READ_FAILED)


@pytest.mark.parametrize(
    ("fails", "code", "sentence"),
    [("refused", "empty", "Plik jest pusty."), ("bug", "KeyError", READ_FAILED)],
)
def test_error_that_would_come_again_fails_at_once(
    sloneczna: AssociationRef, fails: str, code: str, sentence: str
) -> None:
    batch_id = enqueue(sloneczna, fails=fails)

    run_one_job(HANDLERS)

    batch = find_batch(sloneczna, batch_id)
    job = Job.objects.get()
    assert (job.state, job.failure) == ("failed", code)
    assert (batch.state, batch.failure) == ("failed", sentence)


@pytest.mark.parametrize("fails", ["passing", "bug"])
def test_log_names_place_and_class_of_an_error_but_nobody(
    sloneczna: AssociationRef, caplog: pytest.LogCaptureFixture, fails: str
) -> None:
    caplog.set_level(logging.INFO)
    enqueue(sloneczna, fails=fails)

    run_one_job(HANDLERS)

    assert "patience.py" in caplog.text
    assert "Error" in caplog.text
    assert "Kowalski" not in caplog.text


@pytest.mark.parametrize("state", ["suspended", "read_only", "archived"])
def test_job_of_an_association_that_is_not_active_waits(sloneczna: AssociationRef, state: str) -> None:
    enqueue(sloneczna)
    with enter_association(sloneczna):
        AssociationProfile.objects.update(state=state)

    assert run_one_job(HANDLERS)

    job = Job.objects.get()
    assert (job.state, job.attempts, run_one_job(HANDLERS)) == ("waiting", 0, False)


def test_missing_handler_fails_the_job_and_not_the_worker(sloneczna: AssociationRef) -> None:
    enqueue(sloneczna)

    assert run_one_job({"read_batch": "workers.nowhere:read_batch"})

    assert Job.objects.get().failure == "ModuleNotFoundError"


class TestFinishing:
    """JobContext.finishing: the result and the end of the job, together or not at all."""

    def test_stale_holder_writes_nothing(self, sloneczna: AssociationRef) -> None:
        enqueue(sloneczna)
        claim = claim_one()
        return_job(claim)
        claim_one()

        with pytest.raises(LeaseLostError), JobContext(claim, LeaseKeeper(claim)).finishing():
            pytest.fail("the holder was let in")

    def test_cancelled_job_writes_nothing(self, sloneczna: AssociationRef) -> None:
        enqueue(sloneczna)
        claim = claim_one()
        cancel_job(job_id=claim.job_id)

        with pytest.raises(JobCancelledError), JobContext(claim, LeaseKeeper(claim)).finishing():
            pytest.fail("the holder was let in")

    def test_error_leaves_neither_result_nor_done_job(self, sloneczna: AssociationRef) -> None:
        enqueue(sloneczna)
        claim = claim_one()
        context = JobContext(claim, LeaseKeeper(claim))

        with pytest.raises(KeyError), context.finishing():
            record_act(actor=SYSTEM, action="test.worked")
            raise KeyError

        with enter_association(sloneczna):
            assert not AuditEntry.objects.filter(action="test.worked").exists()
        assert (Job.objects.get().state, context.is_finished) == ("running", False)

    def test_it_is_one_transaction_and_never_part_of_another(self, sloneczna: AssociationRef) -> None:
        enqueue(sloneczna)
        claim = claim_one()

        with (
            pytest.raises(RuntimeError),
            transaction.atomic(),
            JobContext(claim, LeaseKeeper(claim)).finishing(),
        ):
            pytest.fail("the outer transaction could still be rolled back")


@pytest.mark.parametrize(
    ("running", "errors", "after", "sentence"),
    [
        (BatchState.UPLOADED, 0, "failed", READ_FAILED),
        (BatchState.READING, 0, "failed", READ_FAILED),
        (BatchState.PUBLISHING, 0, "ready", PUBLISH_FAILED),
        (BatchState.PUBLISHING, 3, "blocked", PUBLISH_FAILED),
        (BatchState.UNDOING, 0, "published", UNDO_FAILED),
        (BatchState.PUBLISHED, 0, "published", ""),
        (BatchState.REJECTED, 0, "rejected", ""),
    ],
)
def test_interrupted_batch_returns_to_where_it_stood(
    sloneczna: AssociationRef, running: str, errors: int, after: str, sentence: str
) -> None:
    with enter_association(sloneczna), transaction.atomic():
        batch = ImportBatch.objects.create(created_by_name="A", state=running, error_count=errors)

        mark_interrupted(batch_id=batch.pk)

        batch.refresh_from_db()
        assert (batch.state, batch.failure) == (after, sentence)
