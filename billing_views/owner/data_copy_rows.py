"""The tables of one holding for a person's copy, by the queries of the pages: rows for JSON, tables for CSV."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext

from associations.charges.queries import charge_rows, months_with_charges
from associations.ledger.balance_history import balance_history
from associations.ledger.queries import AccountYear, Books, read_books, read_year
from associations.meters.queries import media_years, readings_of_year, settlements_of_year
from associations.payments.queries import received_payments
from associations.premises.access import OpenHolding
from billing_views.owner import file_tables
from billing_views.parts.table_files import FileTable

Tables = list[tuple[str, FileTable]]
Part = tuple[str, Any, Tables]
# received_payments looks back a year from its day: from here it finds all.
BEFORE_ALL = dt.date(1990, 1, 1)


def holding_rows(holding: OpenHolding) -> Iterator[Part]:
    """Name in the JSON, rows for it, and the tables of the CSV files with their names."""
    books = read_books(holding)
    yield _charges(holding)
    yield _ledger(books)
    balances = balance_history(holding, is_opened_by_books=books.is_opened_by_books)
    yield "balances", balances, [("salda", file_tables.tabulate_balances(balances))]
    yield from _media(holding)
    payments = received_payments(holding, today=BEFORE_ALL)
    rows = [{"booked_on": one.booked_on, "title": one.title, "amount": one.amount} for one in payments]
    yield "payments", rows, [("wplaty-z-banku", file_tables.tabulate_payments(payments))]


def _charges(holding: OpenHolding) -> Part:
    months = months_with_charges(holding)
    found = charge_rows(holding, months) if months else {}
    rows = [{"month": month, "lines": lines} for month, lines in sorted(found.items())]
    tables: Tables = []
    for year in sorted({month.year for month in found}):
        of_year = {month: lines for month, lines in found.items() if month.year == year}
        title = gettext("Opłaty %(year)s") % {"year": year}
        tables.append((f"oplaty-{year}", file_tables.tabulate_charges(title, of_year)))
    return "charges", rows, tables


def _ledger(books: Books) -> Part:
    rows: list[dict[str, Any]] = []
    tables: Tables = []
    for year in books.years:
        accounts = read_year(books, year)
        rows += _account_rows(accounts, year)
        tables.append((f"kartoteka-{year}", file_tables.tabulate_ledger(accounts, year)))
    return "ledger", rows, tables


def _account_rows(accounts: Sequence[AccountYear], year: int) -> list[dict[str, Any]]:
    return [
        {
            "year": year,
            "account": one.account.code,
            "account_name": one.account.name,
            "fund": one.account.fund,
            "opening": one.opening,
            "debit": one.debit,
            "credit": one.credit,
            "closing": one.closing,
            "postings": one.entries,
        }
        for one in accounts
    ]


def _media(holding: OpenHolding) -> Iterator[Part]:
    years = media_years(holding).years
    readings = {year: readings_of_year(holding, year) for year in years}
    tables = [
        (f"odczyty-{year}", file_tables.tabulate_readings(rows, year)) for year, rows in readings.items()
    ]
    yield "readings", [row for rows in readings.values() for row in rows], tables
    settlements = {year: settlements_of_year(holding, year) for year in years}
    tables = [
        (f"rozliczenia-mediow-{year}", file_tables.tabulate_settlements(rows, year))
        for year, rows in settlements.items()
    ]
    yield "settlements", [row for rows in settlements.values() for row in rows], tables
