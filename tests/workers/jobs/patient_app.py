"""The program's Celery application, in which every job is done by tests.workers.jobs.patience."""

import django

from saas.celery import app

__all__ = ["app"]


def use_patient_handler() -> None:
    """Replace the handlers in this process and its pool."""
    django.setup()
    from workers.running import HANDLERS

    for kind in HANDLERS:
        HANDLERS[kind] = "tests.workers.jobs.patience:work_patiently"


use_patient_handler()
