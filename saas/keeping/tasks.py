"""Celery's entry to scheduled backups; beat rings every ten minutes (settings.CELERY_BEAT_SCHEDULE)."""

import logging

from celery import shared_task

from saas.keeping.schedule import back_up_due
from saas.tenancy.switching import set_public

logger = logging.getLogger(__name__)
ROUND_SECONDS = 240
"""So long a round takes of a worker's slot; what is left waits for the next."""


@shared_task(name="saas.keeping.tasks.back_up_due_associations", ignore_result=True)
def back_up_due_associations() -> None:
    """One round."""
    set_public()
    try:
        done = back_up_due(seconds=ROUND_SECONDS)
        if done and (done.made or done.failed or done.removed):
            logger.info(
                "backups: %s made, %s failed, %s removed", len(done.made), len(done.failed), done.removed
            )
    finally:
        set_public()
