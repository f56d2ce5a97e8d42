"""The round of the mails: a few associations a minute are asked whether something is due to be sent or to be told.

What an owner must hear at once is asked for by the page itself; digests, reminders and further tries are found here.
One worker a minute takes the next ASSOCIATIONS_AT_ONCE, so that a round costs the same however many there are.
"""

import datetime as dt
import logging

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.utils import timezone
from redis.exceptions import RedisError

from associations.charges.calculations import due_days
from associations.notifications.calculations import WARSAW, due_days_ahead
from associations.notifications.queries import is_mail_due, is_mail_set_up
from associations.notifications.reminders import remind_of_due_days
from associations.profile.queries import current_profile
from saas.jobs.actions import enqueue_job
from saas.jobs.models import Job, JobKind, JobState
from saas.tenancy.listing import all_refs
from saas.tenancy.switching import AssociationRef, enter_association, enter_public

logger = logging.getLogger(__name__)
EVERY = dt.timedelta(minutes=1)
ASSOCIATIONS_AT_ONCE = 100
REMINDERS_EVERY = dt.timedelta(hours=1)
FIRST_HOUR, LAST_HOUR = 6, 20
"""Reminders are looked for in the daytime: by the digest's hour those of the day are there."""


def look_for_mail() -> int:
    """Go on with the round where a minute has passed; how many jobs were asked for.

    Nothing where no mail server is set up, or Valkey does not answer: the next look finds the same.
    """
    if not is_mail_set_up():
        return 0
    try:
        if not cache.add("mail-looked", "1", timeout=EVERY.total_seconds()):
            return 0
        refs = all_refs()
        start = int(cache.get("mail-round", 0))
        start = start if start < len(refs) else 0
        cache.set("mail-round", start + ASSOCIATIONS_AT_ONCE, timeout=None)
    except (RedisError, OSError):
        return 0
    return sum(_visit(ref) for ref in refs[start : start + ASSOCIATIONS_AT_ONCE])


def _visit(association: AssociationRef) -> int:
    """Write the association's reminders, and ask for a job where something is due; 1 where it was."""
    try:
        with enter_association(association), transaction.atomic():
            if not current_profile().is_active:
                return 0
            _remind()
            if not is_mail_due() or _is_job_there(association):
                return 0
            enqueue_job(association=association, kind=JobKind.SEND_MAIL)
    except (DatabaseError, RedisError, OSError) as error:
        logger.warning("no mail looked for in %s (%s)", association.slug, type(error).__name__)
        return 0
    return 1


def _remind() -> None:
    now = timezone.now()
    here = now.astimezone(WARSAW)
    if not FIRST_HOUR <= here.hour < LAST_HOUR:
        return
    if cache.add("due-reminders", "1", timeout=REMINDERS_EVERY.total_seconds()):
        remind_now(now=now)


def remind_now(*, now: dt.datetime) -> int:
    """Write the reminders of the next days, inside the association; how many."""
    today = now.astimezone(WARSAW).date()
    days = due_days_ahead(today, current_profile().due_day, due_days=due_days)
    return remind_of_due_days(days, now=now)


def _is_job_there(association: AssociationRef) -> bool:
    with enter_public():
        return Job.objects.filter(
            association_id=association.id,
            kind=JobKind.SEND_MAIL,
            state__in=(JobState.WAITING, JobState.RUNNING),
        ).exists()
