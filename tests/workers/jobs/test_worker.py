"""Real workers, killed and deafened: a job is done once, whatever happens to them and to Valkey."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from associations.audit.models import AuditEntry
from associations.imports.models import ImportBatch
from saas.jobs.actions import cancel_job, enqueue_job
from saas.jobs.bell import ring_bell
from saas.jobs.models import Job, JobKind
from saas.tenancy.switching import AssociationRef, enter_association
from tests.worker_process import StartWorker, WorkerProcess, empty_queue, wait_until

PATIENT = "tests.workers.jobs.patient_app"


@pytest.fixture
def start_patient(start_worker: StartWorker, tmp_path: Path) -> Callable[..., WorkerProcess]:
    """A worker of the patient application; what it begins and ends stands in `tmp_path / "patient"`."""

    def start(**options: Any) -> WorkerProcess:
        return start_worker(application=PATIENT, PATIENT_LOG=str(tmp_path / "patient"), **options)

    return start


def enqueue(association: AssociationRef, **options: Any) -> int:
    with enter_association(association):
        batch = ImportBatch.objects.create(created_by_name="Anna Kowalska")
    enqueue_job(association=association, kind=JobKind.READ_BATCH, batch_id=batch.pk, options=options)
    return int(batch.pk)


def jobs() -> list[tuple[str, int]]:
    return list(Job.objects.order_by("created_at").values_list("state", "attempts"))


def results(association: AssociationRef) -> list[str]:
    """The batches whose results are committed, one entry per time."""
    with enter_association(association):
        acts = AuditEntry.objects.filter(action="test.worked").order_by("id")
        return list(acts.values_list("target", flat=True))


def begun(tmp_path: Path) -> list[str]:
    file = tmp_path / "patient"
    return (
        [line for line in file.read_text().splitlines() if line.startswith("begin")] if file.exists() else []
    )


def wait_for_states(*states: str, seconds: float = 20) -> None:
    wait_until(lambda: [state for state, _ in jobs()] == list(states), seconds=seconds, because=f"{states}")


def test_job_runs_and_shows_its_progress(
    start_patient: Callable[..., WorkerProcess], sloneczna: AssociationRef
) -> None:
    start_patient()
    batch_id = enqueue(sloneczna, steps=24)

    def is_under_way() -> bool:
        with enter_association(sloneczna):
            batch = ImportBatch.objects.get(pk=batch_id)
        return batch.phase == "reading" and 0 < batch.progress_done < batch.progress_total == 24

    wait_until(is_under_way)
    wait_for_states("done")
    assert results(sloneczna) == [str(batch_id)]


def test_job_enqueued_while_no_worker_and_no_valkey_message_was_there_is_found(
    start_patient: Callable[..., WorkerProcess], sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    batches = [str(enqueue(sloneczna)), str(enqueue(sloneczna))]
    empty_queue()

    start_patient()

    wait_for_states("done", "done")
    assert results(sloneczna) == batches


def test_lost_message_is_made_up_for_by_polling(
    start_patient: Callable[..., WorkerProcess], sloneczna: AssociationRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_patient()
    time.sleep(0.5)
    with enter_association(sloneczna):
        batch = ImportBatch.objects.create(created_by_name="Anna Kowalska")
    # Written without a bell: what the queue looks like when the message is lost.
    Job.objects.create(association_id=sloneczna.id, kind=JobKind.READ_BATCH, batch_id=batch.pk)

    wait_for_states("done", seconds=5)


def test_doubled_messages_run_the_job_once(
    start_patient: Callable[..., WorkerProcess], sloneczna: AssociationRef, tmp_path: Path
) -> None:
    start_patient(slots=2)
    batch_id = enqueue(sloneczna, steps=10)
    for _ in range(10):
        assert ring_bell()

    wait_for_states("done")
    time.sleep(1)
    assert results(sloneczna) == [str(batch_id)]
    assert len(begun(tmp_path)) == 1


def test_jobs_of_one_association_never_run_together(
    start_patient: Callable[..., WorkerProcess],
    sloneczna: AssociationRef,
    lipowa: AssociationRef,
    tmp_path: Path,
) -> None:
    batches = [enqueue(sloneczna, steps=6) for _ in range(3)]
    for _ in range(2):
        start_patient(slots=2, is_awaited=False)

    wait_for_states("done", "done", "done")
    lines = [line.split()[:2] for line in (tmp_path / "patient").read_text().splitlines()]
    assert lines == [[word, str(batch)] for batch in batches for word in ("begin", "end")]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"steps": 15}, id="working", marks=pytest.mark.long),
        pytest.param({"is_deaf": 1.5}, id="in one long statement", marks=pytest.mark.long),
        pytest.param({"sleeps_at_end": 1}, id="before the commit"),
    ],
)
def test_killed_pool_child_leaves_the_job_to_another(
    start_patient: Callable[..., WorkerProcess],
    sloneczna: AssociationRef,
    tmp_path: Path,
    options: dict[str, Any],
) -> None:
    worker = start_patient()
    batch_id = enqueue(sloneczna, **options)
    first = wait_until(lambda: begun(tmp_path))[0]
    time.sleep(0.5)

    os.kill(int(first.split()[2]), signal.SIGKILL)

    wait_until(lambda: jobs() == [("done", 2)], seconds=25, because=worker.text)
    assert results(sloneczna) == [str(batch_id)]
    assert len(begun(tmp_path)) == 2


def test_killed_worker_leaves_the_job_to_the_next(
    start_patient: Callable[..., WorkerProcess], sloneczna: AssociationRef, tmp_path: Path
) -> None:
    worker = start_patient(slots=2)
    batch_id = enqueue(sloneczna, steps=24)
    wait_until(lambda: begun(tmp_path))

    worker.kill()
    assert jobs() == [("running", 1)]
    start_patient(slots=2)

    wait_until(lambda: jobs() == [("done", 2)])
    assert results(sloneczna) == [str(batch_id)]


def test_frozen_worker_that_wakes_up_late_writes_nothing(
    start_patient: Callable[..., WorkerProcess], sloneczna: AssociationRef, tmp_path: Path
) -> None:
    frozen = start_patient()
    batch_id = enqueue(sloneczna, steps=20)
    pid = int(wait_until(lambda: begun(tmp_path))[0].split()[2])
    os.kill(pid, signal.SIGSTOP)

    start_patient()
    wait_until(lambda: jobs() == [("done", 2)])
    os.kill(pid, signal.SIGCONT)
    wait_until(lambda: "lost to another worker" in frozen.text)

    assert results(sloneczna) == [str(batch_id)]
    assert jobs() == [("done", 2)]


def test_worker_that_is_told_to_end_finishes_its_job_and_begins_no_other(
    start_patient: Callable[..., WorkerProcess], sloneczna: AssociationRef, tmp_path: Path
) -> None:
    worker = start_patient()
    batch_id = enqueue(sloneczna, steps=20)
    enqueue(sloneczna)
    wait_until(lambda: begun(tmp_path))

    worker.ask_to_end()

    assert worker.process.wait(15) == 0
    assert jobs() == [("done", 1), ("waiting", 0)]
    assert results(sloneczna) == [str(batch_id)]


def test_worker_that_must_end_at_once_gives_its_job_back(
    start_patient: Callable[..., WorkerProcess], sloneczna: AssociationRef, tmp_path: Path
) -> None:
    worker = start_patient()
    enqueue(sloneczna, steps=200)
    wait_until(lambda: begun(tmp_path))

    os.kill(worker.children[0], signal.SIGTERM)

    wait_until(lambda: "interrupted; given back" in worker.text)
    wait_until(lambda: len(begun(tmp_path)) == 2)
    assert jobs() == [("running", 1)]


def test_cancelled_job_stops_where_it_is(
    start_patient: Callable[..., WorkerProcess], sloneczna: AssociationRef, tmp_path: Path
) -> None:
    start_patient()
    enqueue(sloneczna, steps=240)
    wait_until(lambda: begun(tmp_path))

    assert cancel_job(job_id=Job.objects.get().pk)

    wait_for_states("cancelled", seconds=5)
    assert results(sloneczna) == []
