"""Statutory interest for delay: published vectors to the grosz, and lines that an owner can check by hand."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from associations.ledger.calculations import Entry
from associations.ledger.interest import (
    Interest,
    compute_interest,
    interest_on_debt,
    is_interest_document,
    overdue_stretches,
)
from associations.ledger.overdue import Claim, entry_claims, opening_claim
from associations.ledger.rates import InterestRate, shipped_rates

RATES = shipped_rates()
with (Path(__file__).parent / "statutory_interest_vectors.csv").open(encoding="utf-8") as file:
    PUBLISHED = [tuple(row) for row in list(csv.reader(file))[1:]]
OF_THE_DOMAIN = [
    ("1000.00", "2024-01-10", "2024-12-31", "109.73"),
    ("612.40", "2022-01-10", "2022-12-31", "64.75"),
    ("612.40", "2022-01-10", "2022-01-10", "0.00"),
]
BY_HAND = [
    # A leap day is a day like any other, and the year still has 365: 1000 × 11.25% × 2 / 365.
    ("1000.00", "2024-02-28", "2024-03-01", "0.62"),
    ("1000.00", "2024-02-29", "2024-03-01", "0.31"),
    # 24 December 2025 is free: due until Monday the 29th; 1000 × 9.5% × 2 / 365.
    ("1000.00", "2025-12-24", "2025-12-31", "0.52"),
    ("1000.00", "2025-12-24", "2025-12-29", "0.00"),
    # A Saturday moved nothing before 2017: 1000 × 7% × 1 / 365.
    ("1000.00", "2016-12-10", "2016-12-11", "0.19"),
    ("1000.00", "2017-01-07", "2017-01-09", "0.00"),
    # Half a grosz goes up: 18.25 × 10% × 1 / 365 = 0.005.
    ("18.25", "2022-04-07", "2022-04-08", "0.01"),
]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def entry(posted: str, document: str, debit: str = "0", credit: str = "0", due: str = "") -> Entry:
    return Entry(day(posted), day(due) if due else None, document, "", Decimal(debit), Decimal(credit))


def claims(*entries: Entry) -> list[Claim]:
    return [claim for one in entries for claim in entry_claims(one)]


def lines(interest: Interest) -> list[tuple[str, str, int, str, str, str]]:
    return [
        (
            one.first.isoformat(),
            one.last.isoformat(),
            one.days,
            f"{one.overdue:.2f}",
            str(one.rate.annual_percent),
            f"{one.amount:.2f}",
        )
        for one in interest.lines
    ]


def test_there_are_vectors() -> None:
    assert len(PUBLISHED) == 11


@pytest.mark.parametrize(("principal", "due", "paid", "expected"), [*PUBLISHED, *OF_THE_DOMAIN, *BY_HAND])
def test_vectors(principal: str, due: str, paid: str, expected: str) -> None:
    found = interest_on_debt(Decimal(principal), day(due), day(paid), RATES)

    assert found.total == Decimal(expected)


def test_each_rate_has_its_line_and_is_rounded_by_itself() -> None:
    found = interest_on_debt(Decimal("612.40"), day("2022-01-10"), day("2022-03-31"), RATES)

    assert lines(found) == [
        ("2022-01-11", "2022-02-08", 29, "612.40", "7.75", "3.77"),
        ("2022-02-09", "2022-03-08", 28, "612.40", "8.25", "3.88"),
        ("2022-03-09", "2022-03-31", 23, "612.40", "9", "3.47"),
    ]
    assert found.total == Decimal("11.12")


def test_a_payment_counts_from_the_day_after_it() -> None:
    found = compute_interest(
        claims(
            entry("2026-04-01", "NAL", "700", due="2026-04-10"),
            entry("2026-04-20", "WB", credit="300"),
            entry("2026-05-01", "NAL", "700", due="2026-05-10"),
            entry("2026-05-20", "WB", credit="1100"),
        ),
        RATES,
        day("2026-04-01"),
        day("2026-06-30"),
    )

    assert lines(found) == [
        ("2026-04-11", "2026-04-20", 10, "700.00", "9.25", "1.77"),
        ("2026-04-21", "2026-05-11", 21, "400.00", "9.25", "2.13"),
        ("2026-05-12", "2026-05-20", 9, "1100.00", "9.25", "2.51"),
    ]
    assert found.total == Decimal("6.41")


def test_an_opening_debt_bears_interest_from_its_day_and_an_overpayment_none() -> None:
    owed = compute_interest(
        [opening_claim(day("2026-01-01"), Decimal(365))], RATES, day("2026-01-01"), day("2026-01-10")
    )
    paid = compute_interest(
        [opening_claim(day("2026-01-01"), Decimal(-365))], RATES, day("2026-01-01"), day("2026-01-10")
    )

    assert lines(owed) == [("2026-01-01", "2026-01-10", 10, "365.00", "9.5", "0.95")]
    assert lines(paid) == []
    assert paid.total == 0


def test_a_chosen_stretch_begins_with_what_was_overdue_before_it() -> None:
    debt = claims(entry("2026-01-01", "NAL", "100", due="2026-01-10"))

    assert [
        (one.first, one.last, one.amount)
        for one in overdue_stretches(debt, day("2026-02-01"), day("2026-02-28"))
    ] == [(day("2026-02-01"), day("2026-02-28"), Decimal(100))]
    assert overdue_stretches(debt, day("2026-01-01"), day("2026-01-12")) == []


def test_two_changes_that_even_out_make_no_new_line() -> None:
    found = compute_interest(
        claims(
            entry("2026-04-01", "A", "100", due="2026-04-10"),
            entry("2026-04-20", "storno", "-40"),
            entry("2026-04-20", "nowe", "40"),
        ),
        RATES,
        day("2026-04-01"),
        day("2026-04-30"),
    )

    assert lines(found) == [("2026-04-11", "2026-04-30", 20, "100.00", "9.25", "0.51")]


def test_days_before_the_first_rate_bring_nothing() -> None:
    rates = [InterestRate(day("2026-02-01"), Decimal(10), "test")]

    found = compute_interest(
        [opening_claim(day("2026-01-01"), Decimal(365))], rates, day("2026-01-01"), day("2026-02-10")
    )

    assert lines(found) == [("2026-02-01", "2026-02-10", 10, "365.00", "10", "1.00")]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("ODS 1/2026", True),
        ("ods/3/2026", True),
        ("NO 12/2026", True),
        ("NO/12", True),
        ("BO ODS", True),
        ("BO NO 2025", True),
        ("BO", False),
        ("NAL 01/2026", False),
        ("NOTA 3", False),
        ("WB 8/2026", False),
        ("1/ODS", True),
        ("ODSZKODOWANIE 1", False),
        ("", False),
        ("123", False),
    ],
)
def test_documents_of_interest(document: str, expected: bool) -> None:
    assert is_interest_document(document) is expected
