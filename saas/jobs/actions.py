"""Asking for work: what requests, commands and actions call. The workers' side is saas.jobs.leases.

How large a job is: saas.jobs.sizing. Cancelling a batch with its job: saas.jobs.cancelling.
"""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from saas.jobs.bell import ring_bell
from saas.jobs.models import Job, JobKind, JobState, SizeClass
from saas.tenancy.switching import AssociationRef, enter_public


def enqueue_job(
    *,
    association: AssociationRef,
    kind: JobKind,
    batch_id: int | None = None,
    options: dict[str, Any] | None = None,
    size_class: str = SizeClass.SMALL,
) -> Job:
    """Put a job into the queue, in the caller's transaction, and ring the bell when that commits.

    `batch_id` for kinds that work on a batch. Callable inside and outside the association. `options` hold ids and
    switches only: no names, no amounts.
    """
    with enter_public():
        job = Job.objects.create(
            association_id=association.id,
            kind=kind,
            batch_id=batch_id,
            options=options or {},
            size_class=size_class,
        )
    transaction.on_commit(ring_bell)
    return job


def cancel_job(*, job_id: uuid.UUID) -> bool:
    """Cancel a waiting job at once, a running one at its next report; False where it has ended already.

    What becomes of the batch is the caller's to say, in the same transaction.
    """
    with enter_public(), transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        if job is None or job.state not in {JobState.WAITING, JobState.RUNNING}:
            return False
        if job.state == JobState.WAITING:
            job.state, job.finished_at = JobState.CANCELLED, timezone.now()
        job.is_cancel_requested = True
        job.save(update_fields=["state", "finished_at", "is_cancel_requested"])
    return True


def wake_jobs(*, association: AssociationRef) -> int:
    """Let the association's pausing jobs run now (it is suspended no longer); how many there were."""
    with enter_public():
        count = Job.objects.filter(
            association_id=association.id, state=JobState.WAITING, waits_until__isnull=False
        ).update(waits_until=None)
    if count:
        transaction.on_commit(ring_bell)
    return count
