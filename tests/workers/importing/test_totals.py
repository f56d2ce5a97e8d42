"""Control totals: rows and sums in the file, before and after, by fund, account and month, against RAZEM."""

from typing import Any

from associations.imports.models import BatchState, ImportBatch, Problem
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_meaning import FEBRUARY, JANUARY, OTHERS, REPAIR, books, file, postings

__all__ = ["books"]

MARCH = "1;201-1;01.03.2026;NAL 03/2026;Naliczenie;110,00;0"
DEARER = "1;201-1;01.02.2026;NAL 02/2026;Naliczenie;112,50;0"


def entry_of(batch: ImportBatch, dataset: str = "postings") -> dict[str, Any]:
    [entry] = [entry for entry in batch.summary["datasets"] if entry["dataset"] == dataset]
    return dict(entry)


def test_rows_and_sums_in_the_file_before_and_after(books: Importer) -> None:
    entry = entry_of(books.upload(postings(*JANUARY, DEARER, MARCH, *REPAIR)))

    assert entry["row_totals"] == {"in_file": 5, "before": 4, "after": 5}
    debit, credit = entry["totals"]
    assert [debit[key] for key in ("in_file", "before", "after", "change", "difference")] == [
        "342.50", "230.00", "342.50", "112.50", "0.00",
    ]  # fmt: skip
    assert [credit[key] for key in ("in_file", "before", "after", "change")] == [
        "100.00",
        "100.00",
        "100.00",
        "0.00",
    ]


def test_sums_stand_by_fund_account_and_month(books: Importer) -> None:
    breakdowns = entry_of(books.upload(postings(*JANUARY, DEARER, MARCH, *REPAIR)))["breakdowns"]

    lines = {
        kind: [(line["label"], line["rows"], line["sums"][0]) for line in found]
        for kind, found in breakdowns.items()
    }
    assert lines == {
        "fund": [
            ("Fundusz podstawowy", [4, 3, 4], ["322.50", "210.00", "322.50"]),
            ("Fundusz remontowy", [1, 1, 1], ["20.00", "20.00", "20.00"]),
        ],
        "part": [
            ("201-1 Zaliczki", [4, 3, 4], ["322.50", "210.00", "322.50"]),
            ("201-2 Fundusz remontowy", [1, 1, 1], ["20.00", "20.00", "20.00"]),
        ],
        "month": [
            ("2026-01-01", [3, 3, 3], ["120.00", "120.00", "120.00"]),
            ("2026-02-01", [1, 1, 1], ["112.50", "110.00", "112.50"]),
            ("2026-03-01", [1, 0, 1], ["110.00", "0.00", "110.00"]),
        ],
    }


def test_what_vanishes_is_in_the_change(books: Importer) -> None:
    entry = entry_of(books.upload(postings(*JANUARY, MARCH)))

    assert entry["gone"] == 1
    assert entry["row_totals"] == {"in_file": 3, "before": 3, "after": 3}
    assert entry["totals"][0]["change"] == "0.00"
    assert [line["rows"] for line in entry["breakdowns"]["month"]] == [[2, 2, 2], [0, 1, 0], [1, 0, 1]]


def test_an_equal_totals_row_is_said_to_agree(books: Importer) -> None:
    entry = entry_of(books.upload(postings(*JANUARY, DEARER, "RAZEM;;;;;212,50;100,00")))

    assert [(total["file_total"], total["file_difference"]) for total in entry["totals"]] == [
        ("212.50", "0.00"),
        ("100.00", "0.00"),
    ]


def test_openings_count_where_the_file_adds_up_its_own_rows(books: Importer) -> None:
    opening = "2;201-1;01.01.2026;BO;Bilans otwarcia;33,00;0"

    batch = books.upload(postings(opening, *OTHERS, "RAZEM;;;;;83,00;0,00"))

    debit = entry_of(batch)["totals"][0]
    assert (debit["in_file"], debit["file_total"], debit["file_difference"]) == ("50.00", "83.00", "0.00")


def test_a_differing_totals_row_is_a_warning_that_names_both_sums(books: Importer) -> None:
    batch = books.upload(postings(*JANUARY, *FEBRUARY[:0], DEARER, "RAZEM;;;;;312,50;100,00"))

    with enter_association(books.association):
        [problem] = Problem.objects.filter(batch=batch, code="totals_differ")
    assert (batch.state, problem.severity, problem.file_name) == (
        BatchState.READY,
        "warning",
        "ksiegowania.csv",
    )
    assert problem.reason == (
        "Wiersz RAZEM podaje w pliku sumę „Obciążenia (Wn)” 312,50, a jego wiersze dają 212,50: różnica -100,00."
        " Sprawdź, czy plik jest cały."
    )
    assert entry_of(batch)["totals"][0]["file_difference"] == "-100.00"


def test_funds_and_media_that_a_file_leaves_alone_are_named(books: Importer) -> None:
    charges = "Miesiąc;Kod lokalu;Składnik;Fundusz;Ilość;J.m.;Stawka;Kwota\n"
    main, repair = ("2026-01;1;EKSP;podstawowy;1;m2;1;1,00\n", "2026-01;1;FR;remontowy;1;m2;1;1,00\n")
    books.publish(books.upload(file("naliczenia.csv", charges + main + repair)))
    readings = "Kod lokalu;Medium;Nr licznika;Data odczytu;Stan\n"
    cold, warm = ("1;zimna woda;Z1;31.01.2026;5\n", "1;ciepła woda;C1;31.01.2026;5\n")
    books.publish(books.upload(file("odczyty.csv", readings + cold + warm)))

    batch = books.upload(file("naliczenia.csv", charges + main), file("odczyty.csv", readings + warm))

    assert [entry["notes"] for entry in batch.summary["datasets"]] == [
        ["Plik zawiera tylko „Fundusz podstawowy”; „Fundusz remontowy” zostaje bez zmian."],
        ["Plik zawiera tylko „ciepła woda”; „zimna woda” zostaje bez zmian."],
    ]
