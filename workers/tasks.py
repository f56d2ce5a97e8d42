"""Celery's entry: a task without content. The queue is in PostgreSQL; a message is a bell."""

from celery import shared_task

from associations.charges.notice_files import remove_stale_notices
from associations.owners.letter_files import tidy_letters
from saas.jobs.bell import BELL, ring_bell
from saas.jobs.queries import is_work_waiting
from saas.jobs.tidying import tidy_daily
from saas.tenancy.switching import set_public
from workers.mail_round import look_for_mail
from workers.running import reap_jobs, run_one_job


@shared_task(name=BELL, ignore_result=True)
def run_next_job() -> None:
    """Return what dead workers left, run one job, and ring again while something waits.

    Letters with starter passwords that nobody fetched within the hour are deleted on the way, mails that are due are
    asked for once a minute (workers.mail_round), and once a day what has ended goes (saas.jobs.tidying). One job per
    bell: a worker that is told to end finishes the one it has and begins no other.
    """
    set_public()
    try:
        tidy_letters()
        remove_stale_notices()
        reap_jobs()
        look_for_mail()
        if run_one_job() and is_work_waiting():
            ring_bell()
        tidy_daily()
    finally:
        set_public()
