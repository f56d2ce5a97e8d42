"""What a search in the ledger finds, and what it adds up."""

import datetime as dt
from decimal import Decimal

import pytest

from associations.ledger.calculations import Entry
from associations.ledger.queries import read_books
from associations.ledger.search import LedgerFilter, Side, fold, matches, search_ledger
from associations.premises.access import holding_for_staff
from tests.factories import make_holding, make_ledger_account, make_person, make_premises, publish_postings

CHARGE = Entry(
    dt.date(2026, 10, 1),
    None,
    "NAL 10/2026",
    "Zaliczka ŁĄCZNA za październik",
    Decimal("1612.48"),
    Decimal(0),
)
PAYMENT = Entry(dt.date(2026, 10, 12), None, "WB 285/2026", "Wpłata", Decimal(0), Decimal("900.47"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [CHARGE, PAYMENT]),
        ("nal", [CHARGE]),
        ("laczna PAZDZIERNIK", [CHARGE]),
        ("łączna wpłata", []),
        ("wplata", [PAYMENT]),
        ("WPŁATA", [PAYMENT]),
        ("2026", [CHARGE, PAYMENT]),
        ("900,47", [PAYMENT]),
        ("1612,48", [CHARGE]),
        ("%", []),
        ("' OR 1=1 --", []),
    ],
)
def test_every_word_is_found_whatever_its_accents(text: str, expected: list[Entry]) -> None:
    words = fold(text).split()

    assert [one for one in (CHARGE, PAYMENT) if matches(one, LedgerFilter(text), words)] == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (LedgerFilter(first=dt.date(2026, 10, 12)), [PAYMENT]),
        (LedgerFilter(last=dt.date(2026, 10, 1)), [CHARGE]),
        (LedgerFilter(first=dt.date(2026, 10, 2), last=dt.date(2026, 10, 11)), []),
        (LedgerFilter(side=Side.CREDITS), [PAYMENT]),
        (LedgerFilter(side=Side.DEBITS), [CHARGE]),
    ],
)
def test_days_and_sides(wanted: LedgerFilter, expected: list[Entry]) -> None:
    assert [one for one in (CHARGE, PAYMENT) if matches(one, wanted, [])] == expected


@pytest.mark.usefixtures("in_sloneczna")
def test_funds_are_never_added_up_and_openings_are_no_entries() -> None:
    premises = make_premises()
    holding = holding_for_staff(make_holding(premises, make_person("ann")).pk)
    main, second, repair = (
        make_ledger_account("204-1"),
        make_ledger_account("204-9"),
        make_ledger_account("204-2", "repair"),
    )
    publish_postings(premises, main, "2025-01-01 BO 5", "2025-02-01 WB 0 10", "2026-02-01 WB 0 20")
    publish_postings(premises, second, "2025-03-01 WB 0 1")
    publish_postings(premises, repair, "2025-02-01 WB 0 7", "2025-02-02 NAL 3")

    found = search_ledger(read_books(holding), LedgerFilter("wb"))

    assert [
        (
            one.fund.kind,
            [entry.entry.posted_on.isoformat() for entry in one.entries],
            str(one.debit),
            str(one.credit),
        )
        for one in found
    ] == [
        ("main", ["2026-02-01", "2025-03-01", "2025-02-01"], "0.00", "31.00"),
        ("repair", ["2025-02-01"], "0.00", "7.00"),
    ]


@pytest.mark.usefixtures("in_sloneczna")
def test_a_buyer_finds_nothing_of_the_sellers() -> None:
    premises = make_premises()
    seller, buyer = make_person("seller"), make_person("buyer")
    former = holding_for_staff(make_holding(premises, seller, starts="2009-01-01", ends="2025-10-31").pk)
    present = holding_for_staff(make_holding(premises, buyer, starts="2025-11-01").pk)
    publish_postings(premises, make_ledger_account(), "2025-01-01 BO 5", "2025-10-01 CANARY 77")

    assert [len(search_ledger(read_books(one), LedgerFilter("canary"))) for one in (former, present)] == [
        1,
        0,
    ]
