"""„Poprawka czy inna osoba?”: a changed name under a known code, answered person by person."""

import datetime as dt
from typing import Any

import pytest

from associations.imports.models import BatchState, ImportBatch, Problem, RegistryChange
from associations.imports.rules import ImportRuleError
from associations.ledger.models import Account, Posting
from associations.premises.access import first_holding_id, holding_of_person
from associations.premises.models import HoldingMember, Person
from associations.premises.queries import held_premises
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.owner.browsing import DoorClient, browser_of
from tests.factories import make_account_of
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_changes import registry
from tests.workers.importing.test_meaning import PREMISES, file, postings
from tests.workers.importing.test_meaning_titles import (
    DAY,
    KOS,
    NOWAK,
    NOWAK_ANNA,
    estate,
    holdings,
    people,
    problems,
    titles,
)
from tests.workers.importing.test_samples import standing_figures

__all__ = ["estate"]

WILK = "N;Wilk Ewa;1;własność;;"
ACCOUNTS = "Konto;Nazwa;Fundusz;Kod osoby\n201-1;Zaliczki;podstawowy;{payer}\n"
OF_PAYER = "Kod lokalu;Kod osoby;Konto;Data księgowania;Dokument;Opis;Winien;Ma\n"


def answer(importer: Importer, batch: ImportBatch, word: str, **declared: Any) -> ImportBatch:
    return importer.declare(batch, people={"N": word}, as_of=DAY, **declared)


def person(importer: Importer, name: str) -> Person:
    with enter_association(importer.association):
        return Person.objects.get(name=name, is_current=True)


def test_a_corrected_row_of_the_former_persons_days_stays_theirs(estate: Importer) -> None:
    accounts = file("konta.csv", ACCOUNTS.format(payer=""))
    rows = "1;N;201-1;05.{month}.2026;KP {month};Wpłata;0;{amount}\n"
    january, december = rows.format(month="01", amount="100,00"), rows.format(month="12", amount="200,00")
    other_premises = january.replace("1;N;", "2;N;", 1)
    estate.publish(estate.upload(people("N;Nowak Jan;2;najem;01.01.2020;", KOS)))
    estate.publish(estate.upload(accounts, file("ksiegowania.csv", OF_PAYER + january + other_premises)))
    estate.publish(answer(estate, estate.upload(people(WILK)), "other"))

    corrected = (january + other_premises).replace("100,00", "150,00") + december
    batch = estate.upload(file("ksiegowania.csv", OF_PAYER + corrected))

    assert (batch.state, problems(estate, batch)) == (BatchState.READY, [])
    estate.publish(batch)
    with enter_association(estate.association):
        rows_of = Posting.objects.filter(batch=batch.pk).order_by("premises__code", "document")
        assert list(rows_of.values_list("premises__code", "document", "payer__name")) == [
            ("1", "KP 01", "Nowak Jan"), ("1", "KP 12", "Wilk Ewa"), ("2", "KP 01", "Nowak Jan"),
        ]  # fmt: skip


def seen(browser: DoorClient, address: str) -> set[str]:
    """Which of the telling words the page holds; a retired code (with its ~) is none of them."""
    page = browser.get(address).content.decode()
    assert "~" not in page
    return {word for word in ("PAZDZIERNIK", "GRUDZIEN", "Nowak", "Wilk") if word in page}


def test_every_changed_name_is_asked_about_and_nothing_is_published_before(estate: Importer) -> None:
    batch = estate.upload(people(WILK, KOS.replace("Kos Piotr", "Kos-Lis Piotr")))

    assert batch.summary["questions"]["people"] == [
        {"code": "K", "before": "Kos Piotr", "after": "Kos-Lis Piotr", "answer": ""},
        {"code": "N", "before": "Nowak Jan", "after": "Wilk Ewa", "answer": ""},
    ]
    assert problems(estate, batch) == ["person_renamed", "person_renamed"]
    half = answer(estate, batch, "correction")
    assert problems(estate, half) == ["person_renamed"]
    with pytest.raises(ImportRuleError, match="poprawka czy inna osoba"):
        estate.publish(half)


def test_a_correction_renames_the_person_who_keeps_everything(estate: Importer) -> None:
    nowak = person(estate, "Nowak Jan")

    estate.publish(
        answer(estate, estate.upload(people(NOWAK.replace("Nowak", "Nowak-Lis"), KOS)), "correction")
    )

    with enter_association(estate.association):
        assert Person.objects.get(code="N").pk == nowak.pk
    assert titles(estate) == [("Nowak-Lis Jan", "", "")]


def test_another_person_gets_the_code_and_the_former_one_keeps_the_past(estate: Importer) -> None:
    nowak = person(estate, "Nowak Jan")
    batch = answer(estate, estate.upload(people(WILK, KOS)), "other")
    assert (batch.state, problems(estate, batch)) == (BatchState.READY, ["person_replaced"])

    estate.publish(batch)

    assert titles(estate) == [("Nowak Jan", "", "2026-11-21"), ("Wilk Ewa", DAY, "")]
    assert holdings(estate) == [({"Nowak Jan"}, "", "2026-11-21"), ({"Wilk Ewa"}, DAY, "")]
    former, new = person(estate, "Nowak Jan"), person(estate, "Wilk Ewa")
    assert (former.pk, former.former_code, former.shown_code) == (nowak.pk, "N", "N")
    assert (new.code, new.former_code) == ("N", "")
    with enter_association(estate.association):
        [kept] = RegistryChange.objects.filter(registry="person", object_id=nowak.pk, before__isnull=False)
        assert ((kept.before or {})["code"], kept.after["former_code"]) == ("N", "N")
    again = estate.upload(people(WILK, KOS))
    assert (again.state, problems(estate, again)) == (BatchState.UNCHANGED, [])


def test_a_code_that_was_given_up_is_shown_as_people_know_it(estate: Importer) -> None:
    batch = estate.publish(answer(estate, estate.upload(people(WILK, KOS)), "other"))

    [former] = registry(estate, batch, "person", "changed")
    [ended] = registry(estate, batch, "title", "gone")
    assert former.heading == "N Nowak Jan"
    assert ended.new[0] == "Nowak Jan (N)"


def test_a_dated_title_of_the_new_person_ends_the_former_one_the_day_before(estate: Importer) -> None:
    batch = answer(estate, estate.upload(people(WILK.replace(";;", ";01.03.2024;"), KOS)), "other")

    estate.publish(batch)

    assert titles(estate) == [("Nowak Jan", "", "2024-02-29"), ("Wilk Ewa", "2024-03-01", "")]


def test_titles_to_other_premises_end_the_day_before_the_as_of_date(estate: Importer) -> None:
    estate.publish(estate.upload(people("N;Nowak Jan;2;najem;01.01.2025;")))

    estate.publish(answer(estate, estate.upload(people(WILK)), "other"))

    assert ("Nowak Jan", "2025-01-01", "2026-11-21") in titles(estate, "2")
    assert ("Kos Piotr", "", "") in titles(estate, "2")


def test_a_new_person_cannot_begin_before_the_former_one_did(lipowa_imports: Importer) -> None:
    dated = NOWAK.replace("własność;;", "własność;01.01.2020;")
    lipowa_imports.publish(lipowa_imports.upload(file("lokale.csv", PREMISES), people(dated)))

    batch = answer(
        lipowa_imports, lipowa_imports.upload(people(dated.replace("Nowak Jan", "Wilk Ewa"))), "other"
    )

    assert batch.state == BatchState.BLOCKED
    with enter_association(lipowa_imports.association):
        [problem] = Problem.objects.filter(batch=batch, severity="error")
    assert (problem.code, problem.value) == ("replaced_too_early", "01.01.2020")


def test_a_co_owner_who_stays_shares_with_both_in_turn(lipowa_imports: Importer) -> None:
    first = lipowa_imports.upload(file("lokale.csv", PREMISES), people(NOWAK, NOWAK_ANNA))
    lipowa_imports.publish(first)

    batch = answer(lipowa_imports, lipowa_imports.upload(people(WILK, NOWAK_ANNA)), "other")

    assert batch.summary["questions"]["succession_count"] == 0
    lipowa_imports.publish(batch)
    assert holdings(lipowa_imports) == [
        ({"Nowak Anna", "Nowak Jan"}, "", "2026-11-21"), ({"Nowak Anna", "Wilk Ewa"}, DAY, ""),
    ]  # fmt: skip


def test_undo_gives_code_titles_and_holdings_back_and_it_can_be_done_again(estate: Importer) -> None:
    with enter_association(estate.association):
        before = standing_figures()
    batch = estate.publish(answer(estate, estate.upload(people(WILK, KOS)), "other"))

    estate.undo(batch)

    with enter_association(estate.association):
        assert standing_figures() == before
        assert Person.objects.get(code="N").name == "Nowak Jan"
    estate.publish(answer(estate, estate.upload(people(WILK, KOS)), "other"))
    assert holdings(estate) == [({"Nowak Jan"}, "", "2026-11-21"), ({"Wilk Ewa"}, DAY, "")]


def test_undo_is_refused_while_a_later_batch_replaced_the_person_again(estate: Importer) -> None:
    first = estate.publish(answer(estate, estate.upload(people(WILK, KOS)), "other"))
    later = answer(estate, estate.upload(people(WILK.replace("Wilk Ewa", "Zając Iwo"), KOS)), "other")
    estate.publish(later)

    refused = estate.undo(first)

    assert (refused.state, str(later.pk) in refused.failure) == (BatchState.PUBLISHED, True)


def test_an_account_of_the_former_person_is_not_handed_over(estate: Importer) -> None:
    accounts = file("konta.csv", ACCOUNTS.format(payer="N"))
    estate.publish(estate.upload(accounts, postings("1;201-1;01.01.2026;NAL 01/2026;Naliczenie;100,00;0")))

    batch = answer(estate, estate.upload(accounts, people(WILK, KOS)), "other")

    assert batch.state == BatchState.BLOCKED
    assert "account_moves_payer" in problems(estate, batch)
    with enter_association(estate.association):
        assert Account.objects.get(code="201-1").payer == person(estate, "Nowak Jan")


def test_rows_that_name_the_code_later_are_the_new_persons_and_earlier_ones_stay(estate: Importer) -> None:
    accounts = file("konta.csv", ACCOUNTS.format(payer=""))
    january = "1;N;201-1;05.01.2026;KP 1;Wpłata;0;100,00\n"
    december = "1;N;201-1;05.12.2026;KP 9;Wpłata;0;200,00\n"
    estate.publish(estate.upload(accounts, file("ksiegowania.csv", OF_PAYER + january)))
    estate.publish(answer(estate, estate.upload(people(WILK, KOS)), "other"))

    estate.publish(estate.upload(file("ksiegowania.csv", OF_PAYER + january + december)))

    with enter_association(estate.association):
        assert dict(Posting.objects.values_list("document", "payer__name")) == {
            "KP 1": "Nowak Jan", "KP 9": "Wilk Ewa",
        }  # fmt: skip


def test_each_of_the_two_sees_only_their_own_pages(estate: Importer) -> None:
    accounts = file("konta.csv", ACCOUNTS.format(payer=""))
    rows = (
        "1;201-1;01.10.2026;NAL 10/2026;CZYNSZ PAZDZIERNIK;111,11;0",
        "1;201-1;01.12.2026;NAL 12/2026;CZYNSZ GRUDZIEN;222,22;0",
    )
    estate.publish(estate.upload(accounts, postings(*rows)))
    with enter_association(estate.association):
        nowak = Person.objects.get(code="N")
        make_account_of(nowak, "nowak")
        browser = browser_of(estate.association, nowak)
        address = f"/lokal/{first_holding_id(nowak.pk)}/kartoteka/2026/"
        assert seen(browser, address) == {"PAZDZIERNIK", "GRUDZIEN", "Nowak"}

    estate.publish(answer(estate, estate.upload(people(WILK, KOS)), "other"))

    with enter_association(estate.association):
        wilk = Person.objects.get(code="N")
        make_account_of(wilk, "wilk")
        others = f"/lokal/{first_holding_id(wilk.pk)}/kartoteka/2026/"
        buyer = browser_of(estate.association, wilk)
        assert seen(browser, address) == {"PAZDZIERNIK", "Nowak"}
        assert seen(buyer, others) == {"GRUDZIEN", "Wilk"}
        assert buyer.get(address).status_code == 404
        assert browser.get(others).status_code == 404
        assert seen(browser, address.replace("kartoteka/2026", "dane")) == {"Nowak"}
        assert seen(buyer, others.replace("kartoteka/2026", "dane")) == {"Wilk"}


def test_each_of_the_two_has_only_their_own_days(estate: Importer) -> None:
    nowak = person(estate, "Nowak Jan")

    estate.publish(answer(estate, estate.upload(people(WILK, KOS)), "other"))

    with enter_association(estate.association):
        for who, first, last in (
            (nowak.pk, None, dt.date(2026, 11, 21)),
            (Person.objects.get(code="N").pk, dt.date(2026, 11, 22), None),
        ):
            [held] = held_premises(who)
            assert (held.starts_on, held.ends_on, held.co_owners) == (first, last, ())
            window = holding_of_person(who, held.holding_id).scope.plain
            assert (window.first, window.last) == (first, last)


def test_another_association_with_the_same_codes_keeps_its_person(
    estate: Importer, sloneczna: AssociationRef
) -> None:
    other = Importer(sloneczna)
    other.publish(other.upload(file("lokale.csv", PREMISES), people(NOWAK, KOS)))

    estate.publish(answer(estate, estate.upload(people(WILK, KOS)), "other"))

    with enter_association(sloneczna):
        assert list(HoldingMember.objects.order_by("pk").values_list("person__name", "holding__ends_on")) == [
            ("Nowak Jan", None), ("Kos Piotr", None),
        ]  # fmt: skip
