"""Balances that stand now, for lists of premises and overviews; one holding's own figures are read elsewhere.

Sign: balance = Σ credit − Σ debit; minus means underpayment. Figures as supplied.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

_FIGURES = """
SELECT (SELECT count(*) FROM premises_premises WHERE is_current),
       (SELECT max(balance.as_of) FILTER (WHERE balance.is_dated)
          FROM (SELECT premises_id, month, part_id, batch_id
                  FROM ledger_balanceedition
                 WHERE closed_by_id IS NULL AND row_count > 0
                 ORDER BY month DESC, opened_by_id DESC, id DESC
                 LIMIT 1) AS edition
          JOIN ledger_balance AS balance
            ON balance.premises_id = edition.premises_id AND balance.month = edition.month
           AND balance.fund_id = edition.part_id AND balance.batch_id = edition.batch_id)
"""

_LATEST = """
SELECT balance.premises_id, balance.fund_id, balance.payer_id,
       CASE WHEN balance.is_dated THEN balance.as_of END, balance.amount
  FROM (SELECT DISTINCT ON (premises_id, part_id) premises_id, part_id, month, batch_id
          FROM ledger_balanceedition
         WHERE closed_by_id IS NULL AND row_count > 0 AND premises_id = ANY(%s)
         ORDER BY premises_id, part_id, month DESC) AS edition
  JOIN ledger_balance AS balance
    ON balance.premises_id = edition.premises_id AND balance.month = edition.month
   AND balance.fund_id = edition.part_id AND balance.batch_id = edition.batch_id
 ORDER BY balance.premises_id, balance.fund_id, balance.as_of, balance.file_no, balance.line_no
"""


@dataclass(frozen=True, slots=True)
class AssociationFigures:
    """How many premises there are, and the as-of date of the newest balances (None before the first)."""

    premises_count: int
    as_of: dt.date | None


@dataclass(frozen=True, slots=True)
class LatestBalance:
    """A balance of the newest month that a premises and fund have; `payer_id` None: of the premises."""

    premises_id: int
    fund_id: int
    payer_id: int | None
    as_of: dt.date | None
    amount: Decimal


def association_figures() -> AssociationFigures:
    """Premises counted and the as-of date of the balances published for the newest month: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES)
        premises_count, as_of = cursor.fetchone()
    return AssociationFigures(premises_count, as_of)


def latest_balances(premises_ids: Collection[int]) -> list[LatestBalance]:
    """The newest standing balances of these premises, per fund and payer, by as-of date: one query."""
    if not premises_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [list(premises_ids)])
        return [LatestBalance(*row) for row in cursor.fetchall()]
