"""The API says what the pages say: every figure of the samples' control premises, and canaries, read both ways."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from associations.premises.models import HoldingMember
from billing_views.parts.formatting import format_money
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.owner.browsing import DoorClient, browser_of
from tests.billing_views.owner.reading import amount_of, tables_of, text_of
from tests.samples_database import Samples, control_figures

SAMPLE_SETS = [
    (slug, sample, code)
    for slug, sample in (("sloneczna", "spoldzielnia"), ("lipowa", "wspolnota"))
    for code in control_figures(sample)["premises"]
]
Figures = dict[str, Any]
Found = tuple[AssociationRef, str, Figures]


@pytest.fixture(params=SAMPLE_SETS, ids=lambda param: f"{param[0]}-{param[2]}")
def premises(request: pytest.FixtureRequest, samples: Samples) -> Iterator[Found]:
    slug, sample, code = request.param
    association = getattr(samples, slug)
    with enter_association(association):
        yield association, code, control_figures(sample)["premises"][code]


def browsers(found: Found) -> dict[str, tuple[DoorClient, int]]:
    """A browser and the holding of each person whom the control figures name."""
    association, code, figures = found
    people = {}
    for person_code, *_ in figures["people"]:
        member = HoldingMember.objects.get(holding__premises__code=code, person__code=person_code)
        people[person_code] = browser_of(association, member.person), member.holding_id
    return people


def read(browser: DoorClient, holding: int, path: str) -> Any:
    """An answer of the API below the holding."""
    answer = browser.get(f"/api/v1/holdings/{holding}/{path}")
    assert answer.status_code == 200, path
    return answer.json()


def test_years_of_accounts_are_the_control_figures(premises: Found) -> None:
    people, figures = browsers(premises), premises[2]
    shown = {}

    for payer, (browser, holding) in people.items():
        for year in read(browser, holding, "ledger/")["years"]:
            for one in read(browser, holding, f"ledger/{year}/")["accounts"]:
                shown[f"{year} {one['account']['code']} {payer}"] = {
                    "opening": Decimal(one["opening"]["amount"]),
                    **{name: Decimal(one[name]) for name in ("debit", "credit", "closing")},
                }

    expected = {
        key: {name: Decimal(text) for name, text in one.items()} for key, one in figures["years"].items()
    }
    assert {key: shown[key] for key in expected} == expected


def test_every_entry_is_the_row_of_the_page(premises: Found) -> None:
    for browser, holding in browsers(premises).values():
        for year in read(browser, holding, "ledger/")["years"]:
            answer = read(browser, holding, f"ledger/{year}/")
            tables = list(tables_of(browser.get(f"/lokal/{holding}/kartoteka/{year}/")).values())
            tables = [rows for rows in tables if len(rows) > 2]

            assert len(tables) >= len(answer["accounts"])
            for account, rows in zip(answer["accounts"], tables[-len(answer["accounts"]) :], strict=True):
                assert account["closing"] is not None
                assert [as_text(entry) for entry in account["entries"]] == [
                    [row[0], amount_of(row[-3]), amount_of(row[-2]), amount_of(row[-1])] for row in rows[2:-2]
                ]


def as_text(entry: dict[str, str]) -> list[Any]:
    year, month, day = entry["posted_on"].split("-")
    return [f"{day}.{month}.{year}", *(Decimal(entry[name]) for name in ("debit", "credit", "balance"))]


def test_months_of_charges_are_the_control_figures(premises: Found) -> None:
    figures = premises[2]["charges_by_month"]
    months = {}

    for browser, holding in browsers(premises).values():
        for one in read(browser, holding, "charges/")["months"]:
            year, month = one["month"].split("-")
            charges = read(browser, holding, f"charges/{year}/{month}/")
            components = [row for fund in charges["funds"] for row in fund["components"]]
            assert sum(Decimal(row["amount"]) for row in components) == Decimal(one["total"])
            assert charges["total"] == one["total"]
            changed = sum(Decimal(row["difference"]) for row in charges["changes"])
            assert charges["compared_with"] is None or changed == Decimal(one["total"]) - Decimal(
                charges["previous_total"]
            )
            months[one["month"]] = one["total"]

    assert {month: months[month] for month in figures} == figures


def test_balances_and_transfers_are_the_control_figures(premises: Found) -> None:
    people, figures = browsers(premises), premises[2]
    names = {"podstawowy": "Fundusz podstawowy", "remontowy": "Fundusz remontowy"}

    for payer, fund, balance, interest in figures["balances"]:
        browser, holding = people[payer]
        [one] = [
            one
            for one in read(browser, holding, "balances/")["balances"]
            if one["fund"]["name"] == names[fund]
        ]
        [transfer] = [
            one
            for one in read(browser, holding, "transfers/")["transfers"]
            if one["fund"]["name"] == names[fund]
        ]
        page = text_of(browser.get(f"/lokal/{holding}/kartoteka/"))

        assert Decimal(one["amount"]) == Decimal(balance)
        assert Decimal(one["interest"]) == Decimal(interest)
        assert one["source"] == "supplied"
        assert one["as_of"] == "2026-10-31"
        assert transfer["balance"] == one["amount"]
        owed = max(-Decimal(balance), Decimal("0.00"))
        assert Decimal(transfer["amount"] or 0) == owed
        assert format_money(abs(Decimal(one["amount"]))).replace("\u00a0", " ") in page


def test_media_are_on_the_page(premises: Found) -> None:
    for browser, holding in browsers(premises).values():
        for year in read(browser, holding, "media/")["years"]:
            readings = read(browser, holding, f"readings/{year}/")["readings"]
            settlements = read(browser, holding, f"settlements/{year}/")["settlements"]
            page = text_of(browser.get(f"/lokal/{holding}/media/?rok={year}"))
            for row in readings:
                assert ".".join(reversed(row["read_on"].split("-"))) in page
                assert row["meter"] in page
            for row in settlements:
                assert format_money(abs(Decimal(row["result"]))).replace("\u00a0", " ") in page


def test_what_a_balance_is_made_of_and_its_interest_are_those_of_the_pages(premises: Found) -> None:
    for browser, holding in browsers(premises).values():
        for balance in read(browser, holding, "balances/")["balances"]:
            fund = balance["fund"]["id"]
            made_of = read(browser, holding, f"funds/{fund}/balance/")
            interest = read(browser, holding, f"funds/{fund}/interest/")
            page = text_of(browser.get(f"/lokal/{holding}/skad-saldo/{fund}/"))
            interest_page = text_of(browser.get(f"/lokal/{holding}/odsetki/{fund}/"))

            assert made_of["supplied"] == balance["amount"]
            assert made_of["overdue"] == balance["overdue"]
            sums = [
                Decimal(one["opening"]["amount"]) + Decimal(one["credit"]) - Decimal(one["debit"])
                for one in made_of["accounts"]
            ]
            assert sum(sums) == Decimal(made_of["computed"])
            assert sum(Decimal(one["left"]) for one in made_of["debts"]) == Decimal(made_of["overdue"])
            documents = [row for one in made_of["accounts"] for row in one["documents"]]
            assert [row for row in documents if row["document"] not in page] == []
            assert {row["file"] for row in documents} <= {one["number"] for one in made_of["files"]}
            assert interest["supplied"] == balance["interest"]
            assert sum(Decimal(one["amount"]) for one in interest["lines"]) == Decimal(interest["total"])
            assert format_money(Decimal(interest["total"])).replace("\u00a0", " ") in interest_page


def test_a_fund_that_the_holding_lacks_is_not_found(premises: Found) -> None:
    browser, holding = next(iter(browsers(premises).values()))

    for path in ("funds/999999/balance/", "funds/999999/interest/", f"funds/{2**64}/interest/"):
        assert browser.get(f"/api/v1/holdings/{holding}/{path}").status_code == 404


def test_a_day_asked_for_is_that_of_the_pages(premises: Found) -> None:
    for browser, holding in browsers(premises).values():
        for balance in read(browser, holding, "balances/")["balances"]:
            fund = balance["fund"]["id"]
            made_of = read(browser, holding, f"funds/{fund}/balance/?day=2026-09-10")
            interest = read(browser, holding, f"funds/{fund}/interest/?first=2026-08-05&day=2026-09-10")
            page = text_of(browser.get(f"/lokal/{holding}/skad-saldo/{fund}/?dzien=2026-09-10"))
            interest_page = text_of(
                browser.get(f"/lokal/{holding}/odsetki/{fund}/?od=2026-08-05&do=2026-09-10")
            )

            first, last = (".".join(reversed(interest[one].split("-"))) for one in ("first", "last"))
            assert ".".join(reversed(made_of["day"].split("-"))) in page
            assert format_money(abs(Decimal(made_of["computed"]))).replace("\u00a0", " ") in page
            assert f"od {first} do {last}" in interest_page
            assert format_money(Decimal(interest["total"])).replace("\u00a0", " ") in interest_page


def test_a_day_outside_the_data_gives_the_nearest_one(premises: Found) -> None:
    browser, holding = next(iter(browsers(premises).values()))
    [fund, *_] = [one["fund"]["id"] for one in read(browser, holding, "balances/")["balances"]]
    usual = read(browser, holding, f"funds/{fund}/balance/")

    late = read(browser, holding, f"funds/{fund}/balance/?day=9999-12-31")
    early = read(browser, holding, f"funds/{fund}/balance/?day=0001-01-01")
    interest = read(browser, holding, f"funds/{fund}/interest/?day=0001-01-01")

    assert late["day"] >= usual["day"]
    assert early["day"] <= usual["day"]
    assert early["day"] >= "1990"
    assert interest["last"] >= interest["first"] >= "1990"


def test_consumption_is_that_of_the_page(premises: Found) -> None:
    for browser, holding in browsers(premises).values():
        for year in read(browser, holding, "media/")["years"]:
            readings = read(browser, holding, f"readings/{year}/")["readings"]
            page = browser.get(f"/lokal/{holding}/media/?rok={year}")
            cells = {cell for rows in tables_of(page).values() for row in rows for cell in row}
            for row in readings:
                if row["previous_value"] is not None and row["difference"] is not None:
                    assert Decimal(row["value"]) - Decimal(row["previous_value"]) == Decimal(
                        row["difference"]
                    )
                if row["consumption"] is not None:
                    assert any(amount_in(cell) == Decimal(row["consumption"]) for cell in cells), row


def amount_in(cell: str) -> Decimal | None:
    """The number that a cell begins with."""
    try:
        return amount_of(cell.split(" ", maxsplit=1)[0]) if cell else None
    except ArithmeticError:
        return None
