"""Dokumenty: what can be downloaded for a premises, year by year; and the copy of a person's data."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from associations.charges.queries import months_with_charges
from associations.ledger.fund_balances import latest_fund_balances
from associations.ledger.queries import Books, read_books
from associations.meters.queries import MediaYears, media_years
from associations.periods import Month
from billing_views.owner.accounting import chosen_number
from billing_views.owner.entry import owner_page
from billing_views.owner.file_links import FileLink, link_paper, link_tables
from billing_views.owner.papers import DAY
from billing_views.owner.periods import year_links
from billing_views.owner.place import Links, Place
from billing_views.owner.words import name_charges, say_no_data
from billing_views.parts.formatting import format_day, format_month_words
from billing_views.parts.notices import EmptyState
from billing_views.parts.page import Page
from billing_views.parts.period_links import PeriodLinks


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document: its name, what it is good for, and the files it comes as."""

    name: str
    about: str
    files: tuple[FileLink, ...]


@dataclass(frozen=True, slots=True)
class DayForm:
    """The form that asks for a balance on a day; `value` and `latest` as `2026-10-31`, empty without any data."""

    action_url: str
    name: str
    value: str
    words: str
    kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    """Context of `owner/documents.html`."""

    page: Page
    years: PeriodLinks | None
    caption: str
    lines: tuple[DocumentLine, ...]
    confirmation: DayForm | None
    lasting: tuple[DocumentLine, ...]
    copy_url: str | None
    empty: EmptyState | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is of the holding."""

    books: Books
    months: tuple[Month, ...]
    media: MediaYears
    balances_on: dt.date | None

    @property
    def years(self) -> list[int]:
        """Every year with something to download."""
        return sorted({*self.books.years, *(month.year for month in self.months), *self.media.years})


@owner_page
def show_documents(request: HttpRequest, place: Place) -> HttpResponse:
    """The documents of a year (`?rok=`), the latest first, and those that know no year."""
    books = read_books(place.holding)
    balances = latest_fund_balances(place.holding, is_opened_by_books=books.is_opened_by_books)
    known = _Known(
        books=books,
        months=months_with_charges(place.holding),
        media=media_years(place.holding),
        balances_on=max((one.as_of for one in balances if one.as_of), default=None),
    )
    year = chosen_number(request.GET.get("rok"), known.years) or (known.years[-1] if known.years else None)
    context = _compose(place, known, year, has_balances=bool(balances))
    return TemplateResponse(request, "owner/documents.html", {"page": context.page, "documents": context})


def _compose(place: Place, known: _Known, year: int | None, *, has_balances: bool) -> DocumentsPage:
    links = place.links
    path = Links.path_of("documents")
    here = f"{path}?rok={year}" if year else path
    lines = _lines_of_year(place, known, year) if year else ()
    return DocumentsPage(
        page=place.page(gettext("Dokumenty"), "documents", here=here, back_url=links.to("ledger")),
        years=year_links(year, known.years, lambda one: links.below(f"{path}?rok={one}")) if year else None,
        caption=gettext("Dokumenty za rok %(year)s") % {"year": year},
        lines=lines,
        confirmation=_draw_day_form(links, known) if known.books.years or has_balances else None,
        lasting=_lasting_lines(links, has_balances=has_balances),
        copy_url=None if place.is_preview else _copy_url(),
        empty=None if lines else EmptyState(say_no_data(place.profile)),
    )


def _lines_of_year(place: Place, known: _Known, year: int) -> tuple[DocumentLine, ...]:
    return (
        *_ledger_lines(place.links, known, year),
        *_charges_lines(place, known, year),
        *_media_lines(place.links, known, year),
    )


def _ledger_lines(links: Links, known: _Known, year: int) -> list[DocumentLine]:
    if year not in known.books.years:
        return []
    return [
        DocumentLine(
            gettext("Kartoteka lokalu, rok %(year)s") % {"year": year},
            gettext("Wszystkie obciążenia i wpłaty, bilans otwarcia, obroty i saldo końcowe."),
            (link_paper(links, "ledger_paper", year=year), *link_tables(links, "ledger_file", year=year)),
        ),
        DocumentLine(
            gettext("Konta, rok %(year)s") % {"year": year},
            gettext("Jeden wiersz na konto: bilans otwarcia, obroty, saldo końcowe."),
            link_tables(links, "accounts_file", year=year),
        ),
    ]


def _charges_lines(place: Place, known: _Known, year: int) -> list[DocumentLine]:
    links, months = place.links, [one for one in known.months if one.year == year]
    if not months:
        return []
    whole = DocumentLine(
        f"{name_charges(place.profile)}, {gettext('rok %(year)s') % {'year': year}}",
        gettext("Składniki opłat każdego miesiąca w jednej tabeli."),
        link_tables(links, "charges_year_file", year=year),
    )
    return [whole, *(_month_line(links, month, is_latest=month == months[-1]) for month in reversed(months))]


def _month_line(links: Links, month: Month, *, is_latest: bool) -> DocumentLine:
    parts: dict[str, Any] = {"year": month.year, "month": month.number}
    return DocumentLine(
        gettext("Zawiadomienie o opłatach, %(month)s") % {"month": format_month_words(month.first_day)},
        gettext("Składniki, stawki, termin płatności i dane do przelewu.") if is_latest else "",
        (link_paper(links, "charges_paper", **parts), *link_tables(links, "charges_month_file", **parts)),
    )


def _media_lines(links: Links, known: _Known, year: int) -> list[DocumentLine]:
    if year not in known.media.years:
        return []
    return [
        DocumentLine(
            gettext("Zestawienie mediów, rok %(year)s") % {"year": year},
            gettext("Odczyty liczników, zużycie i rozliczenia."),
            (link_paper(links, "media_paper", year=year),),
        ),
        DocumentLine(
            gettext("Odczyty, rok %(year)s") % {"year": year},
            "",
            link_tables(links, "readings_file", year=year),
        ),
        DocumentLine(
            gettext("Rozliczenia mediów, rok %(year)s") % {"year": year},
            "",
            link_tables(links, "settlements_file", year=year),
        ),
    ]


def _lasting_lines(links: Links, *, has_balances: bool) -> tuple[DocumentLine, ...]:
    lines = []
    if has_balances:
        lines.append(
            DocumentLine(
                gettext("Salda"),
                gettext("Wszystkie salda przekazane do portalu."),
                link_tables(links, "balances_file"),
            )
        )
    held = DocumentLine(
        gettext("Lokale i tytuły prawne"),
        gettext("To samo, co w „Danych osobowych”."),
        link_tables(links, "held_file"),
    )
    return (*lines, held)


def _draw_day_form(links: Links, known: _Known) -> DayForm:
    day = known.balances_on
    return DayForm(
        action_url=links.base + Links.path_of("balance_paper"),
        name=DAY,
        value=day.isoformat() if day else "",
        words=format_day(day),
        kept=links.kept,
    )


def _copy_url() -> str | None:
    try:
        return reverse("data_copy")
    except NoReverseMatch:
        return None
