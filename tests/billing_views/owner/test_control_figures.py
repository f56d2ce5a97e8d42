"""The control figures of both sample sets, on the pages of their owners, to the grosz."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from associations.premises.models import Holding, HoldingMember
from billing_views.parts.formatting import format_month_words
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.owner.browsing import DoorClient, browser_of
from tests.billing_views.owner.reading import amount_of, tables_of, text_of
from tests.samples_database import Samples, control_figures

FUND_OF_ACCOUNT = {"1": "Fundusz podstawowy", "2": "Fundusz remontowy"}
FUND_CARDS = {"podstawowy": "Saldo podstawowe", "remontowy": "Fundusz remontowy"}
SAMPLE_SETS = [
    (slug, sample, code)
    for slug, sample in (("sloneczna", "spoldzielnia"), ("lipowa", "wspolnota"))
    for code in control_figures(sample)["premises"]
]
Figures = dict[str, Any]


@pytest.fixture(params=SAMPLE_SETS, ids=lambda param: f"{param[0]}-{param[2]}")
def premises(
    request: pytest.FixtureRequest, samples: Samples
) -> Iterator[tuple[AssociationRef, str, Figures]]:
    slug, sample, code = request.param
    association = getattr(samples, slug)
    with enter_association(association):
        yield association, code, control_figures(sample)["premises"][code]


def browsers(association: AssociationRef, code: str, figures: Figures) -> dict[str, tuple[DoorClient, int]]:
    """A browser and the holding of each person whom the control figures name."""
    found = {}
    for person_code, *_ in figures["people"]:
        member = HoldingMember.objects.get(holding__premises__code=code, person__code=person_code)
        found[person_code] = browser_of(association, member.person), member.holding_id
    return found


def test_openings_turnover_and_closings_by_year_account_and_payer(
    premises: tuple[AssociationRef, str, Figures],
) -> None:
    association, code, figures = premises
    people = browsers(association, code, figures)
    shown: dict[str, dict[str, Decimal]] = {}
    years = defaultdict(set)
    for key in figures["years"]:
        year, account, payer = key.split()
        years[payer, year].add(account)

    for (payer, year), accounts in years.items():
        browser, holding = people[payer]
        tables = tables_of(browser.get(f"/lokal/{holding}/kartoteka/{year}/"))
        assert len(tables) == len(accounts)
        for account in accounts:
            rows = next(
                rows for name, rows in tables.items() if name.startswith(FUND_OF_ACCOUNT[account[-1]])
            )
            shown[f"{year} {account} {payer}"] = {
                "opening": amount_of(rows[1][-1]),
                "debit": amount_of(rows[-2][-3]),
                "credit": amount_of(rows[-2][-2]),
                "closing": amount_of(rows[-1][-1]),
            }

    expected = {
        key: {name: Decimal(text) for name, text in one.items()} for key, one in figures["years"].items()
    }
    assert shown == expected


def test_accounting_shows_the_same_figures(premises: tuple[AssociationRef, str, Figures]) -> None:
    association, code, figures = premises
    people = browsers(association, code, figures)
    shown = {}

    for key in figures["years"]:
        year, account, payer = key.split()
        browser, holding = people[payer]
        (rows,) = tables_of(browser.get(f"/lokal/{holding}/ksiegowosc/?rok={year}")).values()
        row = next(row for row in rows if row[0].startswith(f"{account} "))
        shown[key] = [amount_of(cell) for cell in row[1:5]]

    names = ("opening", "debit", "credit", "closing")
    assert shown == {key: [Decimal(one[name]) for name in names] for key, one in figures["years"].items()}


def test_charges_by_month(premises: tuple[AssociationRef, str, Figures]) -> None:
    association, code, figures = premises
    people = browsers(association, code, figures)
    expected = {month: Decimal(total) for month, total in figures["charges_by_month"].items()}
    pages = [month for month in expected if month.endswith(("-01", "-06", "-10", "-12"))]
    shown, charted = {}, {}

    for month in pages:
        year, number = map(int, month.split("-"))
        for browser, holding in people.values():
            page = tables_of(browser.get(f"/lokal/{holding}/oplaty/{year}/{number}/"))
            rows = next((rows for name, rows in page.items() if name.startswith("Składniki opłat")), None)
            if rows:
                assert month not in shown, "two holdings show charges of one month"
                shown[month] = amount_of(rows[-1][1])
            chart = next((rows for name, rows in page.items() if name.startswith("Opłaty miesiąc po")), [])
            for name, *funds, total in chart[1:]:
                assert amount_of(total) == sum(map(amount_of, funds))
                charted[name] = amount_of(total)

    assert shown == {month: expected[month] for month in pages}
    assert charted == {name_of(month): total for month, total in expected.items()}


def name_of(month: str) -> str:
    return format_month_words(dt.date.fromisoformat(f"{month}-01"))


def test_balances_and_interest_per_fund(premises: tuple[AssociationRef, str, Figures]) -> None:
    association, code, figures = premises
    people = browsers(association, code, figures)

    for payer, fund, balance, interest in figures["balances"]:
        browser, holding = people[payer]
        page = text_of(browser.get(f"/lokal/{holding}/kartoteka/"))
        card = page[page.index(FUND_CARDS[fund]) :]
        word, _, rest = card.removeprefix(FUND_CARDS[fund]).strip().partition(" ")
        amount, _, rest = rest.partition(" zł")
        assert amount_of(amount) == Decimal(balance)
        assert word == (
            "niedopłata" if Decimal(balance) < 0 else "nadpłata" if Decimal(balance) else "rozliczone"
        )
        assert rest.startswith(" stan na 31 października 2026 ")
        assert amount_of(rest.split("(niezaksięgowane) ")[1].split(" zł")[0]) == Decimal(interest)
        assert "Wpłaty zaksięgowane po 31.10.2026 nie są tu uwzględnione." in rest


def test_people_and_their_titles(premises: tuple[AssociationRef, str, Figures]) -> None:
    association, code, figures = premises
    people = browsers(association, code, figures)

    for person_code, name, since, until in figures["people"]:
        browser, holding = people[person_code]
        page = text_of(browser.get(f"/lokal/{holding}/dane/"))
        dates = "od " + ".".join(reversed(since.split("-")))
        dates += " do " + ".".join(reversed(until.split("-"))) if until else ""
        assert f"Nazwisko i imię {name} Kod osoby {person_code}" in page
        assert dates in page

    assert Holding.objects.filter(premises__code=code).count() == len(figures["people"])


def test_seller_and_buyer_see_nothing_of_each_other(samples: Samples) -> None:
    figures = control_figures("spoldzielnia")["premises"]["0401-022"]
    with enter_association(samples.sloneczna):
        people = browsers(samples.sloneczna, "0401-022", figures)
        (seller, former), (buyer, present) = people["17000220"], people["17000221"]

        sold = text_of(seller.get(f"/lokal/{former}/kartoteka/2025/"))
        bought = text_of(buyer.get(f"/lokal/{present}/kartoteka/2025/"))

        assert "10 −5 033,55" not in bought
        assert "Bilans otwarcia od dnia objęcia lokalu 0,00" in bought
        assert "−967,28" in bought
        assert "−967,28" not in sold
        assert "Mazur" in sold
        assert "Mazur" not in bought
        assert "Adamczyk" not in sold
        for path in ("kartoteka/", "oplaty/", "ksiegowosc/", "media/", "dane/"):
            assert buyer.get(f"/lokal/{former}/{path}").status_code == 404
            assert seller.get(f"/lokal/{present}/{path}").status_code == 404
