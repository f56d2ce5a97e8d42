"""Charges of a holding, from the editions that stand."""

from decimal import Decimal

import pytest

from associations.charges.queries import (
    charge_rows,
    month_of_charges,
    months_with_charges,
    published_at,
    totals_by_fund,
    totals_by_month,
)
from associations.periods import Month
from associations.premises.access import OpenHolding, holding_for_staff
from associations.premises.models import Person, Premises
from tests.factories import make_holding, make_person, make_premises, publish_charges

pytestmark = pytest.mark.usefixtures("in_sloneczna")


@pytest.fixture
def owned() -> OpenHolding:
    return holding_for_staff(make_holding(make_premises(), make_person("ann"), starts="2009-01-01").pk)


@pytest.fixture
def sold() -> tuple[OpenHolding, OpenHolding]:
    premises = make_premises()
    former = make_holding(premises, make_person("seller"), starts="2009-01-01", ends="2025-10-31")
    present = make_holding(premises, make_person("buyer"), starts="2025-11-01")
    return holding_for_staff(former.pk), holding_for_staff(present.pk)


def premises_of(holding: OpenHolding) -> Premises:
    return Premises.objects.get(pk=holding.premises.pk)


def test_lines_come_in_the_order_of_funds_and_file(owned: OpenHolding) -> None:
    premises = premises_of(owned)
    publish_charges(premises, "2026-01", "FR 48.5 m2 2.80 135.80", fund_code="repair")
    publish_charges(premises, "2026-01", "ZW 7 m3 11.1564 78.09", "EKSP 48.5 m2 2.10 101.85")

    rows = charge_rows(owned, [Month(2025, 12), Month(2026, 1)])

    assert rows[Month(2025, 12)] == []
    assert [(row.code, row.rate, row.amount) for row in rows[Month(2026, 1)]] == [
        ("ZW", Decimal("11.156400"), Decimal("78.09")),
        ("EKSP", Decimal("2.100000"), Decimal("101.85")),
        ("FR", Decimal("2.800000"), Decimal("135.80")),
    ]


def test_only_open_editions_count(owned: OpenHolding) -> None:
    premises = premises_of(owned)
    publish_charges(premises, "2026-01", "EKSP 1 m2 1 1.00")
    publish_charges(premises, "2026-01", "EKSP 1 m2 2 2.00")
    publish_charges(make_premises("other"), "2026-02", "EKSP 1 m2 9 9.00")

    assert months_with_charges(owned) == (Month(2026, 1),)
    assert totals_by_month(owned, Month(2025, 1), Month(2026, 12)) == {Month(2026, 1): Decimal("2.00")}
    assert published_at(owned, Month(2026, 1)) is not None
    assert published_at(owned, Month(2026, 2)) is None


def test_charges_without_payer_go_by_the_first_of_their_month(sold: tuple[OpenHolding, OpenHolding]) -> None:
    premises = premises_of(sold[0])
    for month in ("2025-09", "2025-10", "2025-11"):
        publish_charges(premises, month, "EKSP 1 m2 1 1.00")

    assert [months_with_charges(holding) for holding in sold] == [
        (Month(2025, 9), Month(2025, 10)),
        (Month(2025, 11),),
    ]


def test_charges_that_name_a_payer_are_theirs_whatever_the_month(
    sold: tuple[OpenHolding, OpenHolding],
) -> None:
    premises = premises_of(sold[0])
    publish_charges(premises, "2026-01", "KOR 1 lokal 1 1.00", payer=Person.objects.get(code="seller"))

    assert [months_with_charges(holding) for holding in sold] == [(Month(2026, 1),), ()]


def test_figures_older_than_the_only_title_are_not_the_owners() -> None:
    late = holding_for_staff(make_holding(make_premises("late"), make_person("late"), starts="2025-11-15").pk)
    premises = premises_of(late)
    publish_charges(premises, "2025-11", "CANARY 1 m2 1 1.00")
    publish_charges(premises, "2025-12", "EKSP 1 m2 1 1.00")

    assert months_with_charges(late) == (Month(2025, 12),)


def test_months_of_a_payer_who_never_held_the_premises_are_not_the_owners(owned: OpenHolding) -> None:
    premises = premises_of(owned)
    publish_charges(premises, "2026-01", "EKSP 1 m2 1 1.00")
    publish_charges(premises, "2026-02", "CANARY 1 m2 1 1.00", payer=make_person("stranger"))

    assert months_with_charges(owned) == (Month(2026, 1),)
    assert charge_rows(owned, [Month(2026, 2)]) == {Month(2026, 2): []}


def test_totals_come_by_month_and_fund(owned: OpenHolding) -> None:
    premises = premises_of(owned)
    publish_charges(premises, "2026-01", "EKSP 1 m2 1 1.00", "CO 1 m2 2 2.00")
    publish_charges(premises, "2026-01", "FR 1 m2 5 5.00", fund_code="repair")
    publish_charges(premises, "2026-03", "EKSP 1 m2 4 4.00")

    found = totals_by_fund(owned, [Month(2026, 1), Month(2026, 2), Month(2026, 3)])

    assert {
        month: [(fund.kind, total) for fund, total in of_month.items()] for month, of_month in found.items()
    } == {
        Month(2026, 1): [("main", Decimal("3.00")), ("repair", Decimal("5.00"))],
        Month(2026, 3): [("main", Decimal("4.00"))],
    }


def test_a_month_knows_the_one_before_and_what_changed(owned: OpenHolding) -> None:
    premises = premises_of(owned)
    publish_charges(premises, "2025-11", "EKSP 1 m2 1 1.00")
    publish_charges(premises, "2026-01", "EKSP 1 m2 3 3.00")
    known = months_with_charges(owned)

    found, first = (month_of_charges(owned, month, known) for month in reversed(known))

    assert found is not None
    assert found.changes is not None
    assert (found.total, found.compared_with, found.changes.difference) == (
        Decimal("3.00"),
        Month(2025, 11),
        Decimal("2.00"),
    )
    assert found.published_at is not None
    assert first is not None
    assert (first.compared_with, first.changes) == (None, None)
    assert month_of_charges(owned, Month(2025, 12), known) is None
