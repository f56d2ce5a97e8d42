"""Looking at the queue."""

import uuid
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Now

from saas.jobs.models import Job, JobState
from saas.tenancy.switching import enter_public


@dataclass(frozen=True, slots=True)
class JobStatus:
    """Where a job stands: `attempts` is 0 as long as no worker has ever taken it."""

    state: str
    attempts: int
    failure: str


def is_work_waiting() -> bool:
    """Whether some job could be taken now."""
    with enter_public():
        due = Q(waits_until=None) | Q(waits_until__lte=Now())
        return Job.objects.filter(due, state=JobState.WAITING).exists()


def job_status(job_id: uuid.UUID) -> JobStatus | None:
    """The job's state as committed; None where there is no such job."""
    with enter_public():
        job = Job.objects.filter(pk=job_id).first()
    return JobStatus(state=job.state, attempts=job.attempts, failure=job.failure) if job else None


def is_anybody_working() -> bool:
    """Whether some worker holds a job now."""
    with enter_public():
        return Job.objects.filter(state=JobState.RUNNING, lease_until__gt=Now()).exists()
