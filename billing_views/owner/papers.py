"""PDFs of a holding: notice of charges, ledger of a year, confirmation of balances, media of a year.

Read by the queries of the pages, below the same addresses with `pdf/` at the end. Papers are Polish whatever the
language of the page: an office or a bank reads them.
"""

import datetime as dt
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext

from associations.charges.calculations import group_by_fund
from associations.charges.queries import charge_rows, published_at
from associations.ledger.confirmations import confirm_balances
from associations.ledger.fund_balances import latest_fund_balances
from associations.ledger.queries import read_books, read_year
from associations.meters.queries import media_of_year
from associations.periods import Month
from associations.premises.queries import transfer_accounts
from associations.profile.queries import current_logo
from billing_views.owner.entry import owner_page
from billing_views.owner.file_answers import answer_file
from billing_views.owner.holders import names_of_holding
from billing_views.owner.ledger import draw_sections
from billing_views.owner.place import Place, address_of
from billing_views.owner.preview import read_day
from billing_views.printouts.balance_confirmation import compose_confirmation
from billing_views.printouts.charges_notice import NoticeOptions, compose_notice
from billing_views.printouts.letterhead import make_letterhead
from billing_views.printouts.media_statement import compose_media
from billing_views.printouts.notice_transfers import draw_transfers
from billing_views.printouts.paper import Paper, print_papers
from billing_views.printouts.place_words import PaperPlace, say_published
from billing_views.printouts.premises_ledger import compose_ledger

DAY = "dzien"


@owner_page
def print_charges(request: HttpRequest, place: Place, year: int, month: int) -> HttpResponse:
    """Zawiadomienie o wysokości opłat of a month; 404 where it has none."""
    asked = Month(year, month)
    rows = charge_rows(place.holding, [asked])[asked]
    if not rows:
        raise Http404(gettext("Brak danych za ten okres."))
    totals = {one.fund: one.total for one in group_by_fund(rows, ())}
    premises = place.holding.premises
    is_present = place.holding.ends_on is None or place.holding.ends_on >= localdate()
    accounts = transfer_accounts([premises.pk]).get(premises.pk, ()) if is_present else ()
    with translation.override("pl"):
        transfers = (
            draw_transfers(place.profile, premises.code, asked, totals, accounts) if is_present else ()
        )
        options = NoticeOptions(transfers, say_published(published_at(place.holding, asked)))
        paper = compose_notice(place.profile, _paper_place(place), asked, rows, options)
    return _answer(request, place, paper, "oplaty", f"{year}-{month:02}")


@owner_page
def print_ledger(request: HttpRequest, place: Place, year: int) -> HttpResponse:
    """Kartoteka lokalu of a year; 404 where it has no data."""
    books = read_books(place.holding)
    accounts = read_year(books, year) if year in books.years else []
    if not accounts:
        raise Http404(gettext("Brak danych za ten okres."))
    balances = latest_fund_balances(place.holding, is_opened_by_books=books.is_opened_by_books)
    supplied_on = max((one.as_of for one in balances if one.as_of), default=None)
    with translation.override("pl"):
        sections = draw_sections(accounts, books, year, supplied_on=supplied_on)
        notes = [say_published(books.published_at.get(year)), "Nazwy kont według stanu na dziś."]
        paper = compose_ledger(_paper_place(place), year, sections, [one for one in notes if one])
    return _answer(request, place, paper, "kartoteka", year)


@owner_page
def print_confirmation(request: HttpRequest, place: Place) -> HttpResponse:
    """Potwierdzenie salda on `?dzien=2026-10-31`, else on the last day with data; 404 before all data."""
    confirmation = confirm_balances(place.holding, chosen_day(request))
    if confirmation is None:
        raise Http404(gettext("Brak sald na ten dzień."))
    with translation.override("pl"):
        published = say_published(confirmation.published_at)
        paper = compose_confirmation(place.profile, _paper_place(place), confirmation, published)
    return _answer(request, place, paper, "saldo", confirmation.day.isoformat())


@owner_page
def print_media(request: HttpRequest, place: Place, year: int) -> HttpResponse:
    """Zestawienie mediów of a year; 404 where it has no data."""
    found = media_of_year(place.holding, year)
    if not found.media and not found.settlements:
        raise Http404(gettext("Brak danych za ten okres."))
    with translation.override("pl"):
        paper = compose_media(_paper_place(place), year, found.readings, found.settlements)
    return _answer(request, place, paper, "media", year)


def chosen_day(request: HttpRequest) -> dt.date | None:
    """The day asked for, None for the last one; a day that does not exist is a 404."""
    text = request.GET.get(DAY, "")
    if not text.strip():
        return None
    try:
        return read_day(text)
    except ValueError:
        raise Http404(gettext("Nie ma takiego dnia. Podaj go jako 2026-10-01.")) from None


def _paper_place(place: Place) -> PaperPlace:
    return PaperPlace(
        code=place.holding.premises.code,
        address=address_of(place.holding.premises),
        names=names_of_holding(place.holding),
        until=place.holding.ends_on,
        seen_on=place.seen_on,
    )


def _answer(request: HttpRequest, place: Place, paper: Paper, *parts: object) -> HttpResponse:
    with translation.override("pl"):
        head = make_letterhead(place.profile, current_logo(), localdate())
    papers: Sequence[Paper] = (paper,)
    content = print_papers(head, papers, title=f"{paper.title}, lokal {place.holding.premises.code}")
    return answer_file(request, content, "pdf", parts[0], place.holding.premises.code, *parts[1:])
