"""Subtotals, comparison with the month before, and the due day."""

import datetime as dt
from decimal import Decimal

import pytest

from associations.charges.calculations import (
    ChargeRow,
    ComparedRow,
    FundCharges,
    due_days,
    group_by_fund,
)
from associations.money import add_up
from associations.periods import Month
from associations.profile.funds import FundLabel

MAIN = FundLabel(1, "main", "Fundusz podstawowy", 1)
REPAIR = FundLabel(2, "repair", "Fundusz remontowy", 2)


def row(code: str, amount: str, fund: FundLabel = MAIN, name: str = "") -> ChargeRow:
    return ChargeRow(fund, code, name, None, "", None, Decimal(amount))


# The month of DOMAIN.md: 48.50 m², two persons.
DOMAIN_MONTH = {
    "EKSP": "101.85", "ZARZ": "96.03", "MIEN": "24.74", "FR": "135.80", "CO": "276.45", "CWS": "50.00",
    "CWZ": "93.73", "ZW": "78.09", "OD": "76.00", "WOD": "2.40", "DOM": "1.50", "RTV": "3.00", "POD": "10.67",
}  # fmt: skip


def test_a_month_is_the_sum_of_its_rounded_lines_by_fund() -> None:
    rows = [row(code, amount, REPAIR if code == "FR" else MAIN) for code, amount in DOMAIN_MONTH.items()]

    funds = group_by_fund(rows, [])

    assert [(fund.fund, str(fund.total)) for fund in funds] == [(MAIN, "814.46"), (REPAIR, "135.80")]
    assert add_up(fund.total for fund in funds) == Decimal("950.26")


def test_a_component_stands_beside_the_same_one_of_the_month_before() -> None:
    before = [row("CO", "10"), row("OLD", "5")]
    now = [row("CO", "12"), row("NEW", "1"), row("CO", "3", REPAIR)]

    assert group_by_fund(now, before) == (
        FundCharges(MAIN, (ComparedRow(now[0], before[0]), ComparedRow(now[1], None)), Decimal(13)),
        FundCharges(REPAIR, (ComparedRow(now[2], None),), Decimal(3)),
    )


def test_two_lines_of_one_component_are_told_apart_by_their_order() -> None:
    before, now = [row("W", "1"), row("W", "2")], [row("W", "3"), row("W", "4"), row("W", "5")]

    (fund,) = group_by_fund(now, before)

    assert [one.before for one in fund.rows] == [before[0], before[1], None]


def test_components_without_a_code_go_by_their_name() -> None:
    before, now = [row("", "1", name="Domofon")], [row("", "2", name="Domofon"), row("", "1", name="Winda")]

    (fund,) = group_by_fund(now, before)

    assert [one.before for one in fund.rows] == [before[0], None]


@pytest.mark.parametrize(
    ("month", "due_day", "named", "moved"),
    [
        (Month(2026, 9), 10, "2026-09-10", "2026-09-10"),
        (Month(2026, 10), 10, "2026-10-10", "2026-10-12"),  # Saturday
        (Month(2026, 5), 10, "2026-05-10", "2026-05-11"),  # Sunday
        (Month(2026, 11), 11, "2026-11-11", "2026-11-12"),  # Independence Day
        (Month(2026, 12), 24, "2026-12-24", "2026-12-28"),  # Christmas Eve, two holidays, Sunday
        (Month(2024, 12), 24, "2024-12-24", "2024-12-24"),  # still a working day
        (Month(2016, 12), 10, "2016-12-10", "2016-12-10"),  # a Saturday before 2017
        (Month(2026, 2), 31, "2026-02-28", "2026-03-02"),  # a day that February lacks
    ],
)
def test_the_due_day_moves_to_a_working_day(month: Month, due_day: int, named: str, moved: str) -> None:
    assert due_days(month, due_day) == (dt.date.fromisoformat(named), dt.date.fromisoformat(moved))
