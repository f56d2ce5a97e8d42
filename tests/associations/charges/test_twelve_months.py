"""Which twelve months a picture of charges shows."""

from decimal import Decimal

import pytest

from associations.charges.twelve_months import last_month_of_picture, lay_out_months, months_up_to
from associations.periods import Month
from associations.profile.funds import FundLabel

MAIN = FundLabel(1, "main", "Fundusz podstawowy", 1)
REPAIR = FundLabel(2, "repair", "Fundusz remontowy", 2)
KNOWN = [Month(2024, 1), Month(2026, 10)]


@pytest.mark.parametrize(
    ("shown", "last"),
    [
        (Month(2026, 10), Month(2026, 10)),
        (Month(2025, 11), Month(2026, 10)),
        (Month(2025, 10), Month(2025, 10)),
        (Month(2024, 1), Month(2024, 1)),
        (Month(2026, 12), Month(2026, 12)),
    ],
)
def test_the_picture_stands_still_within_the_last_twelve_months(shown: Month, last: Month) -> None:
    assert last_month_of_picture(shown, KNOWN) == last


def test_twelve_months_run_over_the_turn_of_the_year() -> None:
    months = months_up_to(Month(2026, 2))

    assert (months[0], months[-1], len(months)) == (Month(2025, 3), Month(2026, 2), 12)


def test_funds_keep_their_order_and_months_without_charges_their_place() -> None:
    totals = {Month(2026, 1): {REPAIR: Decimal(5), MAIN: Decimal(3)}, Month(2026, 3): {MAIN: Decimal(4)}}

    found = lay_out_months([Month(2026, 1), Month(2026, 2), Month(2026, 3)], totals)

    assert found.funds == (MAIN, REPAIR)
    assert [(one.by_fund, one.total) for one in found.months] == [
        ((Decimal(3), Decimal(5)), Decimal(8)),
        ((None, None), None),
        ((Decimal(4), None), Decimal(4)),
    ]
    assert [one.month.number for one in found.with_data] == [1, 3]
