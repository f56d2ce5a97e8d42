"""Dane do przelewu: per fund the recipient, the number, the title and the amount, and a code to scan."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from associations.charges.calculations import due_days
from associations.paying import read_transfers
from associations.payments.calculations import Received
from associations.periods import Month
from billing_views.owner.account_notices import notices_of_holding
from billing_views.owner.entry import owner_page
from billing_views.owner.paying_cards import TransferCard, draw_card
from billing_views.owner.paying_form import read_choices
from billing_views.owner.payments import waiting_payments
from billing_views.owner.place import Place
from billing_views.owner.words import say_no_data
from billing_views.parts.formatting import format_day, format_zloty
from billing_views.parts.notices import EmptyState, Notice
from billing_views.parts.page import Page


@dataclass(frozen=True, slots=True)
class PayingPage:
    """Context of `owner/paying.html`."""

    page: Page
    notices: tuple[Notice, ...]
    waiting: tuple[str, ...]
    due: str
    cards: tuple[TransferCard, ...]
    empty: EmptyState | None


@owner_page
def show_paying(request: HttpRequest, place: Place) -> HttpResponse:
    """The transfers of the holding, with the amounts chosen in the address."""
    today = localdate()
    typed = read_choices(request.GET)
    transfers = read_transfers(
        place.holding,
        place.profile,
        today=today,
        choices={fund: one.choice for fund, one in typed.items()},
    )
    cards = [draw_card(one, typed, place.links, is_only=len(transfers) == 1) for one in transfers]
    context = PayingPage(
        page=place.page(gettext("Dane do przelewu"), "paying", back_url=place.links.to("ledger")),
        notices=notices_of_holding(place.holding, place.profile),
        waiting=_say_waiting(waiting_payments(place.holding)),
        due=_say_due(today, place),
        cards=tuple(cards),
        empty=None if cards else EmptyState(say_no_data(place.profile)),
    )
    return TemplateResponse(request, "owner/paying.html", {"page": context.page, "paying": context})


def next_due_day(today: dt.date, due_day: int) -> tuple[dt.date, dt.date]:
    """The next day by which charges are paid, as named and moved to a working day; today counts."""
    month = Month.of(today)
    named, moved = due_days(month, due_day)
    return (named, moved) if moved >= today else due_days(month.next, due_day)


def _say_due(today: dt.date, place: Place) -> str:
    """Nothing to a former owner: theirs are no monthly charges any more."""
    ends_on = place.holding.ends_on
    if ends_on and ends_on < today:
        return gettext(
            "Tytuł do lokalu skończył się %(day)s: terminy i sposób zapłaty uzgodnij z biurem."
        ) % {"day": format_day(ends_on)}
    named, moved = next_due_day(today, place.profile.due_day)
    words = {"number": place.profile.due_day, "day": format_day(named), "moved": format_day(moved)}
    if named == moved:
        text = gettext("Opłaty płaci się do %(number)s. dnia miesiąca; najbliższy termin to %(day)s.") % words
    else:
        text = (
            gettext(
                "Opłaty płaci się do %(number)s. dnia miesiąca; najbliższy termin to %(day)s"
                " (dzień wolny; wpłata do %(moved)s jest w terminie)."
            )
            % words
        )
    return f"{text} {gettext('Niedopłatę z minionych terminów zapłać od razu.')}"


def _say_waiting(payments: Sequence[Received]) -> tuple[str, ...]:
    return tuple(
        gettext("Wpłata %(amount)s z %(day)s została otrzymana, jeszcze niezaksięgowana.")
        % {"amount": format_zloty(one.amount), "day": format_day(one.booked_on)}
        if one.amount > 0
        else gettext("Bank cofnął %(day)s wpłatę %(amount)s; jeszcze tego nie zaksięgowano.")
        % {"amount": format_zloty(-one.amount), "day": format_day(one.booked_on)}
        for one in payments
    )
