"""Housekeeping: ended jobs, expired sessions, old sign-ins, mails and upload keys, files never read, staged rows go."""

import datetime as dt
import logging
from dataclasses import dataclass

from django.core.cache import cache
from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone
from redis.exceptions import RedisError

from associations.catalogue import CATALOGUE
from associations.imports.models import UploadRequest
from associations.imports.publishing import forget_settled
from associations.imports.unread_files import forget_old_unread_files, forget_stray_files
from associations.notifications.sending import forget_old_messages
from associations.owners.models import OwnerSession
from associations.owners.sign_ins import forget_old_sign_ins
from saas.jobs.models import Job, JobState
from saas.staff.models import StaffSession
from saas.tenancy.listing import all_refs
from saas.tenancy.switching import enter_association, enter_public

logger = logging.getLogger(__name__)
KEEP_JOBS = dt.timedelta(days=30)
KEEP_MAILS = dt.timedelta(days=90)
"""That a mail was sent, not what it said. Longer than any due day is ahead: none is reminded of twice."""
KEEP_UPLOAD_KEYS = dt.timedelta(days=90)
"""So long an Idempotency-Key finds its batch."""
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
EVERY = dt.timedelta(days=1)


@dataclass(slots=True)
class Tidied:
    """How many rows and files went."""

    jobs: int = 0
    sessions: int = 0
    upload_keys: int = 0
    unread_files: int = 0
    mails: int = 0
    sign_ins: int = 0
    staged_rows: int = 0


def tidy_up() -> Tidied:
    """Delete what has ended; an association whose schema does not answer is left for the next time."""
    now = timezone.now()
    tidied = Tidied()
    with enter_public():
        old = Q(finished_at__lt=now - KEEP_JOBS) | Q(finished_at=None, created_at__lt=now - KEEP_JOBS)
        tidied.jobs = Job.objects.filter(old, state__in=ENDED).delete()[0]
        tidied.sessions = StaffSession.objects.filter(expire_date__lt=now).delete()[0]
    for association in all_refs():
        try:
            with enter_association(association):
                tidied.sessions += OwnerSession.objects.filter(expire_date__lt=now).delete()[0]
                keys = UploadRequest.objects.filter(created_at__lt=now - KEEP_UPLOAD_KEYS)
                tidied.upload_keys += keys.delete()[0]
                tidied.mails += forget_old_messages(before=now - KEEP_MAILS)
                tidied.sign_ins += forget_old_sign_ins(now=now)
                tidied.unread_files += forget_old_unread_files(now=now) + forget_stray_files(now=now)
                # A worker that dies after its result leaves what it staged.
                tidied.staged_rows += forget_settled(CATALOGUE)
        except DatabaseError as error:
            logger.warning("not tidied up: %s (%s)", association.slug, type(error).__name__)
    return tidied


def tidy_daily() -> Tidied | None:
    """Tidy up where no worker has done so for a day; None where it is not due, or Valkey does not answer."""
    try:
        is_due = cache.add("tidied-up", "1", timeout=EVERY.total_seconds())
    except (RedisError, OSError):
        return None
    if not is_due:
        return None
    tidied = tidy_up()
    logger.info(
        "tidied up: %s jobs, %s sessions, %s upload keys, %s files that were never read, %s mails, %s sign-ins,"
        " %s staged rows",
        tidied.jobs,
        tidied.sessions,
        tidied.upload_keys,
        tidied.unread_files,
        tidied.mails,
        tidied.sign_ins,
        tidied.staged_rows,
    )
    return tidied
