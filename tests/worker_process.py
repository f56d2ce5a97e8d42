"""A real Celery worker for tests: `celery -A saas worker` on the test's database, with a queue of its own.

Fixtures: `worker` is one that runs and is ready; `start_worker` starts as many as a test wants. Both need
`committed_db` and kill everything they started.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings as django_settings
from django.db import connections

CHECKOUT = Path(__file__).resolve().parents[1]


def wait_until(what: Callable[[], Any], *, seconds: float = 20, because: str | Callable[[], Any] = "") -> Any:
    """Ask until the answer is true and return it; fails after so many seconds, with what `because` says."""
    deadline = time.monotonic() + seconds
    while True:
        answer = what()
        if answer:
            return answer
        if time.monotonic() > deadline:
            reason = because() if callable(because) else because
            pytest.fail(f"waited {seconds} s in vain: {reason or what}")
        time.sleep(0.02)


def database_address(alias: str) -> str:
    """The address of the test's database for a process of its own."""
    given = connections[alias].settings_dict
    password = f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else ""
    query = {"host": given["HOST"], "port": given["PORT"]} | given["OPTIONS"]
    known = {key: value for key, value in query.items() if isinstance(value, str) and value}
    return f"postgresql://{quote(given['USER'])}{password}@/{given['NAME']}?{urlencode(known)}"


def program_environment(**more: str) -> dict[str, str]:
    """The environment in which another process of the program works on the test's data."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "saas.settings",
        "DATABASE_URL": database_address("default"),
        "DATABASE_OWNER_URL": database_address("owner"),
        "KARTOTEKA_ROLE_PREFIX": connections["default"].settings_dict["ROLE_PREFIX"],
        "KARTOTEKA_SECRET_KEY": django_settings.SECRET_KEY,
        "KARTOTEKA_DATA": str(django_settings.FILES_DIR.parent),
        "KARTOTEKA_QUEUE": django_settings.CELERY_TASK_DEFAULT_QUEUE,
        "KARTOTEKA_JOB_POLL_SECONDS": str(django_settings.JOB_POLL_SECONDS),
        "KARTOTEKA_JOB_LEASE_SECONDS": str(django_settings.JOB_LEASE_SECONDS),
        "KARTOTEKA_JOB_MAX_ATTEMPTS": str(django_settings.JOB_MAX_ATTEMPTS),
        "PYTHONUNBUFFERED": "1",
        **more,
    }


class WorkerProcess:
    """One `celery worker` with its pool children, in a process group of its own."""

    def __init__(self, *, log: Path, application: str, slots: int, environment: dict[str, str]) -> None:
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", application, "worker", "-c", str(slots)),
                    *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
                    *("-n", f"{log.stem}@localhost"),
                ],
                cwd=CHECKOUT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        """What it has logged so far."""
        return self.log.read_text(errors="replace")

    @property
    def children(self) -> list[int]:
        """The processes of its pool."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in found.split()]

    def wait_until_ready(self) -> None:
        wait_until(lambda: " ready." in self.text or self.process.poll(), because=lambda: self.text)
        assert self.process.poll() is None, self.text

    def kill(self) -> None:
        """End it with its children at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def ask_to_end(self) -> None:
        """Warm shutdown: what a supervisor sends first."""
        self.process.send_signal(signal.SIGTERM)


StartWorker = Callable[..., WorkerProcess]


@pytest.fixture
def start_worker(committed_db: None, settings: Any, tmp_path: Path) -> Iterator[StartWorker]:
    """Starts a ready worker: `start_worker(application="saas", slots=1, SOME_VARIABLE="1")`."""
    settings.CELERY_TASK_DEFAULT_QUEUE = f"test-{os.getpid()}-{tmp_path.name}"
    settings.FILES_DIR = tmp_path / "data" / "files"
    settings.JOB_POLL_SECONDS = 1
    settings.JOB_LEASE_SECONDS = 2
    started: list[WorkerProcess] = []

    def start(
        *, application: str = "saas", slots: int = 1, is_awaited: bool = True, **more: str
    ) -> WorkerProcess:
        log = tmp_path / f"worker-{len(started)}.log"
        worker = WorkerProcess(
            log=log, application=application, slots=slots, environment=program_environment(**more)
        )
        started.append(worker)
        if is_awaited:
            worker.wait_until_ready()
        return worker

    yield start
    for worker in started:
        worker.kill()
    empty_queue()


def empty_queue() -> None:
    """Take all messages out of the test's queue, as if Valkey had lost them."""
    from saas.celery import app

    with app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        channel.queue_purge(django_settings.CELERY_TASK_DEFAULT_QUEUE)


@pytest.fixture
def worker(start_worker: StartWorker) -> WorkerProcess:
    """A worker with two slots that is ready."""
    return start_worker(slots=2)
