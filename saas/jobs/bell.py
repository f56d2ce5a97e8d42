"""The bell: a message without content that wakes a worker. It may be lost or doubled: workers look anyway."""

import logging

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
BELL = "workers.tasks.run_next_job"


def ring_bell() -> bool:
    """Wake a worker; False where Valkey does not answer, which delays the job but loses nothing."""
    try:
        current_app.send_task(
            BELL,
            queue=settings.CELERY_TASK_DEFAULT_QUEUE,
            expires=10 * settings.JOB_POLL_SECONDS,
            ignore_result=True,
            retry=False,
        )
    except (OperationalError, OSError) as error:
        logger.warning("the bell could not be rung (%s); workers will find the job", type(error).__name__)
        return False
    return True
