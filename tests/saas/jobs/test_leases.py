"""The queue: one holder per job, one running job per association, nothing lost and nothing doubled."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models.functions import Now

from associations.imports.models import ImportBatch
from saas.jobs.actions import cancel_job, enqueue_job, wake_jobs
from saas.jobs.leases import (
    Claim,
    JobCancelledError,
    LeaseLostError,
    claim_job,
    drop_job,
    extend_lease,
    fail_job,
    finish_job,
    lease_state,
    lock_claim,
    return_job,
    return_stale_jobs,
    take_large_slot,
)
from saas.jobs.models import Job, JobKind
from saas.jobs.queries import is_work_waiting, job_status
from saas.tenancy.switching import AssociationRef, enter_association


def enqueue(association: AssociationRef, **changes: Any) -> Job:
    return enqueue_job(association=association, kind=JobKind.READ_BATCH, **({"batch_id": 1} | changes))


def claim_one() -> Claim:
    claim = claim_job()
    assert claim is not None
    return claim


def let_leases_run_out() -> None:
    Job.objects.filter(state="running").update(lease_until=Now() - timedelta(seconds=1))


def no_hook(claim: Claim) -> None:
    raise AssertionError("nothing failed here")


@pytest.mark.django_db
class TestClaiming:
    def test_oldest_waiting_job_is_taken_with_all_it_needs(self, sloneczna: AssociationRef) -> None:
        older = enqueue(sloneczna, batch_id=7, options={"left_out": [3]})
        enqueue(sloneczna, batch_id=8)

        claim = claim_one()

        assert (claim.job_id, claim.association, claim.kind) == (older.pk, sloneczna, "read_batch")
        assert (claim.batch_id, claim.options, claim.attempts) == (7, {"left_out": [3]}, 1)
        assert lease_state(claim) == "held"

    def test_second_job_of_an_association_waits_for_the_first(self, sloneczna: AssociationRef) -> None:
        enqueue(sloneczna)
        second = enqueue(sloneczna)
        first_claim = claim_one()

        assert claim_job() is None
        finish_job(first_claim)

        assert claim_one().job_id == second.pk

    def test_job_of_another_association_does_not_wait(
        self, sloneczna: AssociationRef, lipowa: AssociationRef
    ) -> None:
        enqueue(sloneczna)
        enqueue(sloneczna)
        other = enqueue(lipowa)
        claim_one()

        assert claim_one().job_id == other.pk

    def test_large_jobs_leave_a_slot(
        self, sloneczna: AssociationRef, lipowa: AssociationRef, settings: Any
    ) -> None:
        settings.JOB_LARGE_SLOTS = 1
        enqueue(sloneczna, size_class="large")
        large = enqueue(lipowa, size_class="large")
        small = enqueue(lipowa)
        first = claim_one()

        second = claim_one()
        finish_job(second)
        assert (second.job_id, claim_job()) == (small.pk, None)
        finish_job(first)

        assert claim_one().job_id == large.pk

    def test_worker_of_small_jobs_takes_no_large_one(self, sloneczna: AssociationRef) -> None:
        enqueue(sloneczna, size_class="large")

        assert claim_job(sizes=["small"]) is None
        assert claim_job(sizes=["small", "large"]) is not None

    def test_enqueue_inside_an_association_leaves_the_connection_there(
        self, sloneczna: AssociationRef
    ) -> None:
        with enter_association(sloneczna):
            batch = ImportBatch.objects.create(created_by_name="Anna Kowalska")
            enqueue(sloneczna, batch_id=batch.pk)

            assert ImportBatch.objects.get().pk == batch.pk
        assert claim_one().batch_id == batch.pk

    def test_job_goes_with_the_transaction_that_asked_for_it(self, sloneczna: AssociationRef) -> None:
        with pytest.raises(KeyError), transaction.atomic():
            enqueue(sloneczna)
            assert is_work_waiting()
            raise KeyError

        assert not is_work_waiting()


@pytest.mark.django_db
class TestLease:
    def test_ended_job_cannot_end_again(self, sloneczna: AssociationRef) -> None:
        enqueue(sloneczna)
        claim = claim_one()
        finish_job(claim)

        assert not extend_lease(claim)
        assert lease_state(claim) == "lost"
        for again in (finish_job, lambda claim: drop_job(claim, on_cancelled=no_hook), lock_claim):
            with pytest.raises(LeaseLostError):
                again(claim)
        assert Job.objects.get().state == "done"

    def test_stale_job_goes_to_the_next_worker_and_the_former_holder_is_refused(
        self, sloneczna: AssociationRef
    ) -> None:
        enqueue(sloneczna)
        former = claim_one()
        assert return_stale_jobs(on_failure=no_hook, on_cancelled=no_hook) == 0
        let_leases_run_out()

        assert return_stale_jobs(on_failure=no_hook, on_cancelled=no_hook) == 1

        new = claim_one()
        assert (new.job_id, new.attempts) == (former.job_id, 2)
        assert (lease_state(former), lease_state(new)) == ("lost", "held")
        return_job(former)
        assert Job.objects.get().state == "running"

    def test_extended_lease_is_not_stale(self, sloneczna: AssociationRef) -> None:
        enqueue(sloneczna)
        claim = claim_one()
        let_leases_run_out()

        assert extend_lease(claim)

        assert return_stale_jobs(on_failure=no_hook, on_cancelled=no_hook) == 0

    def test_job_that_keeps_losing_workers_fails_and_the_batch_says_so(
        self, sloneczna: AssociationRef, settings: Any
    ) -> None:
        settings.JOB_MAX_ATTEMPTS = 2
        enqueue(sloneczna, batch_id=5)
        told: list[int | None] = []
        for _ in range(2):
            claim_one()
            let_leases_run_out()
            return_stale_jobs(on_failure=lambda claim: told.append(claim.batch_id), on_cancelled=no_hook)

        job = Job.objects.get()
        assert (job.state, job.failure, job.attempts, told) == ("failed", "lease_ran_out", 2, [5])

    def test_job_and_batch_fail_together_or_not_at_all(self, sloneczna: AssociationRef) -> None:
        enqueue(sloneczna)
        claim = claim_one()

        def broken(claim: Claim) -> None:
            raise KeyError

        with pytest.raises(KeyError):
            fail_job(claim, failure="x", on_failure=broken)
        assert Job.objects.get().state == "running"

    def test_job_given_back_at_shutdown_has_lost_no_attempt(self, sloneczna: AssociationRef) -> None:
        enqueue(sloneczna)

        return_job(claim_one(), is_counted=False)

        assert claim_one().attempts == 1

    def test_pausing_job_waits_until_woken(self, sloneczna: AssociationRef) -> None:
        enqueue(sloneczna)
        return_job(claim_one(), pause_seconds=60)

        assert (claim_job(), is_work_waiting()) == (None, False)
        assert wake_jobs(association=sloneczna) == 1

        assert claim_job() is not None


@pytest.mark.django_db
class TestCancelling:
    def test_waiting_job_is_cancelled_at_once(self, sloneczna: AssociationRef) -> None:
        job = enqueue(sloneczna)

        assert cancel_job(job_id=job.pk)

        status = job_status(job.pk)
        assert status is not None
        assert (status.state, status.attempts, claim_job()) == ("cancelled", 0, None)
        assert not cancel_job(job_id=job.pk)

    def test_running_job_learns_of_it_and_its_result_is_refused(self, sloneczna: AssociationRef) -> None:
        job = enqueue(sloneczna)
        claim = claim_one()

        assert cancel_job(job_id=job.pk)

        assert lease_state(claim) == "cancelled"
        for refused in (lock_claim, finish_job):
            with pytest.raises(JobCancelledError):
                refused(claim)
        told: list[int | None] = []
        drop_job(claim, on_cancelled=lambda claim: told.append(claim.batch_id))
        assert (Job.objects.get().state, told) == ("cancelled", [1])

    def test_cancelled_job_of_a_dead_worker_is_not_run_again(self, sloneczna: AssociationRef) -> None:
        job = enqueue(sloneczna)
        claim_one()
        cancel_job(job_id=job.pk)
        let_leases_run_out()
        told: list[int | None] = []

        return_stale_jobs(on_failure=no_hook, on_cancelled=lambda claim: told.append(claim.batch_id))

        assert (Job.objects.get().state, told) == ("cancelled", [1])

    def test_unknown_job_is_not_there(self) -> None:
        assert not cancel_job(job_id=uuid.uuid4())
        assert job_status(uuid.uuid4()) is None


@pytest.mark.django_db
class TestConstraints:
    def test_two_running_jobs_of_one_association_are_refused(self, sloneczna: AssociationRef) -> None:
        enqueue(sloneczna)
        enqueue(sloneczna)
        claim_one()

        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.update(state="running", lease_token=uuid.uuid4(), lease_until=Now())

    @pytest.mark.parametrize(
        "change", [{"state": "running"}, {"state": "asleep"}, {"size_class": "huge"}], ids=str
    )
    def test_impossible_job_is_refused(self, sloneczna: AssociationRef, change: dict[str, str]) -> None:
        enqueue(sloneczna)

        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.update(**change)


def in_parallel(count: int, work: Callable[[], Any]) -> list[Any]:
    """Run the work in so many threads at once, each with a connection of its own."""

    def run(_: int) -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.usefixtures("committed_db")
class TestManyWorkers:
    def test_crowd_of_workers_takes_each_job_once(
        self, sloneczna: AssociationRef, lipowa: AssociationRef
    ) -> None:
        jobs = [enqueue(association).pk for association in (sloneczna, lipowa) for _ in range(10)]

        def work_until_empty() -> list[uuid.UUID]:
            done = []
            while is_work_waiting():
                claim = claim_job()
                if claim is not None:
                    done.append(claim.job_id)
                    finish_job(claim)
            return done

        done = [job for found in in_parallel(4, work_until_empty) for job in found]

        assert sorted(done) == sorted(jobs)

    def test_job_being_finished_is_not_taken_for_stale(self, sloneczna: AssociationRef) -> None:
        enqueue(sloneczna)
        claim = claim_one()
        let_leases_run_out()

        with transaction.atomic():
            lock_claim(claim)
            taken = in_parallel(1, lambda: return_stale_jobs(on_failure=no_hook, on_cancelled=no_hook))
            finish_job(claim)

        assert taken == [0]
        assert Job.objects.get().state == "done"

    def test_lease_is_extended_while_the_job_is_being_finished(self, sloneczna: AssociationRef) -> None:
        enqueue(sloneczna)
        claim = claim_one()

        with transaction.atomic():
            lock_claim(claim)
            extended = in_parallel(1, lambda: extend_lease(claim))
            finish_job(claim)

        assert extended == [True]

    def test_cancellation_is_taken_until_the_job_is_done(self, sloneczna: AssociationRef) -> None:
        job = enqueue(sloneczna)
        claim = claim_one()

        with pytest.raises(JobCancelledError), transaction.atomic():
            lock_claim(claim)
            assert in_parallel(1, lambda: cancel_job(job_id=job.pk)) == [True]
            finish_job(claim)

        assert Job.objects.get().state == "running"

    def test_one_large_slot_is_given_once(self, sloneczna: AssociationRef, lipowa: AssociationRef) -> None:
        for association in (sloneczna, lipowa):
            enqueue(association)
        claims = [claim_one(), claim_one()]

        given = [take_large_slot(claim) for claim in claims]

        assert given == [True, False]
        assert sorted(Job.objects.order_by("pk").values_list("size_class", flat=True)) == ["large", "small"]
