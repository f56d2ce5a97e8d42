"""The commands of compose.yaml as processes of this machine, on the embedded servers: they start, answer and end."""

import os
import shelve
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from saas.jobs.models import Job, JobState
from saas.keeping.models import Backup
from saas.tenancy.models import Association
from saas.tenancy.switching import AssociationRef
from tests.browser.site import unused_port
from tests.deploy.running import Start, fetch
from tests.worker_process import CHECKOUT, wait_until

TOKEN = "s3cret"


def test_the_web_server_is_ready_counts_over_its_processes_and_ends(start: Start, tmp_path: Path) -> None:
    port = unused_port()
    web = start(
        "web-a",
        KARTOTEKA_BIND=f"127.0.0.1:{port}",
        KARTOTEKA_METRICS_TOKEN=TOKEN,
        KARTOTEKA_PROXY_NETWORKS="127.0.0.1",
        TMPDIR=str(tmp_path),
    )
    web.wait_for_port(port)

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


def test_the_clock_has_a_worker_make_the_backups_that_are_due(start: Start, tmp_path: Path) -> None:
    """It remembers over its own end when it rang, so that a restart neither rings twice nor forgets."""
    variables = {"KARTOTEKA_BACKUP_HOURS": "24", "KARTOTEKA_BACKUPS": str(tmp_path / "backups")}
    schedule = tmp_path / "data" / "beat-schedule"
    schedule.parent.mkdir()
    clock = start("beat", KARTOTEKA_LOG_LEVEL="DEBUG", **variables)
    wait_until(lambda: "beat: Waking up in" in clock.text, seconds=60, because=lambda: clock.text)
    assert clock.end() == 0
    assert "Sending" not in clock.text
    with shelve.open(str(schedule), writeback=True) as kept:  # noqa: S301 - written by the process above
        kept["entries"]["scheduled backups"].last_run_at -= timedelta(hours=1)

    start("worker-small", **variables).wait_until_ready()
    clock = start("beat", **variables)
    wait_until(lambda: Backup.objects.count() == 2, seconds=120, because=lambda: clock.text)

    assert set(Backup.objects.values_list("slug", "purpose")) == {
        ("lipowa", "scheduled"),
        ("sloneczna", "scheduled"),
    }
    assert clock.end() == 0
    assert clock.text.count("Sending due task") == 1
    assert not (CHECKOUT / "celerybeat.pid").exists()


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
