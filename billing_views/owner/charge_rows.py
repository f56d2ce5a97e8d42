"""Rows of a month of charges as text: quantities and rates with units, beside the month before."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from associations.charges.calculations import ChargeRow, FundCharges
from associations.charges.changes import Cause, ComponentChange, MonthChanges
from associations.money import ZERO, add_up
from associations.profile.funds import FundLabel
from billing_views.owner.charge_changes import say_change, with_unit
from billing_views.owner.words import name_fund
from billing_views.parts.formatting import (
    NO_BREAK_SPACE,
    format_quantity,
    format_rate,
    format_signed_money,
    format_unit,
)


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """A component as pages and papers print it.

    `former` is the amount of the month before (None: not charged, or no month before), `difference` empty where the
    amount stayed, `change` says why it did not.
    """

    name: str
    code: str
    quantity: str
    rate: str
    amount: Decimal
    former: Decimal | None = None
    difference: str = ""
    change: str = ""
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class FundTable:
    """The components of one fund; `subtotal_label` is empty where there is one fund only."""

    rows: tuple[ComponentRow, ...]
    subtotal_label: str
    subtotal: Decimal
    former: Decimal | None = None
    difference: str = ""


def draw_funds(funds: Sequence[FundCharges], changes: MonthChanges | None = None) -> tuple[FundTable, ...]:
    """Tables of the funds; with `changes` beside the month before, those that are gone included."""
    if changes is None:
        return tuple(
            FundTable(
                tuple(_draw_row(one.row) for one in fund.rows),
                _say_subtotal(fund.fund, len(funds)),
                fund.total,
            )
            for fund in funds
        )
    labels = list(dict.fromkeys(one.row.fund for one in changes.components))
    return tuple(_draw_compared(label, len(labels), changes) for label in labels)


def _draw_compared(fund: FundLabel, count: int, changes: MonthChanges) -> FundTable:
    of_fund = [one for one in changes.components if one.row.fund == fund]
    now = add_up(one.now.amount for one in of_fund if one.now)
    before = add_up(one.before.amount for one in of_fund if one.before)
    return FundTable(
        rows=tuple(_draw_change(one) for one in of_fund),
        subtotal_label=_say_subtotal(fund, count),
        subtotal=now,
        former=before,
        difference=format_signed_money(now - before),
    )


def _draw_change(one: ComponentChange) -> ComponentRow:
    row = one.row
    is_gone = one.now is None
    return ComponentRow(
        name=row.name or row.code,
        code=row.code if row.name else "",
        quantity="" if is_gone else with_unit(format_quantity(row.quantity), row.unit),
        rate="" if is_gone else _rate_with_unit(row),
        amount=ZERO if is_gone else row.amount,
        former=one.before.amount if one.before else None,
        difference=format_signed_money(one.difference) if one.difference else "",
        change=say_change(one),
        is_changed=one.cause is not Cause.SAME,
    )


def _draw_row(row: ChargeRow) -> ComponentRow:
    return ComponentRow(
        name=row.name or row.code,
        code=row.code if row.name else "",
        quantity=with_unit(format_quantity(row.quantity), row.unit),
        rate=_rate_with_unit(row),
        amount=row.amount,
    )


def _say_subtotal(fund: FundLabel, count: int) -> str:
    return gettext("Razem: %(fund)s") % {"fund": name_fund(fund)} if count > 1 else ""


def _rate_with_unit(row: ChargeRow) -> str:
    rate = format_rate(row.rate)
    if not rate:
        return ""
    unit = format_unit(row.unit)
    return f"{rate}{NO_BREAK_SPACE}zł/{unit}" if unit else f"{rate}{NO_BREAK_SPACE}zł"
