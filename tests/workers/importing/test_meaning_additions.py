"""Dopisanie: rows added to what stands, by month and part; nothing vanishes, and an undo takes only them away."""

import json

import pytest

from associations.imports.models import BatchState, ImportBatch, Problem
from associations.imports.rules import ImportRuleError
from associations.ledger.models import Posting
from saas.tenancy.switching import AssociationRef, enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_meaning import (
    FEBRUARY,
    JANUARY,
    OTHERS,
    books,
    documents,
    file,
    outcome,
    postings,
)
from tests.workers.importing.test_samples import standing_figures, standing_rows

__all__ = ["books"]

PAYMENT = "1;201-1;20.01.2026;WB 7/2026;Wpłata;0;30,00"
MARCH = "2;201-1;01.03.2026;NAL 03/2026;Naliczenie;50,00;0"
CHARGES = "Okres;Kod lokalu;Składnik;Fundusz;Ilość;J.m.;Stawka;Kwota\n"
READINGS = "Kod lokalu;Medium;Nr licznika;Data odczytu;Stan;Zużycie;J.m.\n"
BALANCES = "Kod lokalu;Kod osoby;Fundusz;Saldo;Odsetki{day}\n"
SETTLEMENTS = "Kod lokalu;Medium;Okres od;Okres do;Koszt;Zaliczki;Wynik\n"


def add(importer: Importer, *files: tuple[str, bytes]) -> ImportBatch:
    """Upload and declare it an addition."""
    return importer.declare(importer.upload(*files), is_addition=True)


def test_added_rows_stand_beside_those_of_their_month(books: Importer) -> None:
    batch = add(books, postings(PAYMENT, MARCH))

    assert batch.state == BatchState.READY
    assert outcome(batch) == (2, 0, 0, 0)
    [entry] = batch.summary["datasets"]
    assert (entry["rows"], entry["totals"][1]["in_file"], entry["totals"][1]["difference"]) == (
        2,
        "30.00",
        "0.00",
    )
    books.publish(batch, confirms_vanishing=False)
    assert [row[:2] for row in documents(books)] == [
        ("1", "NAL 01/2026"), ("1", "NAL 01/2026"), ("1", "NAL 02/2026"), ("1", "WB 1/2026"), ("1", "WB 7/2026"),
        ("2", "NAL 01/2026"), ("2", "NAL 03/2026"),
    ]  # fmt: skip


def test_the_same_file_without_the_word_replaces_the_month(books: Importer) -> None:
    batch = books.upload(postings(PAYMENT, MARCH))

    with pytest.raises(ImportRuleError, match="zawiera wszystko"):
        books.publish(batch, confirms_vanishing=False)


def test_a_single_row_that_vanishes_from_a_changed_month_needs_the_word(books: Importer) -> None:
    batch = books.upload(postings(*JANUARY[1:], PAYMENT, *FEBRUARY))

    [entry] = batch.summary["datasets"]
    assert (entry["gone"], entry["row_changes"]["gone"]) == (0, 1)
    with pytest.raises(ImportRuleError, match="zawiera wszystko"):
        books.publish(batch, confirms_vanishing=False)


def test_a_later_whole_file_with_the_added_rows_changes_nothing(books: Importer) -> None:
    books.publish(add(books, postings(PAYMENT)))

    batch = books.upload(postings(*JANUARY, PAYMENT, *FEBRUARY))

    assert batch.state == BatchState.UNCHANGED


def test_undo_of_an_addition_takes_only_its_rows_away(books: Importer) -> None:
    with enter_association(books.association):
        before = standing_figures()
    batch = books.publish(add(books, postings(PAYMENT)))
    with enter_association(books.association):
        assert standing_figures() != before

    books.undo(batch)

    with enter_association(books.association):
        assert standing_figures() == before


def test_a_row_that_stands_already_is_a_warning_and_may_be_added(books: Importer) -> None:
    batch = add(books, postings(JANUARY[1]))

    with enter_association(books.association):
        [problem] = Problem.objects.all()
        assert (problem.code, problem.severity, problem.row) == ("same_row_stands", "warning", 2)
        assert problem.reason.startswith("Taki sam zapis już jest.")
    books.publish(batch)
    assert [row[1] for row in documents(books)].count("WB 1/2026") == 2


def test_two_equal_added_rows_are_no_reason_to_warn(books: Importer) -> None:
    add(books, postings(PAYMENT, PAYMENT))

    with enter_association(books.association):
        assert not Problem.objects.exists()


def test_copies_are_made_anew_when_something_was_published_since_the_preview(books: Importer) -> None:
    waiting = add(books, postings(PAYMENT))
    books.publish(books.upload(postings(JANUARY[0], *FEBRUARY)))

    stale = books.publish(waiting)
    if stale.state != BatchState.PUBLISHED:
        assert "Podgląd został przeliczony" in stale.failure
        books.publish(stale)

    assert [row[:2] for row in documents(books) if row[0] == "1"] == [
        ("1", "NAL 01/2026"), ("1", "NAL 01/2026"), ("1", "NAL 02/2026"), ("1", "WB 7/2026"),
    ]  # fmt: skip
    with enter_association(books.association):
        assert Posting.objects.filter(batch=waiting.pk, file_no=0).count() == 1


def test_errors_of_an_addition_may_be_left_out(books: Importer) -> None:
    batch = add(
        books, postings(PAYMENT, "2;201-1;31.09.2026;NAL;x;1,00;0", "2;201-1;02.01.2026;KP 1;Wpłata;0;5,00")
    )

    assert batch.state == BatchState.BLOCKED
    [entry] = batch.summary["datasets"]
    assert entry["totals"][1]["in_file"] == "35.00"
    assert entry["totals"][1]["difference"] == "-5.00"
    books.publish(batch, without_premises_with_errors=True)
    assert [row[1] for row in documents(books) if row[0] == "2"] == ["NAL 01/2026"]


def test_every_dataset_keeps_its_standing_rows_exactly(books: Importer) -> None:
    """Two half months added to each other are the same figures as the whole at once: digests are equal."""
    halves: list[list[tuple[str, bytes]]] = [[], []]
    for name, header, rows in (
        ("naliczenia.csv", CHARGES, ("01/2026;1;EKSP;podstawowy;48,50;m2;2,10;101,85",
                                     "01/2026;1;CO;podstawowy;;;;276,45")),
        ("odczyty.csv", READINGS, ("1;zimna woda;ZW-1;31.01.2026;12,345;2,3;m3",
                                   "1;zimna woda;ZW-2;31.01.2026;7;;m3")),
        ("salda.csv", BALANCES.format(day=";Na dzień"), ("1;A;podstawowy;-12,50;0,20;31.01.2026",
                                                          "1;;podstawowy;5,00;;31.01.2026")),
        ("rozliczenia.csv", SETTLEMENTS, ("1;zimna woda;01.01.2025;31.12.2025;100,00;80,00;20,00",
                                          "1;zimna woda;01.07.2025;31.12.2025;10,00;12,00;-2,00")),
    ):  # fmt: skip
        for half, row in zip(halves, rows, strict=True):
            half.append(file(name, f"{header}{row}\n"))
    books.publish(books.upload(*halves[0]))
    books.publish(add(books, *halves[1]))

    whole = [
        (name, first + b"".join(second.splitlines(keepends=True)[1:]))
        for (name, first), (_, second) in zip(*halves, strict=True)
    ]
    assert books.upload(*whole).state == BatchState.UNCHANGED


def test_a_balance_without_a_day_keeps_having_none_when_another_payers_is_added(books: Importer) -> None:
    header = BALANCES.format(day="")
    books.publish(books.upload(file("salda.csv", f"{header}1;A;podstawowy;-12,50;0,20\n")))

    books.publish(add(books, file("salda.csv", f"{header}1;;podstawowy;5,00;\n")))

    with enter_association(books.association):
        rows = [json.loads(row[0]) for row in standing_rows("balances")]
    assert sorted((row["amount"], row["is_dated"]) for row in rows) == [(-12.5, False), (5.0, False)]


def test_an_addition_of_one_association_leaves_the_other_alone(
    books: Importer, sloneczna: AssociationRef
) -> None:
    with enter_association(sloneczna):
        before = standing_figures()

    books.publish(add(books, postings(PAYMENT, *OTHERS)))

    with enter_association(sloneczna):
        assert standing_figures() == before


def test_the_same_file_added_twice_needs_the_word(books: Importer) -> None:
    first = add(books, postings(PAYMENT))
    books.publish(first)
    again = add(books, ("inna-nazwa.csv", postings(PAYMENT)[1]))

    [told] = again.summary["questions"]["repeated_files"]
    assert (told["name"], told["batch"]) == ("inna-nazwa.csv", first.pk)
    with pytest.raises(ImportRuleError, match="był już dopisany"):
        books.publish(again)

    books.publish(books.declare(again, adds_again=True))
    assert [row[1] for row in documents(books)].count("WB 7/2026") == 2


def test_a_file_whose_addition_was_taken_back_is_added_without_asking(books: Importer) -> None:
    first = add(books, postings(PAYMENT))
    books.publish(first)
    books.undo(first)

    again = add(books, postings(PAYMENT))

    assert "repeated_files" not in again.summary["questions"]
    assert books.publish(again).state == BatchState.PUBLISHED
