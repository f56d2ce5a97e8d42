"""How gunicorn serves both doors: `gunicorn -c deploy/gunicorn.conf.py saas.wsgi:application` in the program's folder."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from saas.logs import logging_settings

bind = os.environ.get("KARTOTEKA_BIND", "127.0.0.1:8000").split(",")
workers = int(os.environ.get("KARTOTEKA_WEB_PROCESSES", "2"))
worker_class = "gthread"
threads = int(os.environ.get("KARTOTEKA_WEB_THREADS", "4"))
# A process and its database connections know more associations the longer they live: they are replaced in turn.
max_requests = 20_000
max_requests_jitter = 4000
# No page takes as long; an upload of 100 MB over a slow line is read by the proxy first.
timeout = 60
graceful_timeout = 30
control_socket_disable = True
# The program logs its requests itself, without paths and queries.
accesslog = None

_made = logging_settings(
    os.environ.get("KARTOTEKA_LOG_FORMAT") or "json",
    os.environ.get("KARTOTEKA_LOG_LEVEL", "INFO"),
    tells_errors=False,
)
logconfig_dict = _made | {
    "loggers": {
        name: {"level": "INFO", "handlers": ["console"], "propagate": False}
        for name in ("gunicorn.error", "gunicorn.access")
    }
}

# Counts of all processes are added up in this folder (saas.observing.metrics). It must be named before they start, and a
# reload finds it named already.
_PREFIX = "kartoteka-figures-"
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=_PREFIX)


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001 - gunicorn's signature
    """Keep the counts of a process that ended, and forget what it held at that moment."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:  # noqa: ARG001 - gunicorn's signature
    """Leave no folder of our own behind."""
    folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    if folder.name.startswith(_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)
