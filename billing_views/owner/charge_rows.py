"""Rows of a month of charges as text: quantities and rates with units, and what changed since the month before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from associations.charges.calculations import ChargeRow, ComparedRow, FundCharges
from billing_views.owner.words import name_fund
from billing_views.parts.formatting import (
    NO_BREAK_SPACE,
    format_quantity,
    format_rate,
    format_unit,
    format_zloty,
)


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """A component as `owner/charges.html` prints it."""

    name: str
    code: str
    quantity: str
    rate: str
    amount: Decimal
    change: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class FundTable:
    """The components of one fund; `subtotal_label` is empty where there is one fund only."""

    rows: tuple[ComponentRow, ...]
    subtotal_label: str
    subtotal: Decimal


def draw_funds(funds: Sequence[FundCharges], *, is_compared: bool) -> tuple[FundTable, ...]:
    """Tables of the funds; without a month before (`is_compared` False) changes stay empty."""
    return tuple(
        FundTable(
            rows=tuple(_draw_row(one, is_compared=is_compared) for one in fund.rows),
            subtotal_label=_say_subtotal(fund) if len(funds) > 1 else "",
            subtotal=fund.total,
        )
        for fund in funds
    )


def say_change_of_total(total: Decimal, before: Decimal | None) -> str:
    """`o 15,25 zł mniej niż w poprzednim miesiącu`; empty without a month before."""
    if before is None:
        return ""
    if total == before:
        return gettext("tyle samo co w poprzednim miesiącu")
    amount = format_zloty(abs(total - before))
    if total < before:
        return gettext("o %(amount)s mniej niż w poprzednim miesiącu") % {"amount": amount}
    return gettext("o %(amount)s więcej niż w poprzednim miesiącu") % {"amount": amount}


def say_vanished(rows: Iterable[ChargeRow]) -> str:
    """Which components of the month before are no longer charged; empty where none is gone."""
    gone = [f"{row.name or row.code} ({format_zloty(row.amount)})" for row in rows]
    if not gone:
        return ""
    return gettext("W poprzednim miesiącu naliczono też: %(rows)s.") % {"rows": ", ".join(gone)}


def _say_subtotal(fund: FundCharges) -> str:
    return gettext("Razem: %(fund)s") % {"fund": name_fund(fund.fund)}


def _draw_row(one: ComparedRow, *, is_compared: bool) -> ComponentRow:
    row = one.row
    change = _say_change(one) if is_compared else ""
    return ComponentRow(
        name=row.name or row.code,
        code=row.code if row.name else "",
        quantity=_with_unit(format_quantity(row.quantity), row.unit),
        rate=_rate_with_unit(row),
        amount=row.amount,
        change=change,
        is_changed=is_compared and (one.before is None or one.before.amount != row.amount),
    )


def _with_unit(quantity: str, unit: str) -> str:
    return f"{quantity}{NO_BREAK_SPACE}{format_unit(unit)}".strip() if quantity else ""


def _rate_with_unit(row: ChargeRow) -> str:
    rate = format_rate(row.rate)
    if not rate:
        return ""
    unit = format_unit(row.unit)
    return f"{rate}{NO_BREAK_SPACE}zł/{unit}" if unit else f"{rate}{NO_BREAK_SPACE}zł"


def _say_change(one: ComparedRow) -> str:
    """`+16,98 zł · stawka 5,70 → 6,05`: how much, and because of what."""
    row, before = one.row, one.before
    if before is None:
        return gettext("nowy składnik")
    parts = []
    if row.amount != before.amount:
        parts.append(format_zloty(row.amount - before.amount, is_signed=True))
    if row.rate != before.rate and row.rate is not None and before.rate is not None:
        rates = f"{format_rate(before.rate)} → {format_rate(row.rate)}"
        parts.append(gettext("stawka %(rates)s") % {"rates": rates})
    if row.quantity != before.quantity and row.quantity is not None and before.quantity is not None:
        quantities = f"{format_quantity(before.quantity)} → {format_quantity(row.quantity)}"
        parts.append(gettext("ilość %(quantities)s") % {"quantities": quantities})
    return " · ".join(parts) or gettext("bez zmian")
