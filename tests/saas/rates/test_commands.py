"""The operator's commands about rates, and the pages that compute with them from the next request on."""

import json
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from associations.imports.models import ImportFile
from saas.rates.models import RecordedRate
from saas.staff.models import PlatformAudit
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.owner.browsing import DoorClient, browser_of
from tests.billing_views.owner.reading import text_of
from tests.factories import (
    fund,
    make_holding,
    make_ledger_account,
    make_person,
    make_premises,
    publish_balance,
    publish_postings,
)
from tests.saas.management.conftest import Run, run
from tests.saas.rates.test_nbp import DECISIONS, archive, written

__all__ = ["run"]
pytestmark = pytest.mark.django_db
SHIPPED = 40


def listed(run: Run) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(run("list_interest_rates", "--json"))
    return rows


def last_audit() -> PlatformAudit:
    return PlatformAudit.objects.order_by("-id")[0]


def test_shipped_rates_are_listed_and_the_present_one_is_marked(run: Run) -> None:
    rows = listed(run)

    assert len(rows) == SHIPPED
    assert [row for row in rows if row["is_in_force"]] == [rows[-1]]
    assert rows[-1]["annual_percent"] == "9.25"
    assert rows[-1]["origin"] == "shipped"
    assert run("list_interest_rates").splitlines()[-1].startswith("* 2026-03-05    9.25%  shipped")


def test_a_rate_is_added_listed_and_written_down(run: Run) -> None:
    said = run("add_interest_rate", "2027-01-07", "9,00", "--source", "M.P. 2027 poz. 12")

    assert said == "added      2027-01-07  9%  M.P. 2027 poz. 12\n"
    assert listed(run)[-1] == {
        "effective_from": "2027-01-07",
        "annual_percent": "9",
        "source": "M.P. 2027 poz. 12",
        "origin": "recorded",
        "is_in_force": False,
    }
    entry = last_audit()
    assert (entry.action, entry.details) == ("rates.recorded", {"added": ["2027-01-07 9"]})


def test_what_would_change_past_interest_takes_a_word(run: Run) -> None:
    for words, reason in (
        (("2026-03-05", "9,5"), "2026-03-05: 9.25% is known, 9.5% is told"),
        (("2026-01-07", "9,4"), "2026-01-07: 9.4% would come before rates that are known"),
    ):
        with pytest.raises(CommandError, match=reason):
            run("add_interest_rate", *words, "--source", "x")

        run("add_interest_rate", *words, "--source", "x", "--replace")

    assert [(row["effective_from"], row["annual_percent"]) for row in listed(run)[-2:]] == [
        ("2026-01-07", "9.4"),
        ("2026-03-05", "9.5"),
    ]
    assert last_audit().details == {"inserted": ["2026-01-07 9.4"]}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("7.01.2027", "9"), "A day is written 2027-01-07"),
        (("2027-01-07", "925"), "annual_percent must be a number"),
        (("2072-01-07", "9"), "more than a year ahead"),
        (("2027-01-07", "9", "--source", " "), "source is empty"),
    ],
)
def test_slips_of_the_pen_are_refused(run: Run, words: tuple[str, ...], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        run("add_interest_rate", *words, *(() if "--source" in words else ("--source", "x")))

    assert RecordedRate.objects.count() == 0


def test_a_rate_is_removed_with_its_reason(run: Run) -> None:
    run("add_interest_rate", "2027-01-07", "9", "--source", "x")

    assert run("remove_interest_rate", "2027-01-07", "--reason", "pomyłka") == "removed    2027-01-07  9%\n"
    assert (
        run("remove_interest_rate", "2026-03-05", "--reason", "nie było") == "removed    2026-03-05  9.25%\n"
    )

    assert listed(run)[-1]["effective_from"] == "2025-12-04"
    assert last_audit().details == {"percent": "9.25", "reason": "nie było"}
    with pytest.raises(CommandError, match="no rate is known of 2026-03-05"):
        run("remove_interest_rate", "2026-03-05", "--reason", "x")


def test_the_archive_of_today_settles_what_was_in_doubt(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, archive(*DECISIONS))

    trial = run("load_interest_rates", str(path), "--dry-run")
    assert RecordedRate.objects.count() == 0
    said = run("load_interest_rates", str(path))

    assert trial == said + "Nothing was recorded (--dry-run).\n"
    assert [line.split()[:2] for line in said.splitlines()] == [
        ["confirmed", "2025-11-06"],
        ["confirmed", "2025-12-04"],
        ["confirmed", "2026-03-05"],
    ]
    assert listed(run)[-1]["source"] == "stopa referencyjna NBP 3,75 + 5,5 pkt proc."
    assert run("load_interest_rates", str(path)) == "Nothing new: every rate is known.\n"
    assert PlatformAudit.objects.filter(action="rates.recorded").count() == 1


def test_a_new_decision_comes_with_the_next_archive(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, archive(*DECISIONS, "2026-12-03 3,50"))

    said = json.loads(run("load_interest_rates", str(path), "--json"))

    assert [row for row in said["rates"] if row["what"] == "added"] == [
        {
            "what": "added",
            "effective_from": "2026-12-03",
            "annual_percent": "9",
            "source": "stopa referencyjna NBP 3,50 + 5,5 pkt proc.",
        }
    ]
    assert last_audit().target == "stopy_procentowe_archiwum.xml"


def test_an_archive_that_disagrees_is_refused_until_it_is_meant(run: Run, tmp_path: Path) -> None:
    """The file has another day and lacks a change: both known rates are wrong by it."""
    told = [one.replace("2025-12-04", "2025-12-03") for one in DECISIONS if not one.startswith("2025-11-06")]
    path = written(tmp_path, archive(*told))

    with pytest.raises(CommandError) as error:
        run("load_interest_rates", str(path))
    assert str(error.value).splitlines() == [
        "2025-12-03: 9.5% would come before rates that are known",
        "2025-11-06: 9.75% is known, and the file has no such change",
        "say --replace if that is meant",
    ]
    run("load_interest_rates", str(path), "--replace")

    days = [row["effective_from"] for row in listed(run)]
    assert "2025-12-03" in days
    assert "2025-11-06" not in days


def test_a_file_that_leaves_a_gap_is_refused(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, archive("2026-11-05 3,50"))

    with pytest.raises(CommandError, match="whether others lie between cannot be told"):
        run("load_interest_rates", str(path))

    assert RecordedRate.objects.count() == 0


def test_a_csv_file_tells_of_its_own_days_alone(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text(
        "effective_from,annual_percent,source\n2027-02-04,8.75,b\n2027-01-07,9,a\n", encoding="utf-8"
    )

    run("load_interest_rates", str(path))

    assert [row["source"] for row in listed(run)[-2:]] == ["a", "b"]
    assert len(listed(run)) == SHIPPED + 2


@pytest.fixture
def debtors(db: None, sloneczna: AssociationRef, lipowa: AssociationRef) -> list[tuple[DoorClient, str]]:
    """A browser of somebody with a debt, and the address of its interest, in both associations."""
    found = []
    for association in (sloneczna, lipowa):
        with enter_association(association):
            owner = make_person("ann", "Nowak Anna")
            holding = make_holding(make_premises("0401-034"), owner, starts="2009-01-01")
            account = make_ledger_account(name="Opłaty")
            publication = publish_postings(
                holding.premises, account, "2026-01-01 BO 0", "2026-09-01 NAL 1000 0 2026-09-10"
            )
            ImportFile.objects.create(
                batch=publication.batch, number=1, name="k.csv", size=1, sha256="0" * 64, stored_as="x"
            )
            publish_balance(holding.premises, "2026-10-31", "-1000", "13.00")
            found.append((browser_of(association, owner), f"/lokal/{holding.pk}/odsetki/{fund().pk}/"))
    return found


def figures(debtors: list[tuple[DoorClient, str]]) -> list[bool]:
    """Whether each page computes with 8 percent from October on; otherwise it still has 9.25 alone."""
    texts = [text_of(browser.get(address)) for browser, address in debtors]
    assert all("1 000,00 × 9,25% × " in text for text in texts)
    return ["1 000,00 × 8,00% × 31 ÷ 365" in text for text in texts]


def test_pages_of_every_association_compute_with_a_new_rate_at_once(
    run: Run, debtors: list[tuple[DoorClient, str]]
) -> None:
    assert figures(debtors) == [False, False]

    run("add_interest_rate", "2026-10-01", "8,00", "--source", "M.P. 2026 poz. 99")

    assert figures(debtors) == [True, True]
    assert all("M.P. 2026 poz. 99" in text_of(browser.get(address)) for browser, address in debtors)


def test_a_broken_file_leaves_pages_as_they_were(
    run: Run, debtors: list[tuple[DoorClient, str]], tmp_path: Path
) -> None:
    run("add_interest_rate", "2026-10-01", "8,00", "--source", "M.P. 2026 poz. 99")
    path = written(tmp_path, archive(*DECISIONS, "2026-11-05 3,50")[:-60])

    with pytest.raises(CommandError, match=r"stopy_procentowe_archiwum\.xml"):
        run("load_interest_rates", str(path), "--replace")

    assert figures(debtors) == [True, True]


def test_the_former_variable_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KARTOTEKA_INTEREST_RATES", "/srv/rates.csv")

    with pytest.raises(ImproperlyConfigured, match=r"load_interest_rates /srv/rates\.csv"):
        apps.get_app_config("rates").ready()


@pytest.mark.parametrize("fields", [{"annual_percent": -1}, {"annual_percent": 101}, {"source": ""}])
def test_the_database_refuses_what_is_no_rate(fields: dict[str, object]) -> None:
    values = {"effective_from": "2027-01-07", "annual_percent": 9, "source": "x"} | fields

    with pytest.raises(IntegrityError), transaction.atomic():
        RecordedRate.objects.create(**values)
