"""Files that would show figures to the wrong person, or twice, are refused; so is an undo that would lose its way."""

import pytest

from associations.imports.models import BatchState, ImportBatch, Problem
from associations.premises.models import Person
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_meaning import (
    FEBRUARY,
    HEADER,
    PEOPLE,
    PEOPLE_HEADER,
    books,
    file,
    postings,
)

__all__ = ["books"]
WITH_PAYER = HEADER.replace("Konto;", "Konto;Kod osoby;", 1)
PAYERS_ACCOUNT = "Konto;Nazwa;Fundusz;Kod lokalu;Kod osoby\n"


def errors(importer: Importer, batch: ImportBatch) -> list[tuple[str, str]]:
    with enter_association(importer.association):
        return list(
            Problem.objects.filter(batch=batch, severity="error").order_by("id").values_list("code", "value")
        )


def test_more_errors_than_are_listed_block_the_whole_batch(
    books: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("associations.imports.checks.MAX_PROBLEMS_PER_CHECK", 2)
    rows = "".join(
        f"{premises};201-1;ZZ;01.03.2026;NAL;Naliczenie;1,00;0\n" for premises in ("1", "1", "2", "2")
    )

    batch = books.upload(file("ksiegowania.csv", WITH_PAYER + rows))

    assert [code for code, _ in errors(books, batch)] == ["unknown_payer", "unknown_payer", "more_problems"]
    assert not batch.summary["can_publish_without"]


def test_bad_row_of_an_unknown_premises_cannot_be_left_out(books: Importer) -> None:
    changed = FEBRUARY[0].replace("110,00", "130,00")

    batch = books.upload(postings(changed, "77;201-1;31.09.2026;NAL;x;1,00;0"))

    assert (batch.state, batch.summary["premises_with_errors"]) == (BatchState.BLOCKED, ["77"])
    assert not batch.summary["can_publish_without"]


def test_account_of_an_unknown_person_is_refused(books: Importer) -> None:
    batch = books.upload(file("konta.csv", PAYERS_ACCOUNT + "204-9;Rozrachunki;podstawowy;1;ZZ\n"))

    assert errors(books, batch) == [("unknown_payer", "ZZ")]


def test_account_with_figures_does_not_pass_to_another_person(books: Importer) -> None:
    batch = books.upload(file("konta.csv", PAYERS_ACCOUNT + "201-1;Zaliczki;podstawowy;1;A\n"))

    assert errors(books, batch) == [("account_moves_payer", "A")]


def test_new_account_of_a_person_is_published(books: Importer) -> None:
    batch = books.upload(file("konta.csv", PAYERS_ACCOUNT + "204-9;Rozrachunki;podstawowy;1;A\n"))

    assert batch.state == BatchState.READY


def test_file_that_is_twice_in_a_package_is_refused(books: Importer) -> None:
    _, content = postings(*FEBRUARY)

    batch = books.upload(("ksiegowania.csv", content), ("ksiegowania (1).csv", content))

    assert batch.state == BatchState.BLOCKED
    assert sorted(errors(books, batch)) == [("row_in_two_files", ""), ("same_file", "")]
    assert not batch.summary["can_publish_without"]


def test_titles_that_a_file_leaves_out_stay_and_are_named(books: Importer) -> None:
    another_day = "A;Nowak Anna;1;odrębna własność;01.03.2020\n"
    buyer_alone = "C;Wilk Ewa;2;odrębna własność;01.02.2026\n"

    batch = books.upload(file("osoby.csv", PEOPLE_HEADER + another_day + buyer_alone))

    assert batch.state == BatchState.READY
    with enter_association(books.association):
        found = Problem.objects.filter(batch=batch, code="title_stays").order_by("premises_code")
        assert [(one.severity, one.value, one.premises_code, one.row) for one in found] == [
            ("warning", "A", "1", 2), ("warning", "B", "2", 3),
        ]  # fmt: skip
        assert "od 01.01.2020" in found[0].reason


def test_file_that_names_every_title_brings_no_warning(books: Importer) -> None:
    batch = books.upload(file("osoby.csv", PEOPLE + "C;Wilk Ewa;2;odrębna własność;01.02.2026\n"))

    assert (batch.state, batch.warning_count) == (BatchState.READY, 0)


def test_undo_of_accounts_is_refused_while_later_figures_use_them(books: Importer) -> None:
    first = books.publish(
        books.upload(file("konta.csv", "Konto;Nazwa;Fundusz\n204-9;Rozrachunki;podstawowy\n"))
    )
    later = books.publish(books.upload(postings("1;204-9;01.05.2026;NAL 05/2026;Naliczenie;50,00;0")))

    refused = books.undo(first)

    assert refused.state == BatchState.PUBLISHED
    assert str(later.pk) in refused.failure


def test_undo_is_refused_while_later_batches_changed_a_row_there_and_back(books: Importer) -> None:
    def rename(name: str) -> ImportBatch:
        renamed = file("osoby.csv", PEOPLE.replace("Nowak Anna", name))
        return books.publish(books.upload(renamed), accepts_renames=True)

    first, second, third = rename("Nowak-Lis Anna"), rename("Lis Anna"), rename("Nowak-Lis Anna")

    refused = books.undo(first)

    assert refused.state == BatchState.PUBLISHED
    assert f"{second.pk}, {third.pk}" in refused.failure
    for batch in (third, second, first):
        assert books.undo(batch).state == BatchState.UNDONE
    with enter_association(books.association):
        assert Person.objects.get(code="A").name == "Nowak Anna"
