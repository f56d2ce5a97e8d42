"""The balances (salda) of a holding per fund, as supplied; newest first where there are several.

Sign: minus means underpayment. Interest is accrued and not yet posted: it is never netted with the balance.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, When

from associations.imports.standing import standing
from associations.ledger.calculations import is_withheld
from associations.ledger.models import Balance, BalanceEdition
from associations.money import add_up
from associations.premises.access import OpenHolding
from associations.profile.funds import FundLabel

NEWEST = 100
"""Rows looked at, the newest first: four years of monthly balances of two funds. Older ones are history."""


@dataclass(frozen=True, slots=True)
class FundBalance:
    """The latest balance of one fund; `interest` and `as_of` are None where not supplied.

    `amount` None: a balance is there, but not shown after a sale („nie zostało jeszcze rozliczone”).
    """

    fund: FundLabel
    amount: Decimal | None
    interest: Decimal | None
    as_of: dt.date | None


@dataclass(frozen=True, slots=True)
class _Row:
    fund: FundLabel
    day: dt.date
    as_of: dt.date | None
    payer: int | None
    amount: Decimal
    interest: Decimal | None


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


def _newest_rows(holding: OpenHolding) -> list[_Row]:
    supplied = Case(When(is_dated=True, then=F("as_of")))
    rows = Balance.objects.annotate(supplied=supplied).filter(holding.scope.rows("as_of"))
    published: Any = standing(rows, BalanceEdition.objects.all(), "fund")
    newest = published.order_by("-month", "-as_of", "id").values_list(
        "fund_id", "fund__kind", "fund__name", "fund__position",
        "as_of", "supplied", "payer_id", "amount", "interest",
    )[:NEWEST]  # fmt: skip
    found = [_Row(FundLabel(*row[:4]), *row[4:]) for row in newest]
    return sorted(found, key=lambda row: (row.fund.position, row.fund.id))


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
    )
