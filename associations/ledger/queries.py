"""A holding's ledger by calendar year and account (kartoteka, księgowość). Writes nothing.

Sign: balance = Σ credit − Σ debit; minus means underpayment. Figures as supplied; never a sum across funds.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection

from associations.ledger.calculations import (
    Entry,
    Opening,
    YearSums,
    closing_of,
    is_inside_books,
    opening_of,
    run_balances,
)
from associations.ledger.stated_years import years_with_openings
from associations.money import ZERO, add_up
from associations.periods import Year
from associations.premises.access import OpenHolding
from associations.premises.calculations import Origin
from associations.profile.funds import FundLabel

LONGEST_FREE_TIME = dt.timedelta(days=14)
"""More days than lie between a due date and the working day to which it moves."""


@dataclass(frozen=True, slots=True)
class AccountLabel:
    """An account (konto) with its fund, as pages name them."""

    id: int
    code: str
    name: str
    fund: FundLabel


@dataclass(frozen=True, slots=True)
class Books:
    """What the postings of a premises offer a holding: its accounts and years, and how far to trust them.

    `is_inside`: figures are older than the holding. `is_opened_by_books`: none is, and an opening is stated.
    `sums` per account and year are read only where editions alone cannot tell.
    """

    holding: OpenHolding
    accounts: dict[int, AccountLabel]
    years_of: dict[int, frozenset[int]]
    published_at: dict[int, dt.datetime]
    is_inside: bool
    is_opened_by_books: bool
    sums: dict[int, list[YearSums]] | None = None

    @property
    def years(self) -> range:
        """From the first to the last year with data of the holding; empty where there are none."""
        found = {year for years in self.years_of.values() for year in years}
        return range(min(found), max(found) + 1) if found else range(0)

    @property
    def taken_over_on(self) -> dt.date | None:
        """The first day of a holding that began by a sale while the books ran, else None."""
        is_sale = self.is_inside and self.holding.origin is Origin.TAKEN_OVER
        return self.holding.starts_on if is_sale else None


@dataclass(frozen=True, slots=True)
class AccountYear:
    """One account of a holding in a calendar year; debit and credit are its turnover (obroty, without BO).

    `carried`: debits of former years that were not due when the year began; the opening contains them.
    """

    account: AccountLabel
    opening: Opening
    entries: tuple[Entry, ...]
    debit: Decimal
    credit: Decimal
    closing: Decimal | None
    carried: tuple[Entry, ...] = ()


def read_books(holding: OpenHolding) -> Books:
    """Accounts and years with data of the holding: one query, two where the premises has changed hands."""
    with connection.cursor() as cursor:
        standing, params = holding.scope.standing.sql("e")
        cursor.execute(_EDITIONS.format(standing=standing), [holding.premises.pk, *params])
        found = cursor.fetchall()
    accounts: dict[int, AccountLabel] = {}
    years_of: dict[int, set[int]] = defaultdict(set)
    published: dict[int, dt.datetime] = {}
    for account, code, name, fund_id, kind, fund_name, position, year, _, _, at in found:
        accounts[account] = AccountLabel(account, code, name, FundLabel(fund_id, kind, fund_name, position))
        years_of[account].add(year)
        published[year] = max(published.get(year, at), at)
    is_inside = is_inside_books(
        holding.starts_on, min((first_month for *_, first_month, _, _ in found), default=None)
    )
    books = Books(
        holding=holding,
        accounts=accounts,
        years_of={account: frozenset(years) for account, years in years_of.items()},
        published_at=published,
        is_inside=is_inside,
        is_opened_by_books=not is_inside and any(openings for *_, openings, _ in found),
    )
    return books if holding.is_only and not is_inside else _narrow(books)


def read_year(books: Books, year: int) -> list[AccountYear]:
    """The accounts of the holding in a year: those with entries, a stated opening or a carried balance.

    One query; a second where an opening must be carried, a third where the books' first data state none.
    """
    return read_years(books, [year])[year]


def read_years(books: Books, years: Collection[int]) -> dict[int, list[AccountYear]]:
    """The accounts of the holding in each of these years, as read_year, with the queries of one."""
    if not years:
        return {}
    rows = _rows_by_year(books, years)
    is_carried = any(
        min(of_account) < year and (account not in rows[year] or rows[year][account].stated is None)
        for account, of_account in books.years_of.items()
        for year in years
    )
    if is_carried and books.sums is None:
        books = replace(books, sums=_sum_years(books))
    stated_years = cache(
        lambda: years_with_openings(books.holding.scope, sorted({*years}.union(*books.years_of.values())))
    )

    def states_openings(first_year: int) -> bool:
        return first_year in stated_years()

    return {year: _account_years(books, year, rows[year], states_openings) for year in years}


def opening_in_books(
    books: Books, year: int, sums: Iterable[YearSums], states_openings: Callable[[int], bool]
) -> Opening:
    """The opening of one account in a year, as calculations.opening_of, by what is known of the holding's origin."""
    # Where somebody left, what those who stayed brought along stands in the ledger of the former holding.
    is_continued = books.is_inside and books.taken_over_on is None
    return opening_of(
        year,
        sums,
        taken_over_on=books.taken_over_on,
        states_openings=(lambda _: False) if is_continued else states_openings,
    )


@dataclass(slots=True)
class _YearRows:
    """Entries of one account and year in their order, and what its BO rows state (None: there are none)."""

    entries: list[Entry] = field(default_factory=list)
    stated: Decimal | None = None
    carried: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry, *, is_opening: bool) -> None:
        """A row of the year: an opening states, anything else is an entry."""
        if is_opening:
            self.stated = (self.stated or ZERO) + entry.credit - entry.debit
        else:
            self.entries.append(entry)


def _account_years(
    books: Books, year: int, rows: dict[int, _YearRows], states_openings: Callable[[int], bool]
) -> list[AccountYear]:
    found = (
        (own := rows.get(account, _YearRows()), _account_year(books, account, year, own, states_openings))
        for account, of_account in books.years_of.items()
        if min(of_account) <= year
    )
    return [one for own, one in found if own.entries or own.stated is not None or one.opening.amount]


def _account_year(
    books: Books, account: int, year: int, own: _YearRows, states_openings: Callable[[int], bool]
) -> AccountYear:
    debit, credit = add_up(row.debit for row in own.entries), add_up(row.credit for row in own.entries)
    first_day = min((row.posted_on for row in own.entries), default=Year(year).first_day)
    sums = [one for one in (books.sums or {}).get(account, ()) if one.year < year]
    sums.append(YearSums(year, debit, credit, own.stated, first_day.replace(day=1)))
    opening = opening_in_books(books, year, sums, states_openings)
    return AccountYear(
        account=books.accounts[account],
        opening=opening,
        entries=run_balances(opening.amount, own.entries),
        debit=debit,
        credit=credit,
        closing=closing_of(opening.amount, debit, credit),
        carried=tuple(own.carried),
    )


# Accounts with their funds and years, from the editions that stand.
_EDITIONS = """
SELECT e.part_id, a.code, a.name, f.id, f.kind, f.name, f.position, extract(year FROM e.month)::int,
       min(e.month), sum(e.opening_count), max(p.at)
  FROM ledger_postingedition e
  JOIN ledger_account a ON a.id = e.part_id
  JOIN profile_fund f ON f.id = a.fund_id
  JOIN imports_publication p ON p.id = e.opened_by_id
 WHERE e.premises_id = %s AND {standing} AND e.row_count > 0
 GROUP BY e.part_id, a.code, a.name, a.sort_key, f.id, f.kind, f.name, f.position, 8
 ORDER BY f.position, f.id, a.sort_key, a.code, 8
"""

# Standing postings of a premises. An account of one payer names the payer of all its rows.
POSTINGS = """
  FROM ledger_posting p
  JOIN ledger_account a ON a.id = p.account_id
  JOIN ledger_postingedition e ON e.premises_id = p.premises_id AND e.month = p.month
   AND e.part_id = p.account_id AND e.batch_id = p.batch_id AND {standing}
 WHERE p.premises_id = %s
"""
_WHOSE = "coalesce(p.payer_id, a.payer_id)"

_YEARS = f"""
SELECT p.account_id, p.is_opening, p.posted_on, p.due_on, p.document, p.description, p.debit, p.credit
{POSTINGS} AND {{scope}} AND p.month <= %s
   AND (p.month = ANY(%s) OR (p.due_on >= %s AND p.debit > 0 AND NOT p.is_opening))
 ORDER BY p.account_id, p.posted_on, p.file_no, p.line_no, p.id
"""

_SUMS = f"""
SELECT p.account_id, extract(year FROM p.month)::int,
       coalesce(sum(p.debit) FILTER (WHERE NOT p.is_opening), 0),
       coalesce(sum(p.credit) FILTER (WHERE NOT p.is_opening), 0),
       sum(p.credit - p.debit) FILTER (WHERE p.is_opening), min(p.month)
{POSTINGS} AND {{scope}}
 GROUP BY 1, 2 ORDER BY 1, 2
"""


def own_postings(books: Books, text: str, *params: Any) -> list[tuple[Any, ...]]:
    """Rows of `text` (FROM and WHERE as POSTINGS) that belong to the holding; `params` follow its own.

    After a sale inside the books a BO without payer is left out: it may state what the seller owed.
    """
    scope, scope_params = books.holding.scope.sql("p.posted_on", _WHOSE)
    standing, standing_params = books.holding.scope.standing.sql("e")
    if books.taken_over_on:
        scope += f" AND NOT (p.is_opening AND {_WHOSE} IS NULL)"
    with connection.cursor() as cursor:
        cursor.execute(
            text.format(scope=scope, standing=standing),
            [*standing_params, books.holding.premises.pk, *scope_params, *params],
        )
        return list(cursor.fetchall())


def _rows_by_year(books: Books, years: Collection[int]) -> dict[int, dict[int, _YearRows]]:
    """By year and account."""
    months = [dt.date(year, number, 1) for year in years for number in range(1, 13)]
    undue_since = {year: Year(year).first_day - LONGEST_FREE_TIME for year in years}
    found: dict[int, dict[int, _YearRows]] = {year: defaultdict(_YearRows) for year in years}
    for account, is_opening, *values in own_postings(
        books, _YEARS, max(months), months, min(undue_since.values())
    ):
        entry = Entry(*values)
        for year in years:
            if entry.posted_on.year == year:
                found[year][account].add(entry, is_opening=is_opening)
            elif entry.posted_on.year < year and _is_undue(entry, undue_since[year]) and not is_opening:
                found[year][account].carried.append(entry)
    return found


def _is_undue(entry: Entry, day: dt.date) -> bool:
    return entry.due_on is not None and entry.due_on >= day and entry.debit > 0


def _narrow(books: Books) -> Books:
    """The books with only those accounts and years in which rows belong to the holding."""
    sums = _sum_years(books)
    years_of = {
        account: frozenset(one.year for one in sums[account]) for account in books.accounts if account in sums
    }
    return replace(books, years_of=years_of, sums=sums)


def _sum_years(books: Books) -> dict[int, list[YearSums]]:
    found: dict[int, list[YearSums]] = defaultdict(list)
    for account, *values in own_postings(books, _SUMS):
        found[account].append(YearSums(*values))
    return found
