"""Celery's entry to asking all associations; beat rings every few minutes (settings.CELERY_BEAT_SCHEDULE)."""

from celery import shared_task

from saas.observing.surveys import renew_survey
from saas.tenancy.switching import set_public


@shared_task(name="saas.observing.tasks.ask_all_associations", ignore_result=True)
def ask_all_associations() -> None:
    """Once; nothing where another worker is at it."""
    set_public()
    try:
        renew_survey()
    finally:
        set_public()
