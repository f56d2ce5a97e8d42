"""Opłaty za używanie lokalu, przypisy: the components of a month, beside those of the month before."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from associations.charges.calculations import FundCharges, due_days
from associations.charges.queries import (
    MonthOfCharges,
    month_of_charges,
    months_with_charges,
    totals_by_fund,
)
from associations.charges.twelve_months import (
    FundTotals,
    last_month_of_picture,
    lay_out_months,
    months_up_to,
)
from associations.money import add_up
from associations.periods import Month
from billing_views.owner.accounting import chosen_number
from billing_views.owner.charge_changes import say_changes
from billing_views.owner.charge_chart import ChargesChart, draw_charges
from billing_views.owner.charge_rows import FundTable, draw_funds
from billing_views.owner.entry import owner_page
from billing_views.owner.file_links import PageFiles, files_of_charges
from billing_views.owner.periods import month_form, month_links, year_links
from billing_views.owner.place import Links, Place
from billing_views.owner.words import name_charges, name_fund, say_no_data
from billing_views.parts.choices import ChoiceForm
from billing_views.parts.formatting import (
    format_day,
    format_day_words,
    format_month_words,
    format_signed_money,
    format_zloty,
)
from billing_views.parts.notices import EmptyState, Notice
from billing_views.parts.page import Page
from billing_views.parts.period_links import PeriodLinks


@dataclass(frozen=True, slots=True)
class MonthCharges:
    """A month as `owner/charges.html` reads it; `compared` names the month before, empty for the first."""

    heading: str
    ahead: str
    total: Decimal
    subtotals: tuple[tuple[str, Decimal], ...]
    due: str
    changes: tuple[str, ...]
    caption: str
    compared: str
    former: Decimal | None
    difference: str
    funds: tuple[FundTable, ...]
    published: str


@dataclass(frozen=True, slots=True)
class ChargesPage:
    """Context of `owner/charges.html`."""

    page: Page
    ledger_url: str
    years: PeriodLinks | None = None
    months: PeriodLinks | None = None
    form: ChoiceForm | None = None
    month: MonthCharges | None = None
    chart: ChargesChart | None = None
    next_one: Notice | None = None
    files: PageFiles | None = None
    empty: EmptyState | None = None


@owner_page
def show_charges(
    request: HttpRequest, place: Place, year: int | None = None, month: int | None = None
) -> HttpResponse:
    """The charges of a month, of the address or chosen (`?rok=&miesiac=`); of the latest with data else."""
    known = months_with_charges(place.holding)
    if year is None:
        year, month = asked_period(request.GET, known)
    shown = choose_month(known, year, month)
    context = _compose(place, known, shown) if shown else _without_data(place)
    return TemplateResponse(request, "owner/charges.html", {"page": context.page, "charges": context})


def asked_period(parameters: QueryDict, known: Sequence[Month]) -> tuple[int | None, int | None]:
    """Year and month of the form; a month alone is one of the latest year, what cannot be chosen is left out."""
    year = chosen_number(parameters.get("rok"), {one.year for one in known})
    month = chosen_number(parameters.get("miesiac"), range(1, 13))
    if year is None and month and known:
        return known[-1].year, month
    return year, month


def choose_month(known: Sequence[Month], year: int | None, number: int | None) -> Month | None:
    """The month asked for; of a year alone its latest with data; else the latest of all."""
    if year and number:
        return Month(year, number)
    of_year = [one for one in known if one.year == year] if year else list(known)
    if of_year:
        return of_year[-1]
    return Month(year, 12) if year and known else None


def _without_data(place: Place) -> ChargesPage:
    to_ledger = place.links.to("ledger")
    page = place.page(name_charges(place.profile), "charges", back_url=to_ledger)
    return ChargesPage(page, to_ledger, empty=EmptyState(say_no_data(place.profile)))


def _compose(place: Place, known: Sequence[Month], month: Month) -> ChargesPage:
    links, today = place.links, place.seen_on or localdate()
    found = month_of_charges(place.holding, month, known)
    ahead = next((one for one in known if one > max(month, Month.of(today))), None)
    span = months_up_to(last_month_of_picture(month, known))
    totals = totals_by_fund(place.holding, [*span, ahead] if ahead else span) if found or ahead else {}
    here = Links.path_of("charges_month", year=month.year, month=month.number)
    page = place.page(name_charges(place.profile), "charges", here=here, back_url=links.to("ledger"))

    def address(one: Month) -> str:
        return links.to("charges_month", year=one.year, month=one.number)

    def address_in(year: int) -> str:
        same = Month(year, month.number)
        return address(same) if same in known else links.to("charges_year", year=year)

    twelve = lay_out_months(span, totals)
    years = sorted({one.year for one in known})
    return ChargesPage(
        page=page,
        ledger_url=links.to("ledger_year", year=month.year),
        years=year_links(month.year, years, address_in) if years else None,
        months=month_links(month, known, address) if known else None,
        form=month_form(links, years, month) if known else None,
        month=_draw_month(place, found, today) if found else None,
        chart=draw_charges(twelve, month, address) if found and len(twelve.with_data) > 1 else None,
        next_one=_say_next(place, ahead, totals, address(ahead)) if ahead else None,
        files=files_of_charges(links, month) if found else None,
        empty=None if found else _say_empty(place, known, month),
    )


def _draw_month(place: Place, found: MonthOfCharges, today: dt.date) -> MonthCharges:
    words = format_month_words(found.month.first_day)
    changes, before = found.changes, found.compared_with
    is_ahead = found.month > Month.of(today)
    return MonthCharges(
        heading=gettext("Opłata za %(month)s") % {"month": words},
        ahead=gettext("opłata na przyszły miesiąc, już podana") if is_ahead else "",
        total=found.total,
        subtotals=_subtotals(found.funds),
        due=_say_due(found.month, place.profile.due_day),
        changes=say_changes(changes, found.month, before) if changes and before else (),
        caption=gettext("Składniki opłat, %(month)s") % {"month": words},
        compared=format_month_words(before.first_day) if before else "",
        former=changes.before if changes else None,
        difference=format_signed_money(changes.difference) if changes else "",
        funds=draw_funds(found.funds, changes),
        published=_say_published(found.published_at),
    )


def _subtotals(funds: Sequence[FundCharges]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((name_fund(one.fund), one.total) for one in funds) if len(funds) > 1 else ()


def _say_next(place: Place, month: Month, totals: Mapping[Month, FundTotals], url: str) -> Notice:
    words = {
        "month": format_month_words(month.first_day),
        "total": format_zloty(add_up(totals.get(month, {}).values())),
        "due": _say_due(month, place.profile.due_day),
    }
    return Notice(
        title=gettext("Podano już opłatę za %(month)s: %(total)s,") % words,
        text=f"{words['due']}.",
        url=url,
        link=gettext("Zobacz składniki"),
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
