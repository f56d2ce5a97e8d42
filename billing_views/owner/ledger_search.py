"""Search and filter in the ledger: a GET form, and the found entries per fund with „suma znalezionych”."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from associations.ledger.queries import read_books
from associations.ledger.search import LONGEST_TEXT, FoundInFund, LedgerFilter, Side, search_ledger
from billing_views.owner.accounting import chosen_number
from billing_views.owner.chosen_days import chosen_day
from billing_views.owner.entry import owner_page
from billing_views.owner.place import Links, Place
from billing_views.owner.words import name_fund, say_no_data
from billing_views.parts.choices import Option
from billing_views.parts.formatting import format_day, format_money
from billing_views.parts.notices import EmptyState
from billing_views.parts.page import Page
from billing_views.parts.plurals import say_count
from billing_views.parts.tables import Pagination

TEXT, FIRST, LAST, SIDE, YEAR, PAGE = "szukaj", "od", "do", "strona-konta", "rok", "nr"
PAGE_SIZE = 100
"""Found entries of a page: 100 of them stay below 60 KB."""


class FoundRow(NamedTuple):
    """A found entry as text, unpacked by its template."""

    day: str
    document: str
    description: str
    debit: str
    credit: str


@dataclass(frozen=True, slots=True)
class SearchForm:
    """The form with what was asked; `errors` are days that do not exist, by the name of their field."""

    action_url: str
    text: str
    first: str
    last: str
    sides: tuple[Option, ...]
    year: str
    kept: tuple[tuple[str, str], ...]
    errors: dict[str, str]
    longest: int = LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class FoundSection:
    """The found entries of a fund that this page shows; the sums are those of all found ones of the fund."""

    caption: str
    rows: tuple[FoundRow, ...]
    debit: str
    credit: str
    count: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Context of `owner/ledger_search.html`."""

    page: Page
    form: SearchForm
    summary: str
    sections: tuple[FoundSection, ...]
    pages: Pagination | None
    empty: EmptyState | None


@owner_page
def show_search(request: HttpRequest, place: Place) -> HttpResponse:
    """What the ledger holds of `?szukaj=&od=&do=&strona-konta=`; the year that one came from is remembered."""
    books = read_books(place.holding)
    year = chosen_number(request.GET.get(YEAR), books.years)
    wanted = _read_filter(request.GET)
    is_asked = any(request.GET.get(name, "").strip() for name in (TEXT, FIRST, LAST, SIDE))
    found = search_ledger(books, wanted) if is_asked else []
    context = _compose(place, request.GET, wanted, found, year, is_asked=is_asked)
    if not books.years:
        context = _without_data(place, context)
    return TemplateResponse(request, "owner/ledger_search.html", {"page": context.page, "search": context})


def _read_filter(parameters: QueryDict) -> LedgerFilter:
    side = parameters.get(SIDE, "")
    return LedgerFilter(
        text=parameters.get(TEXT, "").replace("\0", "").strip()[:LONGEST_TEXT],
        first=chosen_day(parameters, FIRST),
        last=chosen_day(parameters, LAST),
        side=Side(side) if side in {one.value for one in Side} else Side.ALL,
    )


def _compose(
    place: Place,
    parameters: QueryDict,
    wanted: LedgerFilter,
    found: Sequence[FoundInFund],
    year: int | None,
    *,
    is_asked: bool,
) -> SearchPage:
    links = place.links
    back = links.to("ledger_year", year=year) if year else links.to("ledger")
    here = Links.path_of("ledger_search")
    page = place.page(gettext("Szukaj w kartotece"), "ledger", here=here, back_url=back)
    count = sum(len(one.entries) for one in found)
    number = _page_number(parameters, count)
    return SearchPage(
        page=page,
        form=_draw_form(place, parameters, wanted, year),
        summary=_say_found(count) if is_asked else "",
        sections=tuple(_draw_sections(found, number)),
        pages=_paginate(links, parameters, number, count),
        empty=EmptyState(
            gettext("Nic nie znaleziono."),
            gettext(
                "Spróbuj krótszego słowa albo szerszego zakresu dat. Szukać można też kwoty, np. 612,48."
            ),
        )
        if is_asked and not found
        else None,
    )


def _without_data(place: Place, context: SearchPage) -> SearchPage:
    empty = EmptyState(say_no_data(place.profile))
    return SearchPage(context.page, context.form, "", (), None, empty)


def _draw_form(place: Place, parameters: QueryDict, wanted: LedgerFilter, year: int | None) -> SearchForm:
    labels = {
        Side.ALL: gettext("wszystkie wpisy"),
        Side.CREDITS: gettext("tylko wpłaty i uznania"),
        Side.DEBITS: gettext("tylko obciążenia"),
    }
    typed = {FIRST: wanted.first, LAST: wanted.last}
    errors = {
        name: gettext("Nie ma takiego dnia. Data wygląda tak: 31.10.2026.")
        for name, day in typed.items()
        if day is None and parameters.get(name, "").strip()
    }
    return SearchForm(
        action_url=place.links.base + Links.path_of("ledger_search"),
        text=wanted.text,
        first=wanted.first.isoformat() if wanted.first else "",
        last=wanted.last.isoformat() if wanted.last else "",
        sides=tuple(Option(side.value, label, side is wanted.side) for side, label in labels.items()),
        year=str(year or ""),
        kept=place.links.kept,
        errors=errors,
    )


def _say_found(count: int) -> str:
    return say_count(
        count,
        gettext("Znaleziono {n} wpis."),
        gettext("Znaleziono {n} wpisy."),
        gettext("Znaleziono {n} wpisów."),
    )


def _page_number(parameters: QueryDict, count: int) -> int:
    last = max(1, -(-count // PAGE_SIZE))
    return chosen_number(parameters.get(PAGE), range(1, last + 1)) or 1


def _draw_sections(found: Sequence[FoundInFund], number: int) -> list[FoundSection]:
    sections = []
    skipped, left = (number - 1) * PAGE_SIZE, PAGE_SIZE
    for one in found:
        shown = one.entries[skipped : skipped + left]
        skipped, left = max(0, skipped - len(one.entries)), left - len(shown)
        if shown:
            entries = (entry.entry for entry in shown)
            sections.append(
                FoundSection(
                    caption=gettext("%(fund)s: znalezione wpisy, od najnowszych")
                    % {"fund": name_fund(one.fund)},
                    rows=tuple(
                        FoundRow(
                            format_day(entry.posted_on),
                            entry.document,
                            entry.description,
                            format_money(entry.debit) if entry.debit or not entry.credit else "",
                            format_money(entry.credit) if entry.credit else "",
                        )
                        for entry in entries
                    ),
                    debit=format_money(one.debit),
                    credit=format_money(one.credit),
                    count=say_count(
                        len(one.entries), gettext("{n} wpis"), gettext("{n} wpisy"), gettext("{n} wpisów")
                    ),
                )
            )
    return sections


def _paginate(links: Links, parameters: QueryDict, number: int, count: int) -> Pagination | None:
    last = -(-count // PAGE_SIZE)
    if last <= 1:
        return None
    kept = {name: parameters[name] for name in (TEXT, FIRST, LAST, SIDE, YEAR) if parameters.get(name)}

    def address(page: int) -> str:
        query = urlencode({**kept, PAGE: page})
        return links.below(f"{Links.path_of('ledger_search')}?{query}")

    return Pagination(
        number,
        last,
        address(number - 1) if number > 1 else None,
        address(number + 1) if number < last else None,
    )
