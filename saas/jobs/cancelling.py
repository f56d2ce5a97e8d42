"""Cancelling what a worker does, or is to do, with a batch: the one way of page, API and commands."""

from typing import Literal

from django.db import transaction

from associations.audit.actors import Actor
from associations.imports.cancelling import cancel_import
from associations.imports.models import BatchState
from saas.jobs.actions import cancel_job
from saas.jobs.models import Job, JobState
from saas.staff.access import StaffGrant
from saas.tenancy.switching import AssociationRef, enter_association, enter_public

Cancellation = Literal["cancelled", "asked"]


def may_cancel(grant: StaffGrant, state: BatchState) -> bool:
    """Who may ask for a step may also call it off."""
    is_of_publishers = state in {BatchState.PUBLISHING, BatchState.UNDOING}
    return grant.can_publish if is_of_publishers else grant.can_upload


def cancel_batch(*, actor: Actor, association: AssociationRef, batch_id: int) -> Cancellation:
    """Cancel the batch's waiting job with its batch at once; ask a running one to stop.

    "asked": the worker drops the job within seconds and puts the batch where it stood; one that finishes in the
    same moment wins, and the batch says so. Raises ImportRuleError where nothing runs for the batch.
    """
    with enter_association(association), transaction.atomic():
        # The job before the batch, as the worker that finishes: the other way round they would wait for each other.
        is_running = _cancel_jobs(association, batch_id)
        cancel_import(actor=actor, batch_id=batch_id, is_running=is_running)
    return "asked" if is_running else "cancelled"


def _cancel_jobs(association: AssociationRef, batch_id: int) -> bool:
    """Whether one of them runs and was only asked."""
    with enter_public():
        jobs = Job.objects.filter(association_id=association.id, batch_id=batch_id)
        live = jobs.filter(state__in=[JobState.WAITING, JobState.RUNNING]).order_by("created_at")
        for job_id in list(live.values_list("pk", flat=True)):
            cancel_job(job_id=job_id)
        return jobs.filter(state=JobState.RUNNING).exists()
