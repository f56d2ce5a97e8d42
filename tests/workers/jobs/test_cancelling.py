"""Cancelling with a real worker: it stops within seconds wherever it is, and the batch tells the truth."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from associations.audit.models import AuditEntry
from associations.imports.cancelling import PUBLISH_CANCELLED, UNDO_CANCELLED
from associations.imports.models import BatchState, ImportBatch
from associations.imports.rules import ImportRuleError
from saas.jobs.actions import enqueue_job
from saas.jobs.cancelling import cancel_batch
from saas.jobs.leases import JobCancelledError
from saas.jobs.models import Job, JobKind
from saas.tenancy.switching import AssociationRef, enter_association
from tests.worker_process import StartWorker, WorkerProcess, wait_until
from tests.workers.importing.conftest import OPERATOR
from workers.reading import InputFile, ReadRequest, read_files

PATIENT = "tests.workers.jobs.patient_app"


@pytest.fixture
def start_patient(start_worker: StartWorker, tmp_path: Path) -> Callable[..., WorkerProcess]:
    def start(**options: Any) -> WorkerProcess:
        return start_worker(application=PATIENT, PATIENT_LOG=str(tmp_path / "patient"), **options)

    return start


def enqueue(association: AssociationRef, **options: Any) -> int:
    with enter_association(association):
        state = options.get("state", BatchState.UPLOADED)
        batch = ImportBatch.objects.create(created_by_name="Anna Kowalska", state=state)
    enqueue_job(association=association, kind=JobKind.READ_BATCH, batch_id=batch.pk, options=options)
    return int(batch.pk)


def begun(tmp_path: Path) -> int:
    """The worker's process that began the job; 0 as long as none has."""
    file = tmp_path / "patient"
    lines = file.read_text().splitlines() if file.exists() else []
    return int(lines[0].split()[2]) if lines else 0


def find_batch(association: AssociationRef, batch_id: int) -> ImportBatch:
    with enter_association(association):
        return ImportBatch.objects.get(pk=batch_id)


def cancel(association: AssociationRef, batch_id: int) -> str:
    return cancel_batch(actor=OPERATOR, association=association, batch_id=batch_id)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"steps": 400}, id="working"),
        pytest.param({"is_deaf": 30}, id="in one long statement"),
        pytest.param({"is_deaf_at_end": 30}, id="in a statement of the result"),
        pytest.param({"sleeps_at_end": 3}, id="before the end of the result"),
    ],
)
def test_running_job_stops_within_seconds_and_writes_nothing(
    start_patient: Callable[..., WorkerProcess],
    sloneczna: AssociationRef,
    tmp_path: Path,
    options: dict[str, Any],
) -> None:
    worker = start_patient()
    batch_id = enqueue(sloneczna, **options)
    wait_until(lambda: begun(tmp_path))
    time.sleep(0.7)

    asked_at = time.monotonic()
    assert cancel(sloneczna, batch_id) == "asked"
    wait_until(lambda: Job.objects.get().state == "cancelled", because=lambda: worker.text)

    assert time.monotonic() - asked_at < 8
    batch = find_batch(sloneczna, batch_id)
    assert (batch.state, batch.failure, batch.phase) == ("cancelled", "", "")
    with enter_association(sloneczna):
        acts = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))[1:]
    assert acts == ["import.cancelled"]
    assert Job.objects.get().attempts == 1


@pytest.mark.parametrize(
    ("state", "after", "note"),
    [("publishing", "ready", PUBLISH_CANCELLED), ("undoing", "published", UNDO_CANCELLED)],
)
def test_step_that_was_cancelled_leaves_the_batch_where_it_stood(
    start_patient: Callable[..., WorkerProcess],
    sloneczna: AssociationRef,
    tmp_path: Path,
    state: str,
    after: str,
    note: str,
) -> None:
    start_patient()
    batch_id = enqueue(sloneczna, state=state, is_deaf_at_end=30)
    wait_until(lambda: begun(tmp_path))
    time.sleep(0.5)

    cancel(sloneczna, batch_id)
    wait_until(lambda: Job.objects.get().state == "cancelled")

    batch = find_batch(sloneczna, batch_id)
    assert (batch.state, batch.failure) == (after, note)


def test_worker_killed_while_it_is_being_cancelled_leaves_the_truth_behind(
    start_patient: Callable[..., WorkerProcess], sloneczna: AssociationRef, tmp_path: Path
) -> None:
    worker = start_patient()
    batch_id = enqueue(sloneczna, state="publishing", sleeps_at_end=30)
    wait_until(lambda: begun(tmp_path))
    time.sleep(0.5)

    cancel(sloneczna, batch_id)
    os.kill(begun(tmp_path), signal.SIGKILL)
    killed_at = time.monotonic()
    # The worker's next child, or any other worker, finds what the dead one left.
    wait_until(lambda: Job.objects.get().state == "cancelled", seconds=30, because=lambda: worker.text)

    assert time.monotonic() - killed_at < 30
    batch = find_batch(sloneczna, batch_id)
    assert (batch.state, batch.failure, Job.objects.get().attempts) == ("ready", PUBLISH_CANCELLED, 1)


def test_waiting_job_is_cancelled_with_its_batch_at_once(
    committed_db: None, sloneczna: AssociationRef
) -> None:
    batch_id = enqueue(sloneczna)

    assert cancel(sloneczna, batch_id) == "cancelled"

    assert Job.objects.get().state == "cancelled"
    assert find_batch(sloneczna, batch_id).state == "cancelled"


def test_job_that_was_done_first_wins(committed_db: None, sloneczna: AssociationRef) -> None:
    batch_id = enqueue(sloneczna)
    Job.objects.update(state="done")
    with enter_association(sloneczna):
        ImportBatch.objects.update(state="ready")

    with pytest.raises(ImportRuleError, match="Nie ma czego anulować"):
        cancel(sloneczna, batch_id)

    assert (Job.objects.get().state, find_batch(sloneczna, batch_id).state) == ("done", "ready")


def test_batch_without_a_job_is_settled(committed_db: None, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        batch = ImportBatch.objects.create(created_by_name="A", state="publishing", error_count=2)

    assert cancel(sloneczna, batch.pk) == "cancelled"

    assert find_batch(sloneczna, batch.pk).state == "blocked"


def test_small_job_that_grows_waits_for_a_slot_of_large_ones(
    committed_db: None, sloneczna: AssociationRef, settings: Any
) -> None:
    from workers.running import run_one_job

    handlers = dict.fromkeys(JobKind.values, "tests.workers.jobs.patience:count_many_rows")
    settings.JOB_LARGE_SLOTS = 0
    batch_id = enqueue(sloneczna)

    assert run_one_job(handlers)
    job = Job.objects.get()
    assert (job.state, job.size_class, job.attempts, run_one_job(handlers)) == ("waiting", "large", 0, False)
    settings.JOB_LARGE_SLOTS = 1
    assert run_one_job(handlers)

    job.refresh_from_db()
    assert (job.state, find_batch(sloneczna, batch_id).state) == ("done", "ready")


def test_reading_that_says_nothing_is_broken_off(tmp_path: Path) -> None:
    # A child that waits for a writer of this pipe is as silent as one in a workbook that takes its time.
    os.mkfifo(tmp_path / "cicho.csv")
    request = ReadRequest([InputFile(1, tmp_path / "cicho.csv", "cicho.csv")])

    def is_wanted() -> None:
        raise JobCancelledError

    began = time.monotonic()
    with pytest.raises(JobCancelledError):
        list(read_files(request, is_wanted=is_wanted))

    assert time.monotonic() - began < 10
