"""All balances (salda) of a holding as supplied, day by day and fund by fund: history, not only the newest.

Sign: minus means underpayment. Interest is accrued and not yet posted: it is never netted with the balance.
"""

from django.db import connection

from associations.ledger.calculations import is_withheld
from associations.ledger.fund_balances import FundBalance
from associations.money import add_up
from associations.premises.access import OpenHolding
from associations.profile.funds import FundLabel

_ALL = """
SELECT f.id, f.kind, f.name, f.position, CASE WHEN b.is_dated THEN b.as_of END, b.as_of, b.payer_id,
       b.amount, b.interest
  FROM ledger_balance b
  JOIN profile_fund f ON f.id = b.fund_id
  JOIN ledger_balanceedition e ON e.premises_id = b.premises_id AND e.month = b.month
   AND e.part_id = b.fund_id AND e.batch_id = b.batch_id AND {standing}
 WHERE b.premises_id = %s AND {scope}
 ORDER BY b.as_of, f.position, f.id, b.id
"""


def balance_history(holding: OpenHolding, *, is_opened_by_books: bool) -> list[FundBalance]:
    """Every balance by day, then fund; co-owners' rows of one day are added up. One query.

    Balances without payer that a sale makes unclear are left out (calculations.is_withheld): a list of figures has no
    room for the sentence that the page shows in their place.
    """
    scope, params = holding.scope.sql("b.as_of", "b.payer_id")
    standing, standing_params = holding.scope.standing.sql("e")
    with connection.cursor() as cursor:
        cursor.execute(
            _ALL.format(scope=scope, standing=standing), [*standing_params, holding.premises.pk, *params]
        )
        rows = cursor.fetchall()
    found: dict[tuple[object, FundLabel], list[FundBalance]] = {}
    for fund_id, kind, name, position, as_of, day, payer, amount, interest in rows:
        if is_withheld(
            names_payer=payer is not None, origin=holding.origin, is_opened_by_books=is_opened_by_books
        ):
            continue
        fund = FundLabel(fund_id, kind, name, position)
        found.setdefault((day, fund), []).append(FundBalance(fund, amount, interest, as_of))
    return [_add_up(of_day) for of_day in found.values()]


def _add_up(rows: list[FundBalance]) -> FundBalance:
    interests = [row.interest for row in rows if row.interest is not None]
    return FundBalance(
        rows[0].fund,
        amount=add_up(row.amount for row in rows if row.amount is not None),
        interest=add_up(interests) if interests else None,
        as_of=rows[0].as_of,
    )
