"""Reading batches: history, counts, problems in their order."""

import pytest

from associations.imports.models import BatchState, ImportBatch, ImportFile, Problem, Publication
from associations.imports.phases import RUNNING_STATES
from associations.imports.queries import (
    batch_problems,
    count_batches,
    latest_import,
    list_batches,
    list_named_batches,
)

pytestmark = pytest.mark.usefixtures("in_sloneczna")


def add_batch(state: BatchState = BatchState.READY, *names: str) -> ImportBatch:
    batch = ImportBatch.objects.create(state=state, created_by_name="Marek Wójcik")
    for number, name in enumerate(names, start=1):
        ImportFile.objects.create(
            batch=batch, number=number, name=name, size=1, sha256="0" * 64, stored_as=f"{batch.pk}/{number}"
        )
    return batch


def add_problem(batch: ImportBatch, severity: str, row: int | None) -> Problem:
    return Problem.objects.create(
        batch=batch, severity=severity, row=row, code="x", reason="Źle.", is_from_reading=True
    )


def test_history_begins_with_the_newest_and_names_files_and_publication() -> None:
    old = add_batch(BatchState.PUBLISHED, "lokale.csv", "osoby.csv")
    Publication.objects.create(batch=old, kind="publish", by_name="Zofia Lis")
    new = add_batch()

    entries = list_batches(limit=10)

    assert [entry.id for entry in entries] == [new.pk, old.pk]
    assert entries[1].file_names == ("lokale.csv", "osoby.csv")
    assert entries[1].published_by == "Zofia Lis"
    assert (entries[0].file_names, entries[0].published_at) == ((), None)
    assert count_batches() == 2


def test_history_is_cut_and_filtered_by_state() -> None:
    blocked, ready = add_batch(BatchState.BLOCKED), add_batch()

    assert [entry.id for entry in list_batches(limit=1, offset=1)] == [blocked.pk]
    assert [entry.id for entry in list_batches(limit=9, states=[BatchState.READY])] == [ready.pk]
    assert [entry.id for entry in list_named_batches([blocked.pk])] == [blocked.pk]


@pytest.mark.parametrize("state", BatchState)
def test_a_batch_runs_while_a_worker_has_something_to_do(state: BatchState) -> None:
    add_batch(state)

    assert list_batches(limit=1)[0].is_running == (state in RUNNING_STATES)


def test_the_latest_import_knows_when_anything_was_published() -> None:
    assert latest_import() is None
    publication = Publication.objects.create(
        batch=add_batch(BatchState.PUBLISHED), kind="publish", by_name="Zofia Lis"
    )
    add_batch(BatchState.BLOCKED)

    latest = latest_import()

    assert latest is not None
    assert (latest.state, latest.published_at) == (BatchState.BLOCKED, publication.at)


def test_errors_come_first_and_whole_files_before_rows() -> None:
    batch = add_batch()
    warning, late, early, whole = (
        add_problem(batch, severity, row)
        for severity, row in (("warning", 1), ("error", 9), ("error", 2), ("error", None))
    )

    assert list(batch_problems(batch.pk)) == [whole, early, late, warning]
