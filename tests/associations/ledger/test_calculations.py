"""Where openings come from, how balances run, and which balances a buyer may see."""

import datetime as dt
from decimal import Decimal

import pytest

from associations.ledger.calculations import (
    Entry,
    Opening,
    OpeningKind,
    YearSums,
    balance_on,
    closing_of,
    is_inside_books,
    is_withheld,
    opening_of,
    run_balances,
)
from associations.premises.calculations import Origin

SOLD_ON = dt.date(2025, 11, 1)


def sums(year: int, debit: str, credit: str, stated: str = "", month: int = 1) -> YearSums:
    return YearSums(
        year, Decimal(debit), Decimal(credit), Decimal(stated) if stated else None, dt.date(year, month, 1)
    )


def opening(kind: OpeningKind, amount: str = "", on: str = "2025-01-01") -> Opening:
    return Opening(kind, Decimal(amount) if amount else None, dt.date.fromisoformat(on))


K = OpeningKind
CASES = {
    "a BO states it": ([sums(2025, "10", "0", "-312.47")], None, [], opening(K.STATED, "-312.47")),
    "a BO of zero is a BO": ([sums(2025, "10", "0", "0")], None, [], opening(K.STATED, "0")),
    "a BO that differs from the closing before is shown as supplied": (
        [sums(2024, "10", "0", "0"), sums(2025, "0", "0", "-99")],
        None,
        [],
        opening(K.STATED, "-99"),
    ),
    "without a BO the closing before is carried": (
        [sums(2024, "10", "3", "-5"), sums(2025, "1", "0")],
        None,
        [],
        opening(K.CARRIED, "-12"),
    ),
    "carried over years without entries": (
        [sums(2022, "10", "3", "-5")],
        None,
        [],
        opening(K.CARRIED, "-12"),
    ),
    "carried from the last BO on": (
        [sums(2022, "10", "0", "1"), sums(2023, "0", "0", "100"), sums(2024, "30", "0")],
        None,
        [],
        opening(K.CARRIED, "70"),
    ),
    "later years do not count": (
        [sums(2024, "10", "0", "0"), sums(2025, "1", "0"), sums(2026, "1", "0", "7")],
        None,
        [],
        opening(K.CARRIED, "-10"),
    ),
    "first data without a BO, and the books state openings": (
        [sums(2025, "10", "0")],
        None,
        [2025],
        opening(K.NOTHING_STATED, "0"),
    ),
    "first data without a BO, and the books state openings in other years only": (
        [sums(2025, "10", "0", month=6)],
        None,
        [2024, 2026],
        opening(K.UNKNOWN, "", "2025-06-01"),
    ),
    "unknown stays unknown": (
        [sums(2024, "10", "0", month=6), sums(2025, "1", "0")],
        None,
        [],
        opening(K.UNKNOWN, "", "2024-06-01"),
    ),
    "unknown ends where the books begin to state openings": (
        [sums(2024, "10", "0", month=6), sums(2025, "1", "0")],
        None,
        [2025],
        opening(K.NOTHING_STATED, "0"),
    ),
    "unknown ends with a BO": (
        [sums(2024, "10", "0", month=6), sums(2025, "1", "0", "4")],
        None,
        [],
        opening(K.STATED, "4"),
    ),
    "a buyer opens at zero": (
        [sums(2025, "10", "0", month=11)],
        SOLD_ON,
        [],
        opening(K.TAKEN_OVER, "0", "2025-11-01"),
    ),
    "a buyer with a BO of their own": (
        [sums(2025, "10", "0", "-3", month=11)],
        SOLD_ON,
        [],
        opening(K.STATED, "-3"),
    ),
    "the buyer's second year carries the first": (
        [sums(2024, "10", "4", month=11), sums(2025, "0", "0")],
        dt.date(2024, 11, 1),
        [2024, 2025],
        opening(K.CARRIED, "-6"),
    ),
    "a buyer whose first entry comes the year after": (
        [sums(2025, "10", "0")],
        dt.date(2024, 11, 1),
        [2025],
        opening(K.TAKEN_OVER, "0"),
    ),
    "no data at all": ([], None, [], opening(K.UNKNOWN)),
}


@pytest.mark.parametrize(("known", "taken_over_on", "stating", "expected"), CASES.values(), ids=CASES.keys())
def test_the_opening_of_2025(
    known: list[YearSums], taken_over_on: dt.date | None, stating: list[int], expected: Opening
) -> None:
    found = opening_of(2025, known, taken_over_on=taken_over_on, states_openings=lambda year: year in stating)

    assert found == expected


def test_the_books_are_asked_only_where_it_matters() -> None:
    asked: list[int] = []

    def states_openings(year: int) -> bool:
        asked.append(year)
        return True

    opening_of(2025, [sums(2025, "1", "0", "5")], taken_over_on=None, states_openings=states_openings)
    opening_of(2025, [sums(2025, "1", "0")], taken_over_on=SOLD_ON, states_openings=states_openings)

    assert asked == []


def entry(posted_on: str, document: str, debit: str, credit: str) -> Entry:
    return Entry(dt.date.fromisoformat(posted_on), None, document, "", Decimal(debit), Decimal(credit))


# The synthetic ledger of DOMAIN.md.
MAIN_FUND = [
    entry("2026-01-01", "NAL 01/2026", "743.28", "0"),
    entry("2026-01-12", "WB 8/2026", "0", "900.00"),
    entry("2026-02-01", "NAL 02/2026", "743.28", "0"),
    entry("2026-02-10", "WB 29/2026", "0", "743.28"),
    entry("2026-02-28", "RK 3/2026", "-86.40", "0"),
    entry("2026-03-01", "NAL 03/2026", "743.28", "0"),
    entry("2026-03-16", "WB 51/2026", "0", "1000.00"),
    entry("2026-03-31", "ODS 1/2026", "2.18", "0"),
]


def test_the_balance_runs_from_the_opening() -> None:
    running = run_balances(Decimal("-312.47"), MAIN_FUND)

    assert [str(one.balance) for one in running] == [
        "-1055.75", "-155.75", "-899.03", "-155.75", "-69.35", "-812.63", "187.37", "185.19",
    ]  # fmt: skip
    assert closing_of(Decimal("-312.47"), Decimal("2145.62"), Decimal("2643.28")) == Decimal("185.19")


def test_without_an_opening_there_is_no_balance_and_no_closing() -> None:
    assert [one.balance for one in run_balances(None, MAIN_FUND)] == [None] * 8
    assert closing_of(None, Decimal(1), Decimal(1)) is None
    assert balance_on(None, MAIN_FUND, dt.date(2026, 2, 10)) is None


def test_the_balance_of_a_day_holds_what_was_posted_up_to_it() -> None:
    assert balance_on(Decimal("-312.47"), MAIN_FUND, dt.date(2026, 2, 10)) == Decimal("-155.75")
    assert balance_on(Decimal("-312.47"), MAIN_FUND, dt.date(2025, 12, 31)) == Decimal("-312.47")


@pytest.mark.parametrize(
    ("starts_on", "first_month", "expected"),
    [
        (None, dt.date(2024, 1, 1), False),
        (dt.date(2025, 11, 1), None, False),
        (dt.date(2025, 11, 1), dt.date(2024, 1, 1), True),
        (dt.date(2025, 11, 15), dt.date(2025, 11, 1), True),
        (dt.date(2025, 11, 1), dt.date(2025, 11, 1), False),
        (dt.date(2015, 6, 1), dt.date(2024, 1, 1), False),
    ],
)
def test_a_start_is_inside_the_books_where_figures_are_older(
    starts_on: dt.date | None, first_month: dt.date | None, expected: bool
) -> None:
    assert is_inside_books(starts_on, first_month) is expected


@pytest.mark.parametrize(
    ("names_payer", "origin", "is_opened_by_books", "expected"),
    [
        (True, Origin.FIRST, False, False),
        (True, Origin.TAKEN_OVER, False, False),
        (True, Origin.CONTINUED, False, False),
        (False, Origin.FIRST, False, False),
        (False, Origin.CONTINUED, False, False),
        (False, Origin.TAKEN_OVER, True, False),
        (False, Origin.TAKEN_OVER, False, True),
    ],
)
def test_a_balance_without_payer_is_withheld_from_a_buyer(
    names_payer: bool, origin: Origin, is_opened_by_books: bool, expected: bool
) -> None:
    found = is_withheld(names_payer=names_payer, origin=origin, is_opened_by_books=is_opened_by_books)

    assert found is expected
