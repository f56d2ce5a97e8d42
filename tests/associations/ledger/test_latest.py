"""Newest standing balances of many premises, and the figures of overviews."""

import datetime as dt
from decimal import Decimal

import pytest

from associations.ledger.latest import AssociationFigures, association_figures, latest_balances
from associations.ledger.models import BalanceEdition
from tests.factories import fund, make_person, make_premises, publish_balance, publish_balances

pytestmark = pytest.mark.usefixtures("in_sloneczna")
OCTOBER = dt.date(2026, 10, 31)


def test_the_newest_month_of_each_fund_counts() -> None:
    premises = make_premises()
    publish_balance(premises, "2026-09-30", "-5.00")
    publish_balance(premises, "2026-10-31", "-268.41")
    publish_balance(premises, "2026-08-31", "42.00", fund_code="repair")

    rows = latest_balances([premises.pk])

    assert {(row.fund_id, row.as_of, row.amount) for row in rows} == {
        (fund().pk, OCTOBER, Decimal("-268.41")),
        (fund("repair").pk, dt.date(2026, 8, 31), Decimal("42.00")),
    }


def test_each_payer_has_a_row_of_their_own() -> None:
    premises, one, other = make_premises(), make_person("1"), make_person("2")
    publish_balances(premises, "2026-10-31", {one: ("-1.00", ""), other: ("2.00", "")})

    assert {(row.payer_id, row.amount) for row in latest_balances([premises.pk])} == {
        (one.pk, Decimal("-1.00")),
        (other.pk, Decimal("2.00")),
    }


def test_closed_and_emptied_editions_and_other_premises_are_left_out() -> None:
    premises, other = make_premises("1"), make_premises("2")
    publish_balance(premises, "2026-09-30", "-5.00")
    publish_balance(premises, "2026-10-31", "-268.41")
    publish_balance(other, "2026-10-31", "1.00")
    BalanceEdition.objects.filter(premises=premises, month="2026-10-01").update(row_count=0)

    assert [row.amount for row in latest_balances([premises.pk])] == [Decimal("-5.00")]
    assert latest_balances([]) == []


def test_figures_of_an_association() -> None:
    assert association_figures() == AssociationFigures(0, None)
    premises = make_premises()
    make_premises("gone").delete()
    publish_balance(premises, "2026-09-30", "-5.00")
    publish_balance(premises, "2026-10-31", "-268.41")

    assert association_figures() == AssociationFigures(1, OCTOBER)
