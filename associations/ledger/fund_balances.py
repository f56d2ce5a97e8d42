"""The balances (salda) of a holding per fund, as supplied; newest first where there are several.

Sign: minus means underpayment. Interest is accrued and not yet posted: it is never netted with the balance.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import connection

from associations.ledger.calculations import is_withheld
from associations.money import add_up
from associations.premises.access import OpenHolding
from associations.profile.funds import FundLabel
from associations.row_sources import RowSource


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
    as_of: dt.date | None
    payer: int | None
    amount: Decimal
    interest: Decimal | None
    source: RowSource


def latest_fund_balances(holding: OpenHolding, *, is_opened_by_books: bool) -> list[FundBalance]:
    """The newest balance of each fund, in the order of funds; co-owners' rows of one day are added up. One query.

    However long ago a fund was supplied last. `is_opened_by_books` (ledger.queries.Books) says whether the sale lies
    before everything that the books tell.
    """
    withholds = is_withheld(names_payer=False, origin=holding.origin, is_opened_by_books=is_opened_by_books)
    rows = _newest_rows(holding, withholds=withholds)
    return [
        _add_up(fund, list(of_fund), withholds=withholds)
        for fund, of_fund in groupby(rows, key=lambda row: row.fund)
    ]


# Per fund the rows of its newest day: the index of the premises is read backwards until there is one. Where balances
# without payer are withheld, any that names its payer goes before them.
_NEWEST = """
SELECT f.id, f.kind, f.name, f.position, CASE WHEN b.is_dated THEN b.as_of END, b.payer_id, b.amount, b.interest,
       b.batch_id, b.file_no, b.line_no, b.opened_by_id
  FROM profile_fund f
 CROSS JOIN LATERAL (
       SELECT b.*, e.opened_by_id
         FROM ledger_balance b
         JOIN ledger_balanceedition e ON e.premises_id = b.premises_id AND e.month = b.month
          AND e.part_id = b.fund_id AND e.batch_id = b.batch_id AND {standing}
        WHERE b.premises_id = %s AND b.fund_id = f.id AND {scope}
        ORDER BY {order} FETCH FIRST 1 ROW WITH TIES) b
 ORDER BY f.position, f.id, b.id
"""
_BY_DAY = "b.month DESC, b.as_of DESC"


def _newest_rows(holding: OpenHolding, *, withholds: bool) -> list[_Row]:
    scope, params = holding.scope.sql("b.as_of", "b.payer_id")
    standing, standing_params = holding.scope.standing.sql("e")
    order = f"b.payer_id IS NULL, {_BY_DAY}" if withholds else _BY_DAY
    with connection.cursor() as cursor:
        cursor.execute(
            _NEWEST.format(scope=scope, standing=standing, order=order),
            [*standing_params, holding.premises.pk, *params],
        )
        return [_read_row(*row) for row in cursor.fetchall()]


def _read_row(*values: Any) -> _Row:
    as_of, payer, amount, interest = values[4:8]
    return _Row(FundLabel(*values[:4]), as_of, payer, amount, interest, RowSource(*values[8:]))


def _add_up(fund: FundLabel, rows: list[_Row], *, withholds: bool) -> FundBalance:
    """One day's rows of a fund."""
    if withholds and rows[0].payer is None:
        return FundBalance(fund, None, None, None)
    interests = [row.interest for row in rows if row.interest is not None]
    return FundBalance(
        fund,
        amount=add_up(row.amount for row in rows),
        interest=add_up(interests) if interests else None,
        as_of=rows[0].as_of,
        sources=tuple(row.source for row in rows),
    )
