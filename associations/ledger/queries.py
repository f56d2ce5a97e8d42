"""A holding's ledger by calendar year and account (kartoteka, księgowość). Writes nothing.

Sign: balance = Σ credit − Σ debit; minus means underpayment. Figures as supplied; never a sum across funds.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Max, Min, Q, Sum
from django.db.models.functions import Coalesce, ExtractYear

from associations.imports.standing import standing
from associations.ledger.calculations import (
    Entry,
    Opening,
    YearSums,
    closing_of,
    is_inside_books,
    opening_of,
    run_balances,
)
from associations.ledger.models import Posting, PostingEdition
from associations.money import ZERO, add_up
from associations.periods import Year
from associations.premises.access import OpenHolding
from associations.premises.calculations import Origin
from associations.profile.funds import FundLabel

_FUND = ("part__fund_id", "part__fund__kind", "part__fund__name", "part__fund__position")


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
    """One account of a holding in a calendar year; debit and credit are its turnover (obroty, without BO)."""

    account: AccountLabel
    opening: Opening
    entries: tuple[Entry, ...]
    debit: Decimal
    credit: Decimal
    closing: Decimal | None


def read_books(holding: OpenHolding) -> Books:
    """Accounts and years with data of the holding: one query, two where the premises has changed hands."""
    editions = (
        PostingEdition.objects.filter(premises=holding.premises.pk, closed_by=None, row_count__gt=0)
        .values("part_id", "part__code", "part__name", *_FUND)
        .annotate(
            year=ExtractYear("month"),
            first_month=Min("month"),
            openings=Sum("opening_count"),
            published_at=Max("opened_by__at"),
        )
        .order_by("part__fund__position", "part__fund_id", "part__sort_key", "part__code", "year")
    )
    found = list(editions)
    years_of: dict[int, set[int]] = defaultdict(set)
    published: dict[int, dt.datetime] = {}
    for one in found:
        years_of[one["part_id"]].add(one["year"])
        published[one["year"]] = max(published.get(one["year"], one["published_at"]), one["published_at"])
    is_inside = is_inside_books(holding.starts_on, min((one["first_month"] for one in found), default=None))
    books = Books(
        holding=holding,
        accounts={one["part_id"]: _label(one) for one in found},
        years_of={account: frozenset(years) for account, years in years_of.items()},
        published_at=published,
        is_inside=is_inside,
        is_opened_by_books=not is_inside and any(one["openings"] for one in found),
    )
    return books if holding.is_only and not is_inside else _narrow(books)


def read_year(books: Books, year: int) -> list[AccountYear]:
    """The accounts of the holding in a year: those with entries, a stated opening or a carried balance.

    One query; a second where an opening must be carried, a third where the books' first data state none.
    """
    rows = _year_rows(books, year)
    is_carried = any(
        min(years) < year and (account not in rows or rows[account].stated is None)
        for account, years in books.years_of.items()
    )
    if is_carried and books.sums is None:
        books = replace(books, sums=_sum_years(books))
    states_openings = cache(_states_openings)
    years = (
        _account_year(books, account, year, rows.get(account, _YearRows()), states_openings)
        for account, of_account in books.years_of.items()
        if min(of_account) <= year
    )
    return [one for one in years if one.account.id in rows or one.opening.amount]


@dataclass(slots=True)
class _YearRows:
    """Entries of one account and year in their order, and what its BO rows state (None: there are none)."""

    entries: list[Entry] = field(default_factory=list)
    stated: Decimal | None = None


def _label(row: Mapping[str, Any]) -> AccountLabel:
    fund = FundLabel(*(row[name] for name in _FUND))
    return AccountLabel(row["part_id"], row["part__code"], row["part__name"], fund)


def _account_year(
    books: Books, account: int, year: int, own: _YearRows, states_openings: Callable[[int], bool]
) -> AccountYear:
    debit, credit = add_up(row.debit for row in own.entries), add_up(row.credit for row in own.entries)
    first_day = min((row.posted_on for row in own.entries), default=Year(year).first_day)
    sums = [one for one in (books.sums or {}).get(account, ()) if one.year < year]
    sums.append(YearSums(year, debit, credit, own.stated, first_day.replace(day=1)))
    # Where somebody left, what those who stayed brought along stands in the ledger of the former holding.
    is_continued = books.is_inside and books.taken_over_on is None
    opening = opening_of(
        year,
        sums,
        taken_over_on=books.taken_over_on,
        states_openings=(lambda _: False) if is_continued else states_openings,
    )
    return AccountYear(
        account=books.accounts[account],
        opening=opening,
        entries=run_balances(opening.amount, own.entries),
        debit=debit,
        credit=credit,
        closing=closing_of(opening.amount, debit, credit),
    )


def _own_postings(books: Books) -> Any:
    """Standing postings of the holding. An account of one payer names the payer of all its rows.

    After a sale inside the books a BO without payer is left out: it may state what the seller owed.
    """
    rows = Posting.objects.annotate(whose=Coalesce("payer_id", "account__payer_id"))
    rows = rows.filter(books.holding.scope.rows("posted_on", payer="whose"))
    if books.taken_over_on:
        rows = rows.exclude(is_opening=True, whose=None)
    return standing(rows, PostingEdition.objects.all(), "account").order_by()


def _year_rows(books: Books, year: int) -> dict[int, _YearRows]:
    start = Year(year).first_day
    rows = (
        _own_postings(books)
        .filter(month__range=(start, Year(year).last_day))
        .order_by("account_id", "posted_on", "file_no", "line_no", "id")
        .values_list(
            "account_id", "is_opening", "posted_on", "due_on", "document", "description", "debit", "credit"
        )
    )
    found: dict[int, _YearRows] = defaultdict(_YearRows)
    for account, is_opening, *values in rows:
        own, entry = found[account], Entry(*values)
        if is_opening:
            own.stated = (own.stated or ZERO) + entry.credit - entry.debit
        else:
            own.entries.append(entry)
    return found


def _narrow(books: Books) -> Books:
    """The books with only those accounts and years in which rows belong to the holding."""
    sums = _sum_years(books)
    years_of = {
        account: frozenset(one.year for one in sums[account]) for account in books.accounts if account in sums
    }
    return replace(books, years_of=years_of, sums=sums)


def _sum_years(books: Books) -> dict[int, list[YearSums]]:
    is_turnover, is_opening = Q(is_opening=False), Q(is_opening=True)
    rows = (
        _own_postings(books)
        .values("account_id", year=ExtractYear("month"))
        .annotate(
            sum_debit=Sum("debit", filter=is_turnover, default=ZERO),
            sum_credit=Sum("credit", filter=is_turnover, default=ZERO),
            brought_debit=Sum("debit", filter=is_opening),
            brought_credit=Sum("credit", filter=is_opening),
            first_month=Min("month"),
        )
        .order_by("account_id", "year")
    )
    found: dict[int, list[YearSums]] = defaultdict(list)
    for one in rows:
        stated = None if one["brought_debit"] is None else one["brought_credit"] - one["brought_debit"]
        found[one["account_id"]].append(
            YearSums(one["year"], one["sum_debit"], one["sum_credit"], stated, one["first_month"])
        )
    return found


def _states_openings(year: int) -> bool:
    """Whether the association's books state openings in the year, of whatever premises."""
    months = (Year(year).first_day, Year(year).last_day)
    return PostingEdition.objects.filter(closed_by=None, opening_count__gt=0, month__range=months).exists()
