"""A large ledger is checked on two connections: what comes out is what one of them alone finds."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from associations.catalogue import CATALOGUE
from associations.imports.checking import LEAST_ROWS, check_batch
from associations.imports.models import BatchState, ImportBatch, StagedGroup
from saas.tenancy.switching import AssociationRef, enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_meaning import books, outcome, postings
from workers.side_by_side import SideBySide

__all__ = ["books"]

ROWS_OF_A_MONTH = 900


def year(last_month: int = 12, *, amount: str = "10,00") -> list[str]:
    """Postings of both premises on both accounts, more than LEAST_ROWS of them in twelve months."""
    return [
        f"{premises};{account};{day % 28 + 1:02d}.{month:02d}.2026;NAL {day};Zapis {day};{amount};0"
        for month in range(1, last_month + 1)
        for premises in ("1", "2")
        for account in ("201-1", "201-2")
        for day in range(ROWS_OF_A_MONTH // 2)
    ]


def groups(batch_id: int) -> list[tuple[Any, ...]]:
    found = StagedGroup.objects.filter(batch_id=batch_id).order_by("month", "part_code", "premises_code")
    return [
        (row.premises_code, row.month, row.part_code, bytes(row.digest), row.row_count, row.first_sum,
         row.second_sum, row.opening_count, row.fingerprint, row.outcome)
        for row in found
    ]  # fmt: skip


def compare(importer: Importer, batch: ImportBatch) -> list[tuple[Any, ...]]:
    """The groups that two connections made, after one of them has made the same."""
    with enter_association(importer.association):
        shared = groups(batch.pk)
        alone = check_batch(CATALOGUE, batch.pk)
        assert groups(batch.pk) == shared
    assert (alone.summary, alone.staged, alone.state) == (batch.summary, batch.staged, batch.state)
    return shared


def test_two_connections_find_what_one_finds(books: Importer) -> None:
    assert len(year()) > LEAST_ROWS

    first = books.upload(postings(*year()))
    assert len(compare(books, first)) == 48
    books.publish(first)

    again = books.upload(postings(*year(11), *year()[len(year(11)) :]))
    assert again.state == BatchState.UNCHANGED

    changed = books.upload(postings(*year(11), *year(amount="11,00")[len(year(11)) :]))
    assert {row[-1] for row in compare(books, changed) if row[0]} == {"changed"}
    assert outcome(changed)[1] == 2 * ROWS_OF_A_MONTH


@pytest.fixture
def sharing(committed_db: None, sloneczna: AssociationRef) -> Callable[..., None]:
    return SideBySide(sloneczna)


def test_both_sides_work_inside_the_association(
    sharing: Callable[..., None], sloneczna: AssociationRef
) -> None:
    seen: dict[str, set[str]] = {}
    both = threading.Barrier(2, timeout=20)

    def look() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            seen.setdefault(threading.current_thread().name, set()).add(cursor.fetchone()[0])
        both.wait()

    with enter_association(sloneczna):
        sharing(look, [look])

    assert sorted(seen.values()) == [{sloneczna.schema_name}] * 2


def test_an_error_of_either_side_is_raised_when_both_have_ended(
    sharing: Callable[..., None], sloneczna: AssociationRef
) -> None:
    done: list[str] = []

    def fail() -> None:
        raise ValueError("beside")

    def own() -> None:
        raise KeyError("own")

    with enter_association(sloneczna):
        with pytest.raises(ValueError, match="beside"):
            sharing(lambda: done.append("own"), [fail])
        with pytest.raises(KeyError, match="own"):
            sharing(own, [])
    assert done == ["own"]
