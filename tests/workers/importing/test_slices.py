"""A month of a part that stands just so is not grouped; what the batch does and says is what grouping would say."""

from typing import Any

import pytest

from associations.imports.models import BatchState, ImportBatch, StagedGroup
from associations.ledger.models import PostingEdition
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_meaning import (
    FEBRUARY,
    JANUARY,
    OTHERS,
    PREMISES,
    REPAIR,
    books,
    file,
    outcome,
    postings,
)
from tests.workers.importing.test_samples import standing_figures

__all__ = ["books"]

YEAR = (*JANUARY, *FEBRUARY, *OTHERS, *REPAIR)
MARCH = "2;201-1;05.03.2026;NAL 03/2026;Naliczenie;60,00;0"


def groups(importer: Importer, batch: ImportBatch) -> list[tuple[str, str, str, str]]:
    with enter_association(importer.association):
        found = StagedGroup.objects.filter(batch_id=batch.pk).order_by("month", "part_code", "premises_code")
        return [(row.premises_code, f"{row.month:%m}", row.part_code, row.outcome) for row in found]


def test_only_months_that_differ_are_grouped(books: Importer) -> None:
    changed = YEAR[0].replace("100,00", "105,00")

    batch = books.upload(postings(changed, *YEAR[1:], MARCH))

    assert groups(books, batch) == [
        ("1", "01", "201-1", "changed"), ("2", "01", "201-1", "same"), ("", "01", "201-2", "same"),
        ("", "02", "201-1", "same"), ("2", "03", "201-1", "new"),
    ]  # fmt: skip
    assert outcome(batch) == (1, 2, 3, 0)


def test_a_row_that_moved_to_other_premises_differs(books: Importer) -> None:
    moved = FEBRUARY[0].replace("1;201-1", "2;201-1", 1)

    batch = books.upload(postings(*JANUARY, moved, *OTHERS, *REPAIR))

    assert groups(books, batch) == [
        ("", "01", "201-1", "same"), ("", "01", "201-2", "same"),
        ("1", "02", "201-1", "gone"), ("2", "02", "201-1", "new"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        YEAR,
        (*YEAR, MARCH),
        (*YEAR, YEAR[0]),
        (YEAR[0].replace("100,00", "105,00"), *YEAR[1:]),
        (*JANUARY, *OTHERS, *REPAIR),
        (*JANUARY, *FEBRUARY),
        (*FEBRUARY, MARCH),
        OTHERS,
    ],
)
def test_the_preview_is_that_of_a_batch_compared_group_by_group(
    books: Importer, lines: tuple[str, ...]
) -> None:
    by_slices = books.upload(postings(*lines))
    with enter_association(books.association):
        # As editions are that were published before there were fingerprints.
        PostingEdition.objects.update(fingerprint=None)

    by_groups = books.upload(postings(*lines))

    assert [code for code, *_ in groups(books, by_groups)].count("") == 0
    assert by_slices.state == by_groups.state
    assert by_slices.summary == by_groups.summary


def test_a_file_with_errors_is_grouped_by_premises(books: Importer) -> None:
    wrong = "2;201-1;01.03.2026;NAL 03/2026;Naliczenie;x;0"

    batch = books.upload(postings(*YEAR, MARCH, wrong))

    assert batch.state == BatchState.BLOCKED
    assert all(code for code, *_ in groups(books, batch))


def test_publishing_and_undoing_keep_fingerprints_of_what_stands(books: Importer) -> None:
    with enter_association(books.association):
        before = standing_figures()
    batch = books.publish(books.upload(postings(*YEAR, MARCH)))

    again = books.upload(postings(*YEAR, MARCH))
    undone = books.undo(batch)
    former = books.upload(postings(*YEAR))

    assert [again.state, undone.state, former.state] == [
        BatchState.UNCHANGED, BatchState.UNDONE, BatchState.UNCHANGED
    ]  # fmt: skip
    with enter_association(books.association):
        assert standing_figures() == before
        standing = PostingEdition.objects.filter(closed_by=None, row_count__gt=0)
        assert not standing.filter(fingerprint=None).exists()


def test_charges_are_compared_by_slices_too(books: Importer) -> None:
    header = "Miesiąc;Kod lokalu;Składnik;Fundusz;Kwota\n"
    lines = "2026-01;1;EKSP;podstawowy;100,00\n2026-02;1;EKSP;podstawowy;100,00\n"
    books.publish(books.upload(file("naliczenia.csv", header + lines)))

    batch = books.upload(file("naliczenia.csv", header + lines + "2026-03;2;EKSP;podstawowy;90,00\n"))

    assert groups(books, batch) == [
        ("", "01", "main", "same"), ("", "02", "main", "same"), ("2", "03", "main", "new")
    ]  # fmt: skip
    summary: dict[str, Any] = batch.summary
    assert summary["datasets"][0]["premises"] == PREMISES.count("ul.")
