"""Credits (Ma) of a holding since a day, to tell which payments the books contain. Writes nothing."""

import datetime as dt
from decimal import Decimal

from django.db import connection

from associations.premises.access import OpenHolding

_CREDITS = """
SELECT a.fund_id, p.posted_on, p.credit
  FROM ledger_posting p
  JOIN ledger_account a ON a.id = p.account_id
  JOIN ledger_postingedition e ON e.premises_id = p.premises_id AND e.month = p.month
   AND e.part_id = p.account_id AND e.batch_id = p.batch_id AND {standing}
 WHERE p.premises_id = %s AND {scope} AND NOT p.is_opening AND p.credit <> 0
   AND p.month >= %s AND p.posted_on >= %s
 ORDER BY p.posted_on, p.id
"""


def credits_since(holding: OpenHolding, day: dt.date) -> list[tuple[int, dt.date, Decimal]]:
    """Fund, day and amount of the holding's credits posted on `day` or later; złote, turnover only. One query."""
    scope, params = holding.scope.sql("p.posted_on", "coalesce(p.payer_id, a.payer_id)")
    standing, standing_params = holding.scope.standing.sql("e")
    with connection.cursor() as cursor:
        cursor.execute(
            _CREDITS.format(scope=scope, standing=standing),
            [*standing_params, holding.premises.pk, *params, day.replace(day=1), day],
        )
        return list(cursor.fetchall())
