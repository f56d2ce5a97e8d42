"""The commands of compose.yaml as processes of this machine, on the embedded servers: they start, answer and end."""

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

from saas.jobs.models import Job, JobState
from saas.tenancy.models import Association
from saas.tenancy.switching import AssociationRef
from tests.browser.site import answers, unused_port
from tests.deploy.composed import own_services
from tests.worker_process import CHECKOUT, empty_queue, program_environment, wait_until

TOKEN = "s3cret"
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

    def end(self) -> int:
        """Ask it to end, as a supervisor does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture
def start(committed_db: None, settings: Any, tmp_path: Path) -> Iterator[Start]:
    settings.CELERY_TASK_DEFAULT_QUEUE = f"test-{os.getpid()}-{tmp_path.name}"
    settings.FILES_DIR = tmp_path / "data" / "files"
    settings.JOB_POLL_SECONDS = 1
    started: list[Process] = []

    def start_service(name: str, **more: str) -> Process:
        environment = program_environment(KARTOTEKA_LOG_FORMAT="json", **more)
        started.append(Process(name, tmp_path / f"{name}.log", environment))
        return started[-1]

    yield start_service
    for one in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.wait(10)
    empty_queue()


def fetch(port: int, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - our own
            return response.status, response.read().decode(), dict(response.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), dict(error.headers)


def test_the_web_server_is_ready_counts_over_its_processes_and_ends(start: Start, tmp_path: Path) -> None:
    port = unused_port()
    web = start(
        "web-a",
        KARTOTEKA_BIND=f"127.0.0.1:{port}",
        KARTOTEKA_METRICS_TOKEN=TOKEN,
        KARTOTEKA_PROXY_NETWORKS="127.0.0.1",
        TMPDIR=str(tmp_path),
    )
    wait_until(lambda: answers(port) or web.process.poll() is not None, seconds=60, because=lambda: web.text)

    status, text, headers = fetch(port, "/readyz")
    assert (status, text) == (200, "database ok\nmigrations ok\nvalkey ok\ndisk ok")
    assert len(headers["X-Request-ID"]) == 32
    for _ in range(20):
        assert fetch(port, "/logowanie/", Host="sloneczna.localhost", Connection="close")[0] == 200
    metrics = fetch(port, "/metrics", Authorization=f"Bearer {TOKEN}")[1]
    assert 'kartoteka_requests_total{door="association",status="2xx",view="sign_in"} 20.0' in metrics
    assert fetch(port, "/metrics")[0] == 404

    assert web.end() == 0
    assert [line["level"] for line in web.lines if line["level"] in {"error", "critical"}] == []
    assert {"gunicorn.error", "saas.requests"} <= {line["logger"] for line in web.lines}
    assert [line for line in web.text.splitlines() if line.strip() and not line.startswith("{")] == []
    assert list(tmp_path.glob("kartoteka-figures-*")) == []


def test_a_size_of_job_has_a_worker_of_its_own(start: Start, sloneczna: AssociationRef) -> None:
    small, large = start("worker-small"), start("worker-large")
    for worker in (small, large):
        worker.wait_until_ready()
    association = Association.objects.get(slug="sloneczna")
    jobs = {
        size: Job.objects.create(association=association, kind="send_mail", size_class=size)
        for size in ("small", "large")
    }

    wait_until(
        lambda: Job.objects.filter(state=JobState.DONE).count() == 2,
        seconds=40,
        because=lambda: small.text + large.text,
    )
    for worker, size in ((small, "small"), (large, "large")):
        assert {line["job"] for line in worker.lines if "job" in line} == {str(jobs[size].pk)}
    assert [small.end(), large.end()] == [0, 0]


def test_migrations_run_where_nothing_is_to_do(start: Start) -> None:
    migrate = start("migrate")

    assert migrate.process.wait(60) == 0, migrate.text
    assert "public: ok" in migrate.text


def test_the_watcher_of_folders_stays_until_it_is_told_to_end(start: Start, tmp_path: Path) -> None:
    folders = start("folders", KARTOTEKA_DROP=str(tmp_path / "drop"))

    with pytest.raises(subprocess.TimeoutExpired):
        folders.process.wait(6)

    assert folders.end() in {0, -signal.SIGTERM}
    assert "Traceback" not in folders.text


def test_static_files_are_collected_without_any_server(tmp_path: Path) -> None:
    """The image is built where there is none."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "saas.settings",
        "KARTOTEKA_STATIC": str(tmp_path / "static"),
        "KARTOTEKA_DATA": str(tmp_path / "data"),
    }

    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=CHECKOUT, env=environment, check=True, capture_output=True, timeout=60,
    )  # fmt: skip

    assert (tmp_path / "static" / "kartoteka.css").exists()
