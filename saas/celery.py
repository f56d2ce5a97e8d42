"""The Celery application: `celery -A saas worker`."""

import os
from typing import Any

from celery import Celery, bootsteps, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saas.settings")
app = Celery("otwarta_kartoteka")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["workers", "saas.keeping", "saas.observing"])


@signals.setup_logging.connect
def log_as_the_program_does(**_given: Any) -> None:
    """Keep Celery from setting levels and handlers of its own: a worker logs by the settings, whatever --loglevel says."""
    from logging.config import dictConfig

    from django.conf import settings

    dictConfig(settings.LOGGING)


class Poll(bootsteps.StartStopStep):
    """Rings the worker's own bell every JOB_POLL_SECONDS, for as long as Valkey answers.

    So a lost message, an emptied Valkey or a dead worker's job is noticed by whoever is there. The main
    process itself never talks to the database.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self._timer: Any = None

    def start(self, parent: Any) -> None:
        """Begin with each connection to Valkey: Celery forgets its timers when it loses one."""
        from django.conf import settings

        from saas.jobs.bell import ring_bell

        ring_bell()
        self._timer = parent.timer.call_repeatedly(settings.JOB_POLL_SECONDS, ring_bell)

    def stop(self, parent: Any) -> None:  # noqa: ARG002 - Celery's signature
        """End with the connection."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


app.steps["consumer"].add(Poll)
