"""Services of compose.yaml as processes of this machine, on the embedded servers."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.site import answers
from tests.deploy.composed import own_services
from tests.worker_process import CHECKOUT, empty_queue, program_environment, wait_until

Start = Callable[..., "Process"]


class Process:
    """A running service and what it has said."""

    def __init__(self, name: str, log: Path, environment: dict[str, str]) -> None:
        self.name, self.log = name, log
        service = own_services()[name]
        given = {key: str(value) for key, value in service.get("environment", {}).items()}
        # The bell of this test's own, so that no other worker hears it.
        bell = given.pop("KARTOTEKA_QUEUE", "")
        if bell:
            given["KARTOTEKA_QUEUE"] = environment["KARTOTEKA_QUEUE"] + bell
        # Facts of the containers; where a service listens here and where its proxy stands, tests say themselves.
        for fact in ("KARTOTEKA_BIND", "KARTOTEKA_STATIC", "KARTOTEKA_PROXY_NETWORKS"):
            given.pop(fact, "")
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [str(word) for word in service["command"]],
                cwd=CHECKOUT,
                env=environment | given | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines() if line.startswith("{")]

    def wait_until_ready(self) -> None:
        """What a worker of Celery says then."""
        wait_until(
            lambda: " ready." in self.text or self.process.poll(), seconds=60, because=lambda: self.text
        )

    def wait_for_port(self, port: int) -> None:
        """Until it listens there."""
        wait_until(
            lambda: answers(port) or self.process.poll() is not None, seconds=60, because=lambda: self.text
        )

    def end(self) -> int:
        """Ask it to end, as a supervisor does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture
def start(committed_db: None, settings: Any, tmp_path: Path) -> Iterator[Start]:
    """Starts a service: `start("web-a", SOME_VARIABLE="1")`; all of them are gone afterwards."""
    settings.CELERY_TASK_DEFAULT_QUEUE = f"test-{os.getpid()}-{tmp_path.name}"
    settings.FILES_DIR = tmp_path / "data" / "files"
    settings.JOB_POLL_SECONDS = 1
    started: list[Process] = []

    def start_service(name: str, **more: str) -> Process:
        environment = program_environment(KARTOTEKA_LOG_FORMAT="json", **more)
        started.append(Process(name, tmp_path / f"{name}-{len(started)}.log", environment))
        return started[-1]

    yield start_service
    for one in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.wait(10)
    empty_queue()


def fetch(port: int, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers of an answer over plain http."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - our own
            return response.status, response.read().decode(), dict(response.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), dict(error.headers)
