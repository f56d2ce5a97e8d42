"""Tables of debts: what is past its due date, the oldest first, and what is not due yet."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext

from associations.ledger.overdue import OpenDebt
from associations.money import add_up
from billing_views.owner.balances import name_debt
from billing_views.parts.formatting import format_day, format_money
from billing_views.parts.tables import Cell, Column, Table


def draw_debts(debts: Sequence[OpenDebt], day: dt.date, *, is_due: bool) -> Table | None:
    """One row per debt with its due date, what it was and what is left; None where there are none."""
    if not debts:
        return None
    words = {"day": format_day(day)}
    caption = (
        gettext("W tym po terminie płatności na %(day)s") % words
        if is_due
        else gettext("Jeszcze przed terminem płatności na %(day)s") % words
    )
    whole, left = gettext("Kwota"), gettext("Do zapłaty")
    due, until = gettext("Termin płatności"), gettext("W terminie do")
    columns = (
        Column(gettext("Należność"), "what"),
        Column(due, "keep", due),
        Column(until, "keep", until),
        Column(f"{whole},\N{NO-BREAK SPACE}zł", "num", whole),
        Column(f"{left},\N{NO-BREAK SPACE}zł", "sum"),
    )
    total = Cell(format_money(add_up(one.left for one in debts)))
    return Table(
        caption,
        columns,
        tuple(_draw_row(one) for one in debts),
        foot=((Cell(gettext("Razem")), Cell(), Cell(), Cell(), total),),
    )


def _draw_row(one: OpenDebt) -> tuple[Cell, ...]:
    claim = one.claim
    return (
        Cell(name_debt(claim), note=claim.description if claim.document else ""),
        Cell(format_day(claim.due_on)),
        Cell(format_day(claim.payable_until) if claim.payable_until != claim.due_on else ""),
        Cell(format_money(claim.amount)),
        Cell(format_money(one.left)),
    )
