"""Zamknięte lata: nothing changes a closed year, whatever the way, until a manager reopens it with a reason."""

import pytest
from django.db import transaction

from associations.audit.models import AuditEntry
from associations.catalogue import CATALOGUE
from associations.imports.actions import request_publication
from associations.imports.checking import check_batch
from associations.imports.closed_years import close_year, closed_years, list_years, reopen_year
from associations.imports.models import BatchState, Problem
from associations.imports.publishing import publish
from associations.imports.rules import ImportRuleError
from saas.tenancy.switching import AssociationRef, enter_association
from tests.workers.importing.conftest import OPERATOR, Importer
from tests.workers.importing.test_meaning import (
    FEBRUARY,
    JANUARY,
    OTHERS,
    REPAIR,
    books,
    documents,
    file,
    postings,
)

__all__ = ["books"]

CHANGED = "1;201-1;01.02.2026;NAL 02/2026;Naliczenie;999,00;0"


def close(importer: Importer, year: int = 2026) -> None:
    with enter_association(importer.association):
        close_year(actor=OPERATOR, year=year)


def reopen(importer: Importer, year: int = 2026) -> None:
    with enter_association(importer.association):
        reopen_year(actor=OPERATOR, year=year, reason="Korekta po lustracji")


def test_a_change_in_a_closed_year_blocks_the_whole_batch_and_cannot_be_left_out(books: Importer) -> None:
    close(books)

    batch = books.upload(postings(*JANUARY, CHANGED))

    assert (batch.state, batch.summary["can_publish_without"]) == (BatchState.BLOCKED, False)
    with enter_association(books.association):
        [problem] = Problem.objects.filter(batch=batch)
    assert problem.reason == (
        "Rok 2026 jest zamknięty, a paczka zmienia w nim zapisy lokalu 1. Otwórz rok, podając powód, albo wgraj"
        " plik bez tych zmian."
    )
    with pytest.raises(ImportRuleError):
        books.publish(batch, without_premises_with_errors=True)


def test_identical_rows_pass_beside_those_of_an_open_year(books: Importer) -> None:
    close(books)

    next_year = "1;201-1;01.01.2027;NAL 01/2027;Naliczenie;120,00;0"
    batch = books.upload(postings(*JANUARY, *FEBRUARY, *OTHERS, *REPAIR, next_year))

    assert books.publish(batch).state == BatchState.PUBLISHED
    assert ("1", "NAL 01/2027", "120.0") in [(a, b, str(float(c))) for a, b, c in documents(books)]


def test_what_would_vanish_from_a_closed_year_blocks_too(books: Importer) -> None:
    close(books)

    batch = books.upload(postings(*JANUARY, "1;201-1;01.03.2027;NAL 03/2027;Naliczenie;1,00;0"))

    assert batch.state == BatchState.BLOCKED


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("salda.csv", "Kod lokalu;Fundusz;Saldo;Na dzień\n1;podstawowy;-5,00;31.12.2026\n"),
        (
            "odczyty.csv",
            "Kod lokalu;Medium;Nr licznika;Data odczytu;Stan\n1;zimna woda;ZW-1;31.12.2026;12,5\n",
        ),
        (
            "rozliczenia.csv",
            "Kod lokalu;Medium;Okres od;Okres do;Koszt;Zaliczki;Wynik\n1;zimna woda;01.01.2026;31.12.2026;3;1;2\n",
        ),
        ("naliczenia.csv", "Okres;Kod lokalu;Składnik;Fundusz;Kwota\n12/2026;1;EKSP;podstawowy;101,85\n"),
    ],
)
def test_every_kind_of_figures_belongs_to_the_year_of_its_month(
    books: Importer, name: str, text: str
) -> None:
    close(books)

    assert books.upload(file(name, text)).state == BatchState.BLOCKED
    assert books.upload(file(name, text.replace("2026", "2027"))).state == BatchState.READY


def test_a_reopened_year_takes_the_batch_and_the_journal_keeps_the_reason(books: Importer) -> None:
    close(books)
    blocked = books.upload(postings(*JANUARY, CHANGED))
    reopen(books)

    again = books.declare(blocked)

    assert books.publish(again).state == BatchState.PUBLISHED
    with enter_association(books.association):
        acts = AuditEntry.objects.filter(action__startswith="year.").order_by("id")
        assert [(act.action, act.target) for act in acts] == [
            ("year.closed", "2026"),
            ("year.reopened", "2026"),
        ]
        assert acts[1].details["reason"] == "Korekta po lustracji"


def test_a_year_closed_between_preview_and_publishing_stops_the_batch(books: Importer) -> None:
    batch = books.upload(postings(*JANUARY, CHANGED))
    assert batch.state == BatchState.READY
    close(books)

    stopped = books.publish(batch)

    assert stopped.state == BatchState.BLOCKED
    assert "NAL 02/2026" in [row[1] for row in documents(books)]
    assert "999.0" not in [str(float(row[2])) for row in documents(books)]


def test_the_transaction_itself_refuses_what_the_check_no_longer_saw(books: Importer) -> None:
    batch = books.upload(postings(*JANUARY, CHANGED))
    with enter_association(books.association):
        request_publication(actor=OPERATOR, batch=batch)
        check_batch(CATALOGUE, batch.pk)
        close_year(actor=OPERATOR, year=2026)

        with pytest.raises(ImportRuleError, match="Rok 2026 jest zamknięty"), transaction.atomic():
            publish(CATALOGUE, batch, actor=OPERATOR)

    assert "999.0" not in [str(float(row[2])) for row in documents(books)]


def test_undo_of_a_batch_of_a_closed_year_is_refused(books: Importer) -> None:
    batch = books.publish(books.upload(postings(*JANUARY, CHANGED)))
    close(books)

    refused = books.undo(batch)

    assert refused.state == BatchState.PUBLISHED
    assert "rok 2026 jest zamknięty" in refused.failure
    reopen(books)
    assert books.undo(batch).state == BatchState.UNDONE


@pytest.mark.parametrize(
    ("year", "reason", "code"),
    [(2026, "x", "no_change"), (1, "x", "no_such_year"), (2026, "  ", "no_reason")],
)
def test_reopening_what_is_open_or_without_a_reason_is_refused(
    books: Importer, year: int, reason: str, code: str
) -> None:
    with enter_association(books.association), pytest.raises(ImportRuleError) as refusal:
        reopen_year(actor=OPERATOR, year=year, reason=reason)

    assert refusal.value.code == code


def test_closing_twice_is_refused(books: Importer) -> None:
    close(books)

    with pytest.raises(ImportRuleError, match="już zamknięty"):
        close(books)


def test_years_are_listed_with_figures_state_and_acts(books: Importer, sloneczna: AssociationRef) -> None:
    close(books, 2024)
    close(books)
    reopen(books)

    with enter_association(books.association):
        years = list_years(CATALOGUE.editions)
        assert [(year.year, year.has_figures, year.is_closed, len(year.acts)) for year in years] == [
            (2026, True, False, 2), (2024, False, True, 1),
        ]  # fmt: skip
        assert closed_years() == [2024]
    with enter_association(sloneczna):
        assert closed_years() == []
