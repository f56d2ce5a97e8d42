"""The balances (salda) of a holding per fund, as supplied; newest first where there are several.

Sign: minus means underpayment. Interest is accrued and not yet posted: it is never netted with the balance.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from associations.ledger.calculations import is_withheld
from associations.money import add_up
from associations.premises.access import OpenHolding
from associations.profile.funds import FundLabel
from associations.row_sources import RowSource

NEWEST = 100
"""Rows looked at, the newest first: four years of monthly balances of two funds. Older ones are history."""


@dataclass(frozen=True, slots=True)
class FundBalance:
    """The latest balance of one fund; `interest` and `as_of` are None where not supplied.

    `amount` None: a balance is there, but not shown after a sale („nie zostało jeszcze rozliczone”). `sources`: the
    lines of files that say so.
    """

    fund: FundLabel
    amount: Decimal | None
    interest: Decimal | None
    as_of: dt.date | None
    sources: tuple[RowSource, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class _Row:
    fund: FundLabel
    day: dt.date
    as_of: dt.date | None
    payer: int | None
    amount: Decimal
    interest: Decimal | None
    source: RowSource


def latest_fund_balances(holding: OpenHolding, *, is_opened_by_books: bool) -> list[FundBalance]:
    """The newest balance of each fund, in the order of funds; co-owners' rows of one day are added up. One query.

    `is_opened_by_books` (ledger.queries.Books) says whether the sale lies before everything that the books tell.
    """
    by_fund: dict[FundLabel, list[_Row]] = defaultdict(list)
    for row in _newest_rows(holding):
        by_fund[row.fund].append(row)
    return [
        _latest(fund, rows, holding, is_opened_by_books=is_opened_by_books) for fund, rows in by_fund.items()
    ]


_NEWEST = """
SELECT f.id, f.kind, f.name, f.position, b.as_of, CASE WHEN b.is_dated THEN b.as_of END, b.payer_id, b.amount, b.interest,
       b.batch_id, b.file_no, b.line_no, e.opened_by_id
  FROM ledger_balance b
  JOIN profile_fund f ON f.id = b.fund_id
  JOIN ledger_balanceedition e ON e.premises_id = b.premises_id AND e.month = b.month
   AND e.part_id = b.fund_id AND e.batch_id = b.batch_id AND {standing}
 WHERE b.premises_id = %s AND {scope}
 ORDER BY b.month DESC, b.as_of DESC, b.id LIMIT %s
"""


def _newest_rows(holding: OpenHolding) -> list[_Row]:
    scope, params = holding.scope.sql("b.as_of", "b.payer_id")
    standing, standing_params = holding.scope.standing.sql("e")
    with connection.cursor() as cursor:
        cursor.execute(
            _NEWEST.format(scope=scope, standing=standing),
            [*standing_params, holding.premises.pk, *params, NEWEST],
        )
        found = [_read_row(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda row: (row.fund.position, row.fund.id))


def _read_row(*values: Any) -> _Row:
    day, as_of, payer, amount, interest = values[4:9]
    return _Row(FundLabel(*values[:4]), day, as_of, payer, amount, interest, RowSource(*values[9:]))


def _latest(
    fund: FundLabel, rows: list[_Row], holding: OpenHolding, *, is_opened_by_books: bool
) -> FundBalance:
    shown = [
        row
        for row in rows
        if not is_withheld(
            names_payer=row.payer is not None, origin=holding.origin, is_opened_by_books=is_opened_by_books
        )
    ]
    if not shown:
        return FundBalance(fund, None, None, None)
    day = max(row.day for row in shown)
    newest = [row for row in shown if row.day == day]
    interests = [row.interest for row in newest if row.interest is not None]
    return FundBalance(
        fund,
        amount=add_up(row.amount for row in newest),
        interest=add_up(interests) if interests else None,
        as_of=newest[0].as_of,
        sources=tuple(row.source for row in newest),
    )
