"""The tables of owner pages as CSV and XLSX, below the pages' addresses with `csv/` or `xlsx/` at the end."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from associations.charges.queries import charge_rows, months_with_charges, totals_by_month
from associations.ledger.balance_history import balance_history
from associations.ledger.queries import AccountYear, read_books, read_year
from associations.meters.queries import media_of_year, settlements_of_year
from associations.periods import Month
from associations.premises.queries import held_premises
from billing_views.owner import file_tables
from billing_views.owner.entry import owner_page
from billing_views.owner.file_answers import Form, answer_file
from billing_views.owner.payments import waiting_payments
from billing_views.owner.place import Place
from billing_views.parts.formatting import format_month_words
from billing_views.parts.table_files import WRITERS, FileTable


@owner_page
def download_ledger(request: HttpRequest, place: Place, year: int, form: Form) -> HttpResponse:
    """All entries of a year."""
    accounts = _accounts_of(place, year)
    return _answer(request, place, form, file_tables.tabulate_ledger(accounts, year), "kartoteka", year)


@owner_page
def download_accounts(request: HttpRequest, place: Place, year: int, form: Form) -> HttpResponse:
    """The accounts of a year."""
    accounts = _accounts_of(place, year)
    return _answer(request, place, form, file_tables.tabulate_accounts(accounts, year), "konta", year)


@owner_page
def download_account(
    request: HttpRequest, place: Place, year: int, account_id: int, form: Form
) -> HttpResponse:
    """All documents of one account in a year."""
    accounts = [one for one in _accounts_of(place, year) if one.account.id == account_id]
    if not accounts:
        raise Http404(gettext("Brak danych za ten okres."))
    table = file_tables.tabulate_ledger(accounts, year)
    return _answer(request, place, form, table, "konto", accounts[0].account.code, year)


@owner_page
def download_month(request: HttpRequest, place: Place, year: int, month: int, form: Form) -> HttpResponse:
    """The components of a month."""
    asked = Month(year, month)
    found = charge_rows(place.holding, [asked])
    table = file_tables.tabulate_charges(format_month_words(asked.first_day), found)
    return _answer(request, place, form, table, "oplaty", f"{year}-{month:02}")


@owner_page
def download_charges(request: HttpRequest, place: Place, year: int, form: Form) -> HttpResponse:
    """The components of every month of a year."""
    months = [one for one in months_with_charges(place.holding) if one.year == year]
    table = file_tables.tabulate_charges(
        gettext("Opłaty %(year)s") % {"year": year}, charge_rows(place.holding, months) if months else {}
    )
    return _answer(request, place, form, table, "oplaty", year)


@owner_page
def download_months(request: HttpRequest, place: Place, year: int, month: int, form: Form) -> HttpResponse:
    """The twelve months that end with this one."""
    last = Month(year, month)
    totals = totals_by_month(place.holding, Month(year - 1, month).next, last)
    table = file_tables.tabulate_months(totals)
    return _answer(request, place, form, table, "oplaty-12-miesiecy", f"{year}-{month:02}")


@owner_page
def download_readings(request: HttpRequest, place: Place, year: int, form: Form) -> HttpResponse:
    """Readings of a year."""
    table = file_tables.tabulate_readings(media_of_year(place.holding, year).readings, year)
    return _answer(request, place, form, table, "odczyty", year)


@owner_page
def download_settlements(request: HttpRequest, place: Place, year: int, form: Form) -> HttpResponse:
    """Settlements of periods that end in the year."""
    table = file_tables.tabulate_settlements(settlements_of_year(place.holding, year), year)
    return _answer(request, place, form, table, "rozliczenia-mediow", year)


@owner_page
def download_balances(request: HttpRequest, place: Place, form: Form) -> HttpResponse:
    """Every balance that was supplied."""
    books = read_books(place.holding)
    balances = balance_history(place.holding, is_opened_by_books=books.is_opened_by_books)
    return _answer(request, place, form, file_tables.tabulate_balances(balances), "salda")


@owner_page
def download_payments(request: HttpRequest, place: Place, form: Form) -> HttpResponse:
    """Payments that wait to be booked."""
    table = file_tables.tabulate_payments(waiting_payments(place.holding))
    return _answer(request, place, form, table, "wplaty")


@owner_page
def download_held(request: HttpRequest, place: Place, form: Form) -> HttpResponse:
    """The person's titles; in a preview those to this premises alone."""
    held = held_premises(place.person.pk)
    if place.is_preview:
        held = [one for one in held if one.holding_id == place.holding.id]
    return _answer(request, place, form, file_tables.tabulate_held(held, localdate()), "tytuly")


def _accounts_of(place: Place, year: int) -> list[AccountYear]:
    books = read_books(place.holding)
    return read_year(books, year) if year in books.years else []


def _answer(request: HttpRequest, place: Place, form: Form, table: FileTable, *parts: object) -> HttpResponse:
    """The table as a file; of a period without data it has a header alone, as its page says so in words."""
    content = WRITERS[form](table)
    return answer_file(request, content, form, parts[0], place.holding.premises.code, *parts[1:])
