"""What changed between two months and why, to the grosz."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from associations.charges.calculations import ChargeRow
from associations.charges.changes import Cause, ComponentChange, compare_months
from associations.money import ZERO, line_amount
from associations.profile.funds import FundLabel

MAIN = FundLabel(1, "main", "Fundusz podstawowy", 1)
REPAIR = FundLabel(2, "repair", "Fundusz remontowy", 2)


def line(text: str, fund: FundLabel = MAIN, name: str = "") -> ChargeRow:
    """`CO 48.5 m2 5.70 276.45`; a dash stands for what was not supplied."""
    code, quantity, unit, rate, amount = text.split()
    return ChargeRow(
        fund, code.strip("-"), name, number(quantity), unit.strip("-"), number(rate), Decimal(amount)
    )


def number(text: str) -> Decimal | None:
    return None if text == "-" else Decimal(text)


def the_change(now: str, before: str) -> ComponentChange:
    (found,) = compare_months([line(now)], [line(before)]).components
    return found


@pytest.mark.parametrize(
    ("before", "now", "difference", "cause", "by_rate", "by_quantity"),
    [
        ("CO 48.5 m2 5.70 276.45", "CO 48.5 m2 5.70 276.45", "0.00", Cause.SAME, None, None),
        ("CO 48.5 m2 5.70 276.45", "CO 48.5 m2 6.05 293.43", "16.98", Cause.RATE, "16.98", "0.00"),
        ("OD 2 os. 38 76.00", "OD 1 os. 38 38.00", "-38.00", Cause.QUANTITY, "0.00", "-38.00"),
        # 8 × 11.1564 = 89.25 is the step between the months: 11.16 by quantity, the rest by rate.
        ("ZW 7 m3 11.1564 78.09", "ZW 8 m3 12.00 96.00", "17.91", Cause.BOTH, "6.75", "11.16"),
        # Both moved against each other.
        ("X 2 szt. 1.00 2.00", "X 1 szt. 2.00 2.00", "0.00", Cause.BOTH, "1.00", "-1.00"),
        # The old amount was for half a month: the step is 39.04 × 8 / 7 = 44.62.
        ("ZW 7 m3 11.1564 39.04", "ZW 8 m3 12.00 96.00", "56.96", Cause.BOTH, "51.38", "5.58"),
        # Nothing to scale from.
        ("ZW 0 m3 11.1564 5.00", "ZW 8 m3 12.00 96.00", "91.00", Cause.BOTH, None, None),
        # A rate that rose does not explain an amount that fell.
        ("CO 48.5 m2 5.70 276.45", "CO 48.5 m2 6.05 200.00", "-76.45", Cause.AMOUNT, None, None),
        # A rate that changed by less than a grosz makes.
        ("DOM 1 szt. 1.501 1.50", "DOM 1 szt. 1.502 1.50", "0.00", Cause.RATE, "0.00", "0.00"),
        ("KOR - - - 10.00", "KOR - - - 12.50", "2.50", Cause.AMOUNT, None, None),
        ("KOR 1 szt. 10 10.00", "KOR 1 szt. 10 12.50", "2.50", Cause.AMOUNT, None, None),
        ("KOR 1 szt. 10 10.00", "KOR - - - 12.50", "2.50", Cause.AMOUNT, None, None),
        ("KOR 1 szt. 10 10.00", "KOR - - - 10.00", "0.00", Cause.SAME, None, None),
        ("OD 2 os. 38 76.00", "OD 7 m3 10.00 70.00", "-6.00", Cause.BASIS, None, None),
        ("CO 48.5 m2 5.70 276.45", "CO 48.5 m² 5.70 276.45", "0.00", Cause.SAME, None, None),
        ("ST 1 szt. -5 -5.00", "ST 2 szt. -5 -10.00", "-5.00", Cause.QUANTITY, "0.00", "-5.00"),
    ],
)
def test_the_cause_of_a_difference(
    before: str, now: str, difference: str, cause: Cause, by_rate: str | None, by_quantity: str | None
) -> None:
    found = the_change(now, before)

    assert (found.difference, found.cause) == (Decimal(difference), cause)
    assert (found.by_rate, found.by_quantity) == (
        by_rate if by_rate is None else Decimal(by_rate),
        by_quantity if by_quantity is None else Decimal(by_quantity),
    )


QUANTITIES = st.decimals(min_value="0.01", max_value="999", places=3)
AMOUNTS = st.decimals(min_value="-9999", max_value="9999", places=2)


@given(QUANTITIES, QUANTITIES, QUANTITIES, QUANTITIES, st.none() | AMOUNTS, st.none() | AMOUNTS)
def test_rate_and_quantity_always_add_up_to_the_difference(
    quantity: Decimal,
    rate: Decimal,
    former_quantity: Decimal,
    former_rate: Decimal,
    amount: Decimal | None,
    former_amount: Decimal | None,
) -> None:
    now = ChargeRow(MAIN, "X", "", quantity, "m3", rate, amount or line_amount(quantity, rate))
    before = ChargeRow(
        MAIN,
        "X",
        "",
        former_quantity,
        "m3",
        former_rate,
        former_amount or line_amount(former_quantity, former_rate),
    )

    (found,) = compare_months([now], [before]).components

    assert found.difference == now.amount - before.amount
    if found.by_rate is not None and found.by_quantity is not None:
        assert found.by_rate + found.by_quantity == found.difference


def test_new_and_gone_components_and_the_sums() -> None:
    before = [line("CO 1 m2 10 10.00"), line("OLD 1 lokal 5 5.00"), line("FR 1 m2 3 3.00", REPAIR)]
    now = [line("CO 1 m2 12 12.00"), line("FR 1 m2 3 3.00", REPAIR), line("NEW 1 lokal 9 9.00")]

    found = compare_months(now, before)

    assert [(one.row.code, one.cause, str(one.difference)) for one in found.components] == [
        ("CO", Cause.RATE, "2.00"),
        ("NEW", Cause.NEW, "9.00"),
        ("OLD", Cause.GONE, "-5.00"),
        ("FR", Cause.SAME, "0.00"),
    ]
    assert (found.before, found.now, found.difference) == (Decimal(18), Decimal(24), Decimal(6))
    assert (found.rise, found.fall) == (Decimal(11), Decimal(-5))
    assert [one.row.code for one in found.changed] == ["CO", "NEW", "OLD"]
    assert found.main is not None
    assert found.main.row.code == "NEW"


def test_the_main_cause_goes_the_way_of_the_total() -> None:
    found = compare_months(
        [line("A 1 m2 1 1.00"), line("B 1 m2 60 60.00")], [line("A 1 m2 90 90.00"), line("B 1 m2 1 1.00")]
    )

    assert found.difference == Decimal(-30)
    assert found.main is not None
    assert found.main.row.code == "A"


def test_without_a_difference_of_the_total_there_is_no_main_cause() -> None:
    found = compare_months(
        [line("A 1 m2 1 1.00"), line("B 1 m2 2 2.00")], [line("A 1 m2 2 2.00"), line("B 1 m2 1 1.00")]
    )

    assert found.difference == ZERO
    assert found.main is None
    assert len(found.changed) == 2


def test_a_component_that_got_a_code_is_found_by_its_name() -> None:
    before = [line("- 1 szt. 1 1.00", name="Domofon"), line("- 1 szt. 2 2.00", name="Winda")]
    now = [line("DOM 1 szt. 1 1.00", name="Domofon"), line("WIN 1 szt. 3 3.00", name="Winda")]

    assert [one.cause for one in compare_months(now, before).components] == [Cause.SAME, Cause.RATE]


def test_two_lines_of_one_component_stand_beside_each_other_in_their_order() -> None:
    before = [line("W 1 m2 1 1.00"), line("W 1 m2 2 2.00")]
    now = [line("W 1 m2 1 1.00"), line("W 1 m2 4 4.00"), line("W 1 m2 5 5.00")]

    found = compare_months(now, before)

    assert [one.cause for one in found.components] == [Cause.SAME, Cause.RATE, Cause.NEW]
