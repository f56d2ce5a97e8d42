"""Jobs of an association whose tables are about to go or to be replaced."""

import uuid

from saas.jobs.models import Job, JobState
from saas.keeping.errors import KeepingError

OWNER = "owner"


def end_jobs(association_id: uuid.UUID) -> int:
    """Cancel what waits, in the caller's transaction; how many. Raises KeepingError where one runs."""
    jobs = Job.objects.using(OWNER).filter(association_id=association_id)
    waiting = jobs.filter(state=JobState.WAITING).update(state=JobState.CANCELLED)
    if jobs.filter(state=JobState.RUNNING).exists():
        raise KeepingError("busy", "A job of the association runs: nothing was changed, try again later.")
    return waiting
