"""Wpłaty otrzymane, jeszcze niezaksięgowane: what the bank received and the books do not contain. Never in a balance."""

from collections.abc import Sequence

from django.utils.timezone import localdate
from django.utils.translation import gettext

from associations.ledger.credits import credits_since
from associations.payments.calculations import BOOKED_AT_MOST_BEFORE, Credit, Received, unbooked
from associations.payments.queries import received_payments
from associations.premises.access import OpenHolding
from billing_views.parts.formatting import format_day, format_money
from billing_views.parts.tables import Cell, Column, Table


def waiting_payments(holding: OpenHolding) -> list[Received]:
    """The holding's payments that wait to be booked. One query where there are no payments, else two."""
    received = received_payments(holding, today=localdate())
    if not received:
        return []
    since = received[0].booked_on - BOOKED_AT_MOST_BEFORE
    return unbooked(received, [Credit(*row) for row in credits_since(holding, since)])


def draw_waiting(payments: Sequence[Received]) -> Table | None:
    """The table for the ledger's page; None where nothing waits."""
    if not payments:
        return None
    return Table(
        caption=gettext("Wpłaty otrzymane, jeszcze niezaksięgowane (nie wchodzą do salda)"),
        columns=(
            Column(gettext("Data wpływu"), "what"),
            Column(gettext("Tytuł wpłaty")),
            Column(gettext("Kwota"), "sum"),
        ),
        rows=tuple(
            (
                Cell(format_day(one.booked_on)),
                Cell(one.title or gettext("bez tytułu")),
                Cell(format_money(one.amount)),
            )
            for one in payments
        ),
    )
