"""Opłaty za używanie lokalu, przypisy: the components of a month, beside those of the month before."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from associations.charges.calculations import (
    ChargeRow,
    FundCharges,
    due_days,
    group_by_fund,
    vanished_rows,
)
from associations.charges.queries import (
    charge_rows,
    months_with_charges,
    published_at,
    totals_by_month,
)
from associations.money import ZERO, add_up
from associations.periods import Month
from billing_views.owner.charge_rows import FundTable, draw_funds, say_change_of_total, say_vanished
from billing_views.owner.entry import owner_page
from billing_views.owner.periods import month_links, year_links
from billing_views.owner.place import Links, Place
from billing_views.owner.words import name_charges, name_fund, say_no_data
from billing_views.parts.cards import BarChart, draw_bars
from billing_views.parts.formatting import (
    format_day,
    format_day_words,
    format_month_words,
    format_zloty,
)
from billing_views.parts.notices import EmptyState
from billing_views.parts.page import Page
from billing_views.parts.period_links import PeriodLinks

MONTHS_IN_CHART = 12


@dataclass(frozen=True, slots=True)
class MonthCharges:
    """A month as `owner/charges.html` reads it."""

    heading: str
    total: Decimal
    subtotals: tuple[tuple[str, Decimal], ...]
    due: str
    change: str
    caption: str
    funds: tuple[FundTable, ...]
    vanished: str
    published: str


@dataclass(frozen=True, slots=True)
class ChargesChart:
    """Up to twelve months ending with the one shown."""

    heading: str
    chart: BarChart
    months: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class ChargesPage:
    """Context of `owner/charges.html`."""

    page: Page
    years: PeriodLinks | None
    months: PeriodLinks | None
    month: MonthCharges | None
    chart: ChargesChart | None
    empty: EmptyState | None
    ledger_url: str


@owner_page
def show_charges(
    request: HttpRequest, place: Place, year: int | None = None, month: int | None = None
) -> HttpResponse:
    """The charges of a month; of the latest with data where none is named."""
    known = months_with_charges(place.holding)
    shown = choose_month(known, year, month)
    context = _compose(place, known, shown) if shown else _without_data(place)
    return TemplateResponse(request, "owner/charges.html", {"page": context.page, "charges": context})


def choose_month(known: Sequence[Month], year: int | None, number: int | None) -> Month | None:
    """The month asked for; of a year alone its latest with data; else the latest of all."""
    if year and number:
        return Month(year, number)
    of_year = [one for one in known if one.year == year] if year else list(known)
    if of_year:
        return of_year[-1]
    return Month(year, 12) if year and known else None


def _without_data(place: Place) -> ChargesPage:
    page = place.page(name_charges(place.profile), "charges", back_url=place.links.to("ledger"))
    return ChargesPage(
        page, None, None, None, None, EmptyState(say_no_data(place.profile)), place.links.to("ledger")
    )


def _compose(place: Place, known: Sequence[Month], month: Month) -> ChargesPage:
    links = place.links
    rows = charge_rows(place.holding, [month.previous, month]) if month in known else {}
    first = Month(month.year - 1, month.number).next
    totals = totals_by_month(place.holding, first, month) if rows else {}
    here = Links.path_of("charges_month", year=month.year, month=month.number)

    def address(one: Month) -> str:
        return links.to("charges_month", year=one.year, month=one.number)

    def address_in(year: int) -> str:
        same = Month(year, month.number)
        return address(same) if same in known else links.to("charges_year", year=year)

    years = sorted({one.year for one in known})
    return ChargesPage(
        page=place.page(name_charges(place.profile), "charges", here=here, back_url=links.to("ledger")),
        years=year_links(month.year, years, address_in) if years else None,
        months=month_links(month, known, address) if known else None,
        month=_draw_month(place, month, rows) if rows else None,
        chart=_draw_chart(totals) if len(totals) > 1 else None,
        empty=None if rows else _say_empty(place, known, month),
        ledger_url=links.to("ledger_year", year=month.year),
    )


def _draw_month(place: Place, month: Month, rows: Mapping[Month, Sequence[ChargeRow]]) -> MonthCharges:
    now, before = rows[month], rows[month.previous]
    funds = group_by_fund(now, before)
    total = add_up(fund.total for fund in funds)
    words = format_month_words(month.first_day)
    former = add_up(row.amount for row in before) if before else None
    return MonthCharges(
        heading=gettext("Opłata za %(month)s") % {"month": words},
        total=total,
        subtotals=_subtotals(funds),
        due=_say_due(month, place.profile.due_day),
        change=say_change_of_total(total, former),
        caption=gettext("Składniki opłat, %(month)s") % {"month": words},
        funds=draw_funds(funds, is_compared=bool(before)),
        vanished=say_vanished(vanished_rows(now, before)),
        published=_say_published(published_at(place.holding, month)),
    )


def _subtotals(funds: Sequence[FundCharges]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((name_fund(one.fund), one.total) for one in funds) if len(funds) > 1 else ()


def _draw_chart(totals: Mapping[Month, Decimal]) -> ChargesChart:
    months = [(format_month_words(month.first_day), total) for month, total in sorted(totals.items())]
    summary = gettext("Opłaty: %(first)s %(first_total)s, %(last)s %(last_total)s") % {
        "first": months[0][0],
        "first_total": format_zloty(months[0][1]),
        "last": months[-1][0],
        "last_total": format_zloty(months[-1][1]),
    }
    return ChargesChart(
        heading=gettext("Ostatnie miesiące"),
        chart=draw_bars([max(total, ZERO) for _, total in months], summary=summary),
        months=tuple(months),
    )


def _say_due(month: Month, due_day: int) -> str:
    named, moved = due_days(month, due_day)
    if named == moved:
        return gettext("termin płatności %(day)s") % {"day": format_day(named)}
    return gettext("termin płatności %(day)s (dzień wolny; wpłata do %(moved)s jest w terminie)") % {
        "day": format_day(named),
        "moved": format_day(moved),
    }


def _say_published(at: dt.datetime | None) -> str:
    if at is None:
        return ""
    here = localtime(at)
    return gettext("Dane z programu księgowego, opublikowane %(day)s o %(time)s.") % {
        "day": format_day_words(here.date()),
        "time": f"{here:%H:%M}",
    }


def _say_empty(place: Place, known: Sequence[Month], month: Month) -> EmptyState:
    if not known:
        return EmptyState(say_no_data(place.profile))
    return EmptyState(
        gettext("Brak opłat za %(month)s.") % {"month": format_month_words(month.first_day)},
        url=place.links.to("charges"),
        link=gettext("Pokaż ostatnie dane"),
    )
