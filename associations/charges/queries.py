"""The monthly charges of a holding (opłaty za używanie lokalu, przypisy). Writes nothing.

A charge line without payer belongs to the holding of the 1st of its month. Amounts as supplied.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.db import connection

from associations.charges.calculations import ChargeRow, FundCharges, group_by_fund
from associations.charges.changes import MonthChanges, compare_months
from associations.money import add_up
from associations.periods import Month
from associations.premises.access import OpenHolding
from associations.profile.funds import FundLabel


@dataclass(frozen=True, slots=True)
class MonthOfCharges:
    """A month of charges as pages, papers and programs show it.

    `changes` compares with the nearest earlier month that has charges (`compared_with`); both are None for the first.
    """

    month: Month
    funds: tuple[FundCharges, ...]
    total: Decimal
    compared_with: Month | None
    changes: MonthChanges | None
    published_at: dt.datetime | None


def month_of_charges(holding: OpenHolding, month: Month, known: Sequence[Month]) -> MonthOfCharges | None:
    """A month beside the one before; None where it has no charges. `known`: months_with_charges. Two queries."""
    if month not in known:
        return None
    before = max((one for one in known if one < month), default=None)
    rows = charge_rows(holding, [month, before] if before else [month])
    now, former = rows[month], rows[before] if before else []
    funds = group_by_fund(now, former)
    return MonthOfCharges(
        month=month,
        funds=funds,
        total=add_up(fund.total for fund in funds),
        compared_with=before,
        changes=compare_months(now, former) if before else None,
        published_at=published_at(holding, month),
    )


# Few editions are looked at instead of every line of all years.
_MONTHS = """
SELECT DISTINCT e.month FROM charges_chargeedition e
 WHERE e.premises_id = %s AND {standing}
   AND EXISTS (SELECT 1 FROM charges_chargeline l
                WHERE l.premises_id = e.premises_id AND l.month = e.month AND l.fund_id = e.part_id
                  AND l.batch_id = e.batch_id AND {own})
 ORDER BY e.month
"""
_FROM_OWN_LINES = """
  FROM charges_chargeline l JOIN profile_fund f ON f.id = l.fund_id
 WHERE l.premises_id = %s AND {months} AND {own}
   AND EXISTS (SELECT 1 FROM charges_chargeedition e
                WHERE e.premises_id = l.premises_id AND e.month = l.month AND e.part_id = l.fund_id
                  AND e.batch_id = l.batch_id AND {standing})
"""
_LINES = f"""
SELECT l.month, f.id, f.kind, f.name, f.position,
       l.component_code, l.component_name, l.quantity, l.unit, l.rate, l.amount
{_FROM_OWN_LINES}
 ORDER BY f.position, f.id, l.file_no, l.line_no, l.id
"""
_TOTALS_BY_FUND = f"""
SELECT l.month, f.id, f.kind, f.name, f.position, sum(l.amount)
{_FROM_OWN_LINES}
 GROUP BY l.month, f.id, f.kind, f.name, f.position
 ORDER BY l.month, f.position, f.id
"""
_TOTALS = f"""
SELECT l.month, sum(l.amount)
{_FROM_OWN_LINES}
 GROUP BY l.month
 ORDER BY l.month
"""
_PUBLISHED = """
SELECT max(p.at) FROM charges_chargeedition e JOIN imports_publication p ON p.id = e.opened_by_id
 WHERE e.premises_id = %s AND e.month = %s AND {standing}
"""
_THESE, _SPAN = "l.month = ANY (%s::date[])", "l.month BETWEEN %s AND %s"


def months_with_charges(holding: OpenHolding) -> tuple[Month, ...]:
    """Months in which the holding has charges of its own, ascending. One query."""
    standing, since = holding.scope.standing.sql("e")
    own, whose = holding.scope.sql("l.month", "l.payer_id")
    sql = _MONTHS.format(standing=standing, own=own)
    return tuple(Month.of(month) for (month,) in _fetch(sql, [holding.premises.pk, *since, *whose]))


def totals_by_month(holding: OpenHolding, first: Month, last: Month) -> dict[Month, Decimal]:
    """What the holding was charged in each month of the span that has charges; all funds together. One query."""
    rows = _fetch_own(holding, _TOTALS, _SPAN, [first.first_day, last.first_day])
    return {Month.of(month): total for month, total in rows}


def totals_by_fund(holding: OpenHolding, months: Iterable[Month]) -> dict[Month, dict[FundLabel, Decimal]]:
    """What the holding was charged in these months by fund; months without charges are left out. One query."""
    found: dict[Month, dict[FundLabel, Decimal]] = defaultdict(dict)
    for month, *fund, total in _fetch_own(holding, _TOTALS_BY_FUND, _THESE, [_first_days(months)]):
        found[Month.of(month)][FundLabel(*fund)] = total
    return dict(found)


def charge_rows(holding: OpenHolding, months: Sequence[Month]) -> dict[Month, list[ChargeRow]]:
    """The lines of these months, in the order of funds and of the file. One query."""
    found: dict[Month, list[ChargeRow]] = {month: [] for month in months}
    for month, fund_id, kind, name, position, *line in _fetch_own(
        holding, _LINES, _THESE, [_first_days(months)]
    ):
        found[Month.of(month)].append(ChargeRow(FundLabel(fund_id, kind, name, position), *line))
    return found


def published_at(holding: OpenHolding, month: Month) -> dt.datetime | None:
    """When the charges that stand for the month were published. One query."""
    standing, since = holding.scope.standing.sql("e")
    params = [holding.premises.pk, month.first_day, *since]
    [(found,)] = _fetch(_PUBLISHED.format(standing=standing), params)
    return cast("dt.datetime | None", found)


def _fetch_own(holding: OpenHolding, sql: str, months: str, period: list[Any]) -> list[tuple[Any, ...]]:
    """Lines of the holding that stand; `months` is the condition on their month with the parameters of `period`."""
    standing, since = holding.scope.standing.sql("e")
    own, whose = holding.scope.sql("l.month", "l.payer_id")
    return _fetch(
        sql.format(months=months, own=own, standing=standing), [holding.premises.pk, *period, *whose, *since]
    )


def _fetch(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _first_days(months: Iterable[Month]) -> list[dt.date]:
    return [month.first_day for month in months]
