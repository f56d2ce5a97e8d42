"""Księgowość: the accounts of a year, and all documents of one of them („szczegóły")."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from associations.ledger.calculations import OpeningKind
from associations.ledger.queries import AccountLabel, AccountYear, Books, read_books, read_year
from billing_views.owner.entry import owner_page
from billing_views.owner.ledger import LedgerSection, draw_sections
from billing_views.owner.periods import year_links
from billing_views.owner.place import Links, Place
from billing_views.owner.words import name_fund, say_no_data
from billing_views.parts.choices import Choice, ChoiceForm, Option
from billing_views.parts.formatting import NO_BREAK_HYPHEN
from billing_views.parts.notices import EmptyState
from billing_views.parts.page import Page
from billing_views.parts.period_links import PeriodLinks


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account as `owner/accounting.html` reads it; opening and closing None: not supplied."""

    name: str
    fund: str
    opening: Decimal | None
    debit: Decimal
    credit: Decimal
    closing: Decimal | None
    note: str
    details_url: str


@dataclass(frozen=True, slots=True)
class AccountingPage:
    """Context of `owner/accounting.html`."""

    page: Page
    form: ChoiceForm | None
    caption: str
    rows: tuple[AccountRow, ...]
    empty: EmptyState | None


@dataclass(frozen=True, slots=True)
class DetailsPage:
    """Context of `owner/accounting_details.html`."""

    page: Page
    years: PeriodLinks
    section: LedgerSection | None
    empty: EmptyState | None


@owner_page
def show_accounting(request: HttpRequest, place: Place) -> HttpResponse:
    """The accounts of the year and account chosen (`?rok=&konto=`); the latest year and all accounts first."""
    books = read_books(place.holding)
    year = chosen_number(request.GET.get("rok"), books.years) or (books.years[-1] if books.years else None)
    account = chosen_number(request.GET.get("konto"), books.accounts)
    found = read_year(books, year) if year else []
    shown = [one for one in found if account in (None, one.account.id)]
    context = _compose(place, books, year, account, shown)
    return TemplateResponse(request, "owner/accounting.html", {"page": context.page, "accounting": context})


@owner_page
def show_details(request: HttpRequest, place: Place, year: int, account_id: int) -> HttpResponse:
    """All documents of an account in a year."""
    books = read_books(place.holding)
    if account_id not in books.years_of:
        raise Http404
    found = [one for one in read_year(books, year) if one.account.id == account_id]
    context = _compose_details(place, books, year, books.accounts[account_id], found)
    return TemplateResponse(
        request, "owner/accounting_details.html", {"page": context.page, "details": context}
    )


def chosen_number(text: str | None, known: Container[int]) -> int | None:
    """The number of a parameter, if it is one that can be chosen."""
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004 - bigint
    return number if number in known else None


def _compose(
    place: Place, books: Books, year: int | None, account: int | None, found: Sequence[AccountYear]
) -> AccountingPage:
    links = place.links
    here = Links.path_of("accounting") + (f"?rok={year}" if year else "")
    page = place.page(gettext("Księgowość"), "accounting", here=here, back_url=links.to("ledger"))
    if not books.years or year is None:
        return AccountingPage(page, None, "", (), EmptyState(say_no_data(place.profile)))
    return AccountingPage(
        page=page,
        form=_draw_form(links, books, year, account),
        caption=gettext("Stan kont, rok %(year)s") % {"year": year},
        rows=tuple(_draw_row(one, year, links) for one in found),
        empty=None if found else EmptyState(gettext("Brak wpisów za rok %(year)s.") % {"year": year}),
    )


def _draw_form(links: Links, books: Books, year: int, account: int | None) -> ChoiceForm:
    years = tuple(Option(str(one), str(one), one == year) for one in reversed(books.years))
    accounts = (
        Option("", gettext("wszystkie konta"), account is None),
        *(
            Option(str(one), _name(books.accounts[one]), one == account)
            for one in books.accounts
            if one in books.years_of
        ),
    )
    return ChoiceForm(
        action_url=links.base + Links.path_of("accounting"),
        choices=(Choice("rok", gettext("Rok"), years), Choice("konto", gettext("Konto"), accounts)),
        kept=links.kept,
    )


def _draw_row(one: AccountYear, year: int, links: Links) -> AccountRow:
    is_unknown = one.opening.kind is OpeningKind.UNKNOWN
    return AccountRow(
        name=_name(one.account),
        fund=name_fund(one.account.fund),
        opening=one.opening.amount,
        debit=one.debit,
        credit=one.credit,
        closing=one.closing,
        note=gettext("bilans otwarcia nie został przekazany") if is_unknown else "",
        details_url=links.to("accounting_details", year=year, account_id=one.account.id),
    )


def _compose_details(
    place: Place, books: Books, year: int, account: AccountLabel, found: Sequence[AccountYear]
) -> DetailsPage:
    links = place.links
    here = f"{Links.path_of('accounting')}?rok={year}"
    sections = draw_sections(found, books, year)
    return DetailsPage(
        page=place.page(
            gettext("Konto %(name)s") % {"name": _heading(account)},
            "accounting",
            here=here,
            back_url=links.below(here),
        ),
        years=year_links(
            year,
            books.years,
            lambda one: links.to("accounting_details", year=one, account_id=account.id),
        ),
        section=sections[0] if sections else None,
        empty=None if sections else EmptyState(gettext("Brak wpisów za rok %(year)s.") % {"year": year}),
    )


def _name(account: AccountLabel) -> str:
    return f"{account.code} {account.name}".strip()


def _heading(account: AccountLabel) -> str:
    """The name for a heading: a phone does not break the account's code in two."""
    return f"{account.code.replace('-', NO_BREAK_HYPHEN)} {account.name}".strip()
