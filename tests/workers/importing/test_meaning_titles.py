"""Undated titles that are first seen later, and titles that a file no longer lists: who keeps which days."""

import datetime as dt
from typing import Any

import pytest

from associations.imports.models import BatchState, ImportBatch, Problem
from associations.imports.rules import ImportRuleError
from associations.premises.models import Holding, Title
from saas.tenancy.switching import AssociationRef, enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_meaning import PREMISES, file
from tests.workers.importing.test_samples import standing_figures

HEADER = "Kod osoby;Nazwisko i imię;Kod lokalu;Tytuł prawny;Od;Do\n"
NOWAK = "N;Nowak Jan;1;własność;;"
NOWAK_ANNA = "M;Nowak Anna;1;własność;;"
KOS = "K;Kos Piotr;2;własność;;"
KOWALSKA = "W;Kowalska Anna;1;własność;;"
DAY = "2026-11-22"


def people(*rows: str) -> tuple[str, bytes]:
    return file("osoby.csv", HEADER + "".join(f"{row}\n" for row in rows))


@pytest.fixture
def estate(lipowa_imports: Importer) -> Importer:
    """Two premises; Nowak and Kos own them since before the books began."""
    batch = lipowa_imports.upload(file("lokale.csv", PREMISES), people(NOWAK, KOS))
    assert lipowa_imports.publish(batch).state == BatchState.PUBLISHED
    return lipowa_imports


def titles(importer: Importer, premises: str = "1") -> list[tuple[str, str, str]]:
    """Who, from, to; in order of the first day."""
    with enter_association(importer.association):
        rows = Title.objects.filter(premises__code=premises, is_current=True)
        return sorted(
            (
                (t.person.name, str(t.starts_on or ""), str(t.ends_on or ""))
                for t in rows.select_related("person")
            ),
            key=lambda row: (row[1], row[0]),
        )


def holdings(importer: Importer, premises: str = "1") -> list[tuple[set[str], str, str]]:
    with enter_association(importer.association):
        rows = Holding.objects.filter(premises__code=premises).prefetch_related("members__person")
        return [
            ({m.person.name for m in h.members.all()}, str(h.starts_on or ""), str(h.ends_on or ""))
            for h in rows
        ]


def problems(importer: Importer, batch: ImportBatch) -> list[str]:
    with enter_association(importer.association):
        return list(Problem.objects.filter(batch=batch).order_by("id").values_list("code", flat=True))


def sold(importer: Importer, *rows: str, day: str = DAY, **declared: Any) -> ImportBatch:
    """A later file, its as-of date declared and everything confirmed."""
    batch = importer.upload(people(*rows))
    return importer.declare(batch, as_of=day, closes_undated_titles=True, **declared)


def test_both_stand_from_the_beginning_in_a_first_file(lipowa_imports: Importer) -> None:
    batch = lipowa_imports.upload(file("lokale.csv", PREMISES), people(NOWAK, NOWAK_ANNA))

    assert batch.summary["questions"]["succession_count"] == 0
    lipowa_imports.publish(batch)
    assert titles(lipowa_imports) == [("Nowak Anna", "", ""), ("Nowak Jan", "", "")]


def test_first_seen_undated_title_is_asked_about_before_publishing(estate: Importer) -> None:
    batch = estate.upload(people(KOWALSKA, KOS))
    today = batch.summary["questions"]["as_of"]

    assert batch.summary["questions"]["successions"] == [
        {"premises": "1", "ends": ["Nowak Jan"], "starts": ["Kowalska Anna"]}
    ]
    with pytest.raises(ImportRuleError, match="tytuły bez daty"):
        estate.publish(batch)
    estate.publish(estate.declare(batch, closes_undated_titles=True))
    day_before = str(dt.date.fromisoformat(today) - dt.timedelta(days=1))
    assert titles(estate) == [("Nowak Jan", "", day_before), ("Kowalska Anna", today, "")]


def test_predecessor_ends_the_day_before_and_the_ledgers_part(estate: Importer) -> None:
    estate.publish(sold(estate, KOWALSKA, KOS))

    assert titles(estate) == [("Nowak Jan", "", "2026-11-21"), ("Kowalska Anna", DAY, "")]
    assert holdings(estate) == [({"Nowak Jan"}, "", "2026-11-21"), ({"Kowalska Anna"}, DAY, "")]
    assert titles(estate, "2") == [("Kos Piotr", "", "")]


def test_a_sale_on_the_first_of_march_ends_the_former_title_on_the_29th_of_february(estate: Importer) -> None:
    estate.publish(sold(estate, KOWALSKA, KOS, day="2028-03-01"))

    assert titles(estate) == [("Nowak Jan", "", "2028-02-29"), ("Kowalska Anna", "2028-03-01", "")]


@pytest.mark.parametrize("rows", [(KOWALSKA, KOS), (KOWALSKA,)], ids=["same file", "part of it"])
def test_same_file_again_changes_nothing_and_asks_nothing(estate: Importer, rows: tuple[str, ...]) -> None:
    estate.publish(sold(estate, KOWALSKA, KOS))

    again = estate.upload(people(*rows))

    assert again.state == BatchState.UNCHANGED
    assert again.summary["questions"]["succession_count"] == 0
    assert problems(estate, again) == []


def test_a_spouse_who_stays_in_the_file_keeps_the_title(estate: Importer) -> None:
    batch = sold(estate, NOWAK, NOWAK_ANNA, KOS)

    assert batch.summary["questions"]["successions"] == [
        {"premises": "1", "ends": [], "starts": ["Nowak Anna"]}
    ]
    estate.publish(batch)
    assert titles(estate) == [("Nowak Jan", "", ""), ("Nowak Anna", DAY, "")]
    assert holdings(estate) == [({"Nowak Jan"}, "", "2026-11-21"), ({"Nowak Jan", "Nowak Anna"}, DAY, "")]
    assert estate.upload(people(NOWAK, NOWAK_ANNA, KOS)).state == BatchState.UNCHANGED


def test_a_dated_title_is_no_undated_predecessor(lipowa_imports: Importer) -> None:
    dated = NOWAK.replace("własność;;", "własność;01.01.2020;")
    lipowa_imports.publish(lipowa_imports.upload(file("lokale.csv", PREMISES), people(dated)))

    batch = sold(lipowa_imports, KOWALSKA)

    assert batch.summary["questions"]["successions"] == [
        {"premises": "1", "ends": [], "starts": ["Kowalska Anna"]}
    ]
    assert problems(lipowa_imports, batch) == ["title_stays"]


def test_who_was_first_seen_is_succeeded_like_anybody_undated(estate: Importer) -> None:
    estate.publish(sold(estate, KOWALSKA, KOS, day="2026-10-01"))

    estate.publish(sold(estate, "X;Wilk Ewa;1;własność;;", KOS))

    assert titles(estate) == [
        ("Nowak Jan", "", "2026-09-30"), ("Kowalska Anna", "2026-10-01", "2026-11-21"), ("Wilk Ewa", DAY, ""),
    ]  # fmt: skip


def test_a_title_that_began_on_the_very_day_never_took_effect(estate: Importer) -> None:
    estate.publish(sold(estate, KOWALSKA, KOS))

    estate.publish(sold(estate, "X;Wilk Ewa;1;własność;;", KOS))

    assert titles(estate) == [("Nowak Jan", "", "2026-11-21"), ("Wilk Ewa", DAY, "")]


def test_who_comes_back_does_not_see_the_time_between(estate: Importer) -> None:
    estate.publish(sold(estate, KOWALSKA, KOS, day="2026-10-01"))

    estate.publish(sold(estate, NOWAK, KOS))

    assert titles(estate) == [
        ("Nowak Jan", "", "2026-09-30"), ("Kowalska Anna", "2026-10-01", "2026-11-21"), ("Nowak Jan", DAY, ""),
    ]  # fmt: skip


def test_undo_of_a_succession_restores_titles_and_holdings_exactly(estate: Importer) -> None:
    with enter_association(estate.association):
        before = standing_figures()
    batch = estate.publish(sold(estate, KOWALSKA, KOS))

    estate.undo(batch)

    with enter_association(estate.association):
        assert standing_figures() == before
    estate.publish(sold(estate, KOWALSKA, KOS))
    assert holdings(estate) == [({"Nowak Jan"}, "", "2026-11-21"), ({"Kowalska Anna"}, DAY, "")]


def test_a_former_title_without_its_beginning_beside_others_is_an_error(estate: Importer) -> None:
    batch = estate.upload(people(NOWAK, KOS, "D;Dawny Adam;1;własność;;30.06.2020"))

    assert batch.state == BatchState.BLOCKED
    assert problems(estate, batch) == ["former_title_undated"]


def test_a_missing_title_stays_with_a_warning_that_names_the_choice(estate: Importer) -> None:
    estate.publish(sold(estate, NOWAK, NOWAK_ANNA, KOS))

    batch = estate.upload(people(NOWAK, KOS))

    assert batch.state == BatchState.UNCHANGED
    with enter_association(estate.association):
        [problem] = Problem.objects.filter(batch=batch)
    assert (problem.code, problem.value) == ("title_stays", "M")
    assert "zaznacz „Zakończ tytuły, których plik nie podaje”" in problem.reason


def test_a_missing_title_ends_the_day_before_if_the_manager_says_so(estate: Importer) -> None:
    estate.publish(sold(estate, NOWAK, NOWAK_ANNA, KOS, day="2026-01-01"))
    batch = estate.upload(people(NOWAK, KOS))

    ending = estate.declare(batch, ends_missing_titles=True, as_of=DAY)

    assert ending.summary["questions"]["ended"] == [
        {"premises": "1", "code": "M", "name": "Nowak Anna", "last_day": "2026-11-21", "why": "missing"}
    ]
    estate.publish(ending)
    assert titles(estate) == [("Nowak Jan", "", ""), ("Nowak Anna", "2026-01-01", "2026-11-21")]
    assert holdings(estate)[-1] == ({"Nowak Jan"}, DAY, "")
    again = estate.upload(people(NOWAK, KOS))
    assert (again.state, problems(estate, again)) == (BatchState.UNCHANGED, [])
    with enter_association(estate.association):
        assert not Title.objects.filter(premises__code="2").exclude(ends_on=None).exists()


def test_undo_of_ended_titles_is_exact(estate: Importer) -> None:
    estate.publish(sold(estate, NOWAK, NOWAK_ANNA, KOS, day="2026-01-01"))
    with enter_association(estate.association):
        before = standing_figures()
    batch = estate.publish(sold(estate, NOWAK, KOS, ends_missing_titles=True))

    estate.undo(batch)

    with enter_association(estate.association):
        assert standing_figures() == before


def test_a_title_that_ended_yesterday_is_neither_named_nor_ended_again(estate: Importer) -> None:
    ended = NOWAK.replace("własność;;", "własność;;21.11.2026")
    estate.publish(sold(estate, ended, KOS))

    batch = sold(estate, KOWALSKA, KOS, ends_missing_titles=True)

    assert batch.summary["questions"]["ended"] == []
    assert batch.summary["questions"]["successions"][0]["ends"] == []
    assert problems(estate, batch) == []
    estate.publish(batch)
    assert titles(estate) == [("Nowak Jan", "", "2026-11-21"), ("Kowalska Anna", DAY, "")]


def test_a_title_that_ends_today_is_ended_by_its_successor(estate: Importer) -> None:
    ending = NOWAK.replace("własność;;", "własność;;22.11.2026")
    estate.publish(sold(estate, ending, KOS))

    batch = sold(estate, KOWALSKA, KOS)

    assert problems(estate, batch) == ["title_stays"]
    estate.publish(estate.declare(batch, ends_missing_titles=True))
    assert titles(estate) == [("Nowak Jan", "", "2026-11-21"), ("Kowalska Anna", DAY, "")]


def test_premises_that_the_file_does_not_name_keep_their_titles(estate: Importer) -> None:
    estate.publish(sold(estate, KOWALSKA, ends_missing_titles=True))

    assert titles(estate, "2") == [("Kos Piotr", "", "")]


def test_another_association_with_the_same_codes_is_not_touched(
    estate: Importer, sloneczna: AssociationRef
) -> None:
    other = Importer(sloneczna)
    other.publish(other.upload(file("lokale.csv", PREMISES), people(NOWAK, KOS)))
    with enter_association(sloneczna):
        before = standing_figures()

    estate.publish(sold(estate, KOWALSKA, KOS, ends_missing_titles=True))

    with enter_association(sloneczna):
        assert standing_figures() == before
