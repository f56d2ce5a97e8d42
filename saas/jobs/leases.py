"""The workers' side of the queue: a job is held by a lease, and only its holder may end it.

PostgreSQL's clock decides. A worker that dies lets its lease run out; `return_stale_jobs` then gives the job
to the next one. While a transaction holds the job (`lock_claim`), nobody takes it for stale. It is held by an
advisory lock, not by its row: the lease is extended and a cancellation written down while the result is made.
"""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from saas.jobs.models import Job, JobState, SizeClass
from saas.tenancy.switching import AssociationRef, enter_association, enter_public

# Two workers can meet at one association's jobs; more often than this in a row they cannot in practice.
CLAIM_TRIES = 5
LARGE_SLOT_LOCK = 0x6B617274  # any number that no other advisory lock of the program uses
LeaseState = Literal["held", "lost", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A job as its holder knows it; `token` proves the holding."""

    job_id: uuid.UUID
    token: uuid.UUID
    association: AssociationRef
    kind: str
    batch_id: int | None
    options: dict[str, Any]
    attempts: int
    size_class: str


# Called inside the association, in the transaction that ends the job: the batch says what happened.
EndHook = Callable[[Claim], None]


class LeaseLostError(Exception):
    """Somebody else holds the job now, or it has ended: whatever this worker did must not be kept."""


class JobCancelledError(Exception):
    """The job was cancelled while it ran."""


def claim_job(*, sizes: Collection[str] = SizeClass.values) -> Claim | None:
    """Take the oldest waiting job of these sizes for JOB_LEASE_SECONDS; None where there is none to take.

    Skipped are jobs that pause, jobs of an association that has a running or an earlier waiting one, and large
    jobs while JOB_LARGE_SLOTS of them run.
    """
    with enter_public():
        for _ in range(CLAIM_TRIES):
            try:
                with transaction.atomic():
                    return _claim_oldest(sizes)
            except IntegrityError:
                # Another worker took a job of the same association at this moment: look for the next one.
                continue
    return None


def _claim_oldest(sizes: Collection[str]) -> Claim | None:
    running = Job.objects.filter(association=OuterRef("association"), state=JobState.RUNNING)
    # What an association asked for first is done first, also while another worker is just taking it.
    earlier = Job.objects.filter(
        Q(created_at__lt=OuterRef("created_at"))
        | Q(created_at=OuterRef("created_at"), id__lt=OuterRef("id")),
        association=OuterRef("association"),
        state=JobState.WAITING,
        size_class__in=sizes,
    )
    job = (
        Job.objects.select_for_update(skip_locked=True)
        .filter(Q(waits_until=None) | Q(waits_until__lte=Now()), state=JobState.WAITING, size_class__in=sizes)
        .exclude(Exists(running))
        .exclude(Exists(earlier))
        .order_by("created_at", "id")
        .first()
    )
    if job is None:
        return None
    if job.size_class == SizeClass.LARGE and not _has_large_slot():
        return _claim_oldest([size for size in sizes if size != SizeClass.LARGE])
    token = uuid.uuid4()
    attempts = job.attempts + 1
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING,
        lease_token=token,
        lease_until=_lease_end(),
        started_at=Now(),
        attempts=attempts,
        waits_until=None,
    )
    job.attempts, job.lease_token = attempts, token
    return _claim_of(job)


def _has_large_slot() -> bool:
    """Whether one more large job may run; the lock lasts until the claim commits, so only one hears yes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LARGE_SLOT_LOCK])
    running = Job.objects.filter(state=JobState.RUNNING, size_class=SizeClass.LARGE).count()
    return running < settings.JOB_LARGE_SLOTS


def _lease_end() -> Any:
    return Now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _claim_of(job: Job) -> Claim:
    association = job.association
    return Claim(
        job_id=job.id,
        token=job.lease_token or uuid.UUID(int=0),
        association=AssociationRef(
            id=association.id, slug=association.slug, schema_name=association.schema_name
        ),
        kind=job.kind,
        batch_id=job.batch_id,
        options=job.options,
        attempts=job.attempts,
        size_class=job.size_class,
    )


def take_large_slot(claim: Claim) -> bool:
    """Count a running job among the large ones from now on; False where no slot for one more is free."""
    with enter_public(), transaction.atomic():
        if not _has_large_slot():
            return False
        _held(claim).update(size_class=SizeClass.LARGE)
    return True


def extend_lease(claim: Claim) -> bool:
    """Hold the job for another JOB_LEASE_SECONDS from now; False when it is lost."""
    with enter_public():
        return bool(_held(claim).update(lease_until=_lease_end()))


def lease_state(claim: Claim) -> LeaseState:
    """Whether the claim still holds its job, and whether somebody asked to cancel it."""
    with enter_public():
        asked = _held(claim).values_list("is_cancel_requested", flat=True).first()
    if asked is None:
        return "lost"
    return "cancelled" if asked else "held"


def lock_claim(claim: Claim) -> None:
    """Hold the job until the end of the transaction; raises where the claim no longer holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_lock_key(claim.job_id)])
    _refuse(lease_state(claim))


def finish_job(claim: Claim) -> None:
    """Mark the job done, in the caller's transaction, the last thing in it.

    Raises LeaseLostError where the claim lost it, JobCancelledError where somebody cancelled it before now.
    """
    with enter_public():
        if not _held(claim).filter(is_cancel_requested=False).update(**_ended(JobState.DONE)):
            _refuse(lease_state(claim))


def fail_job(claim: Claim, *, failure: str, on_failure: EndHook) -> None:
    """End the job for good and let the batch say so, in one transaction. `failure`: code for the operator."""
    with transaction.atomic():
        _end(claim, JobState.FAILED, failure=failure)
        with enter_association(claim.association):
            on_failure(claim)


def drop_job(claim: Claim, *, on_cancelled: EndHook) -> None:
    """End a job that was cancelled while it ran and let the batch say so, in one transaction."""
    with transaction.atomic():
        _end(claim, JobState.CANCELLED)
        with enter_association(claim.association):
            on_cancelled(claim)


def return_job(
    claim: Claim, *, pause_seconds: float = 0, is_counted: bool = True, size_class: str = ""
) -> None:
    """Give the job back: another worker may take it, after the pause. Does nothing where the lease is lost.

    `is_counted`: whether this attempt counts towards JOB_MAX_ATTEMPTS (a shutdown of the worker does not).
    `size_class`: what the job turned out to be, if not what it was taken for.
    """
    with enter_public():
        _held(claim).update(
            state=JobState.WAITING,
            lease_token=None,
            lease_until=None,
            attempts=claim.attempts if is_counted else claim.attempts - 1,
            waits_until=Now() + timedelta(seconds=pause_seconds) if pause_seconds else None,
            size_class=size_class or claim.size_class,
        )


def return_stale_jobs(*, on_failure: EndHook, on_cancelled: EndHook) -> int:
    """Free jobs whose lease ran out, end the cancelled ones, fail those that ran JOB_MAX_ATTEMPTS times.

    Returns how many there were.
    """
    stale = Q(state=JobState.RUNNING, lease_until__lt=Now())
    with enter_public():
        keys = list(Job.objects.filter(stale).order_by("created_at").values_list("pk", flat=True))
        return sum(_return_stale(key, stale, on_failure, on_cancelled) for key in keys)


def _return_stale(key: uuid.UUID, stale: Q, on_failure: EndHook, on_cancelled: EndHook) -> int:
    with transaction.atomic():
        # A job that is locked is being finished by its holder, or returned by another worker.
        job = Job.objects.select_for_update(skip_locked=True).filter(stale, pk=key).first()
        if job is None or not _try_lock(key):
            return 0
        claim = _claim_of(job)
        if job.is_cancel_requested:
            drop_job(claim, on_cancelled=on_cancelled)
        elif job.attempts >= settings.JOB_MAX_ATTEMPTS:
            fail_job(claim, failure="lease_ran_out", on_failure=on_failure)
        else:
            return_job(claim)
    return 1


def _held(claim: Claim) -> Any:
    return Job.objects.filter(pk=claim.job_id, lease_token=claim.token, state=JobState.RUNNING)


def _end(claim: Claim, state: JobState, *, failure: str = "") -> None:
    with enter_public():
        if not _held(claim).update(**_ended(state), failure=failure):
            raise LeaseLostError


def _ended(state: JobState) -> dict[str, Any]:
    return {"state": state, "lease_token": None, "lease_until": None, "finished_at": Now()}


def _refuse(state: LeaseState) -> None:
    if state == "cancelled":
        raise JobCancelledError
    if state == "lost":
        raise LeaseLostError


def _lock_key(job_id: uuid.UUID) -> int:
    """Half of the random key as the signed number that advisory locks take."""
    return int.from_bytes(job_id.bytes[:8], signed=True)


def _try_lock(job_id: uuid.UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_lock_key(job_id)])
        return bool(cursor.fetchone()[0])
