"""Kartoteka lokalu: balances on top, below them a calendar year of each fund with its running balance."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from associations.ledger.calculations import Entry, Opening, OpeningKind
from associations.ledger.fund_balances import latest_fund_balances
from associations.ledger.queries import AccountLabel, AccountYear, Books, read_books, read_years
from associations.ledger.standings import FundStanding, read_standings, standing_years
from associations.periods import Year
from billing_views.owner.account_notices import notices_of_holding
from billing_views.owner.balances import BalanceStrip, draw_balances, say_agreement
from billing_views.owner.entry import owner_page
from billing_views.owner.file_links import PageFiles, files_of_ledger
from billing_views.owner.payments import draw_waiting, waiting_payments
from billing_views.owner.periods import year_links
from billing_views.owner.place import Links, Place
from billing_views.owner.words import name_charges, name_fund, say_no_data
from billing_views.parts.formatting import format_day, format_day_words, format_money, format_signed_money
from billing_views.parts.notices import EmptyState, Notice
from billing_views.parts.page import Page
from billing_views.parts.period_links import PeriodLinks
from billing_views.parts.tables import Table


class LedgerRow(NamedTuple):
    """An entry as text, unpacked by its template: filters and look-ups of 120 rows take their time there."""

    day: str
    document: str
    description: str
    due: str
    debit: str
    credit: str
    balance: str


@dataclass(frozen=True, slots=True)
class LedgerSection:
    """A year of one account as `owner/ledger_section.html` and `owner/details_table.html` read it."""

    caption: str
    year: int
    opening: Opening
    opening_words: str
    opening_document: str
    rows: tuple[LedgerRow, ...]
    debit: Decimal
    credit: Decimal
    closing_on: dt.date
    closing: Decimal | None


@dataclass(frozen=True, slots=True)
class FundSections:
    """The sections of one fund; `heading` is empty where there is one account, whose caption names the fund."""

    heading: str
    sections: tuple[LedgerSection, ...]


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Context of `owner/ledger.html`."""

    page: Page
    strip: BalanceStrip
    account_notices: tuple[Notice, ...]
    waiting: Table | None
    years: PeriodLinks | None
    groups: tuple[FundSections, ...]
    files: PageFiles | None
    notes: tuple[str, ...]
    empty: EmptyState | None
    charges_label: str
    charges_url: str
    paying_url: str
    search_url: str


@owner_page
def show_ledger(request: HttpRequest, place: Place, year: int | None = None) -> HttpResponse:
    """A year of the ledger; the latest with data where none is named."""
    books = read_books(place.holding)
    balances = latest_fund_balances(place.holding, is_opened_by_books=books.is_opened_by_books)
    shown = year or (books.years[-1] if books.years else None)
    wanted = standing_years(books, balances) | ({shown} if shown and shown in books.years else set())
    years = read_years(books, wanted)
    standings = read_standings(
        books, balances, includes_interest=place.profile.balance_includes_interest, years=years
    )
    accounts = years[shown] if shown and shown in books.years else []
    context = _compose(place, books, standings, accounts, shown)
    return TemplateResponse(request, "owner/ledger.html", {"page": context.page, "ledger": context})


def _compose(
    place: Place,
    books: Books,
    standings: Sequence[FundStanding],
    accounts: Sequence[AccountYear],
    year: int | None,
) -> LedgerPage:
    days = (one.supplied.as_of for one in standings if one.supplied)
    supplied_on = max((day for day in days if day), default=None)
    sections = tuple(draw_sections(accounts, books, year, supplied_on=supplied_on)) if year else ()
    links = place.links
    here = Links.path_of("ledger_year", year=year) if year else None
    return LedgerPage(
        page=place.page(gettext("Kartoteka lokalu"), "ledger", here=here, back_url=links.to("information")),
        strip=draw_balances(standings, place),
        account_notices=notices_of_holding(place.holding, place.profile),
        waiting=draw_waiting(waiting_payments(place.holding)),
        years=year_links(year, books.years, lambda one: links.to("ledger_year", year=one)) if year else None,
        groups=_group_by_fund(accounts, sections),
        files=files_of_ledger(links, year) if year and sections else None,
        notes=tuple(_notes(books, standings, year)) if sections else (),
        empty=None if sections else _say_empty(place, books, year),
        charges_label=name_charges(place.profile),
        charges_url=links.to("charges_year", year=year) if year else links.to("charges"),
        paying_url=links.to("paying"),
        search_url=_search_url(links, year),
    )


def _search_url(links: Links, year: int | None) -> str:
    """The search, which leads back to this year."""
    return links.below(Links.path_of("ledger_search") + (f"?rok={year}" if year else ""))


def _group_by_fund(
    accounts: Sequence[AccountYear], sections: Sequence[LedgerSection]
) -> tuple[FundSections, ...]:
    """Sections of one fund under its name, where it has several accounts; they are never added up across funds."""
    groups = groupby(zip(accounts, sections, strict=True), key=lambda pair: pair[0].account.fund)
    found = [(fund, tuple(section for _, section in pairs)) for fund, pairs in groups]
    return tuple(FundSections(name_fund(fund) if len(own) > 1 else "", own) for fund, own in found)


def draw_sections(
    accounts: Sequence[AccountYear], books: Books, year: int, *, supplied_on: dt.date | None = None
) -> list[LedgerSection]:
    """One section per account, under the name of its fund; `supplied_on` is the as-of day of the balances."""
    funds = [one.account.fund for one in accounts]
    closing_on = closing_day(accounts, books, year, supplied_on)
    return [
        LedgerSection(
            caption=_caption(one, year, is_only_account=funds.count(one.account.fund) == 1),
            year=year,
            opening=one.opening,
            opening_words=say_opening(one.opening),
            opening_document=gettext("BO") if one.opening.kind is OpeningKind.STATED else "",
            rows=tuple(_draw_row(entry) for entry in one.entries),
            debit=one.debit,
            credit=one.credit,
            closing_on=closing_on,
            closing=one.closing,
        )
        for one in accounts
    ]


def _draw_row(entry: Entry) -> LedgerRow:
    has_debit = entry.debit or not entry.credit
    return LedgerRow(
        day=format_day(entry.posted_on),
        document=entry.document,
        description=entry.description,
        due=format_day(entry.due_on),
        debit=format_money(entry.debit) if has_debit else "",
        credit=format_money(entry.credit) if entry.credit else "",
        balance=format_signed_money(entry.balance),
    )


def _caption(one: AccountYear, year: int, *, is_only_account: bool) -> str:
    name = name_account(one.account, is_only_account=is_only_account)
    if not one.entries:
        return gettext("%(fund)s, rok %(year)s (bez wpisów)") % {"fund": name, "year": year}
    return gettext("%(fund)s, rok %(year)s (wpisy od %(first)s do %(last)s)") % {
        "fund": name,
        "year": year,
        "first": format_day(one.entries[0].posted_on),
        "last": format_day(one.entries[-1].posted_on),
    }


def name_account(account: AccountLabel, *, is_only_account: bool) -> str:
    """`Fundusz podstawowy`; where the fund has several accounts in the year, with the account."""
    if is_only_account:
        return name_fund(account.fund)
    return gettext("%(fund)s, konto %(account)s") % {
        "fund": name_fund(account.fund),
        "account": f"{account.code} {account.name}".strip(),
    }


def say_opening(opening: Opening) -> str:
    """What kind of opening it is, in the words of its row."""
    if opening.kind is OpeningKind.TAKEN_OVER:
        return gettext("Bilans otwarcia od dnia objęcia lokalu")
    if opening.kind is OpeningKind.CARRIED:
        return gettext("Bilans otwarcia (saldo końcowe roku %(year)s)") % {"year": opening.on.year - 1}
    if opening.kind is OpeningKind.UNKNOWN:
        return gettext("Dane od %(day)s; bilans otwarcia nie został przekazany") % {
            "day": format_day(opening.on)
        }
    return gettext("Bilans otwarcia")


def closing_day(
    accounts: Sequence[AccountYear], books: Books, year: int, supplied_on: dt.date | None
) -> dt.date:
    """31 December; in the latest year with data the day up to which figures were supplied."""
    days = [one.entries[-1].posted_on for one in accounts if one.entries]
    if supplied_on and supplied_on.year == year:
        days.append(supplied_on)
    is_latest = bool(books.years) and year == books.years[-1]
    return max(days) if is_latest and days else Year(year).last_day


def _notes(books: Books, standings: Sequence[FundStanding], year: int | None) -> list[str]:
    notes = []
    published_at = books.published_at.get(year or 0)
    if published_at:
        here = localtime(published_at)
        notes.append(
            gettext("Dane z programu księgowego, opublikowane %(day)s o %(time)s.")
            % {"day": format_day_words(here.date()), "time": f"{here:%H:%M}"}
        )
    notes += say_agreement(standings, year or 0)
    notes.append(gettext("Nazwy kont według stanu na dziś."))
    return notes


def _say_empty(place: Place, books: Books, year: int | None) -> EmptyState:
    if not books.years or year is None:
        return EmptyState(say_no_data(place.profile))
    return EmptyState(
        gettext("Brak wpisów za rok %(year)s.") % {"year": year},
        url=place.links.to("ledger"),
        link=gettext("Pokaż ostatnie dane"),
    )
