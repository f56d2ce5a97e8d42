"""The monthly charges of a holding (opłaty za używanie lokalu, przypisy). Writes nothing.

A charge line without payer belongs to the holding of the 1st of its month. Amounts as supplied.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Sum

from associations.charges.calculations import ChargeRow, FundCharges, group_by_fund
from associations.charges.changes import MonthChanges, compare_months
from associations.charges.models import ChargeEdition, ChargeLine
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


def months_with_charges(holding: OpenHolding) -> tuple[Month, ...]:
    """Months in which the holding has charges of its own, ascending. One query."""
    # Few editions are looked at instead of every line of all years.
    own = ChargeLine.objects.filter(
        holding.scope.rows("month"),
        month=OuterRef("month"),
        fund=OuterRef("part"),
        batch=OuterRef("batch"),
    ).order_by()
    editions = _editions(holding).filter(Exists(own)).order_by("month")
    return tuple(Month.of(month) for month in editions.values_list("month", flat=True).distinct())


def totals_by_month(holding: OpenHolding, first: Month, last: Month) -> dict[Month, Decimal]:
    """What the holding was charged in each month of the span that has charges; all funds together. One query."""
    rows = (
        _own_lines(holding)
        .filter(month__range=(first.first_day, last.first_day))
        .values("month")
        .annotate(total=Sum("amount"))
        .order_by("month")
    )
    return {Month.of(row["month"]): row["total"] for row in rows}


def totals_by_fund(holding: OpenHolding, months: Iterable[Month]) -> dict[Month, dict[FundLabel, Decimal]]:
    """What the holding was charged in these months by fund; months without charges are left out. One query."""
    rows = (
        _own_lines(holding)
        .filter(month__in=[month.first_day for month in months])
        .values_list("month", "fund_id", "fund__kind", "fund__name", "fund__position")
        .annotate(total=Sum("amount"))
        .order_by("month", "fund__position", "fund_id")
    )
    found: dict[Month, dict[FundLabel, Decimal]] = defaultdict(dict)
    for month, fund_id, kind, name, position, total in rows:
        found[Month.of(month)][FundLabel(fund_id, kind, name, position)] = total
    return dict(found)


def charge_rows(holding: OpenHolding, months: Sequence[Month]) -> dict[Month, list[ChargeRow]]:
    """The lines of these months, in the order of funds and of the file. One query."""
    rows = (
        _own_lines(holding)
        .filter(month__in=[month.first_day for month in months])
        .order_by("fund__position", "fund_id", "file_no", "line_no", "id")
        .values_list(
            "month", "fund_id", "fund__kind", "fund__name", "fund__position",
            "component_code", "component_name", "quantity", "unit", "rate", "amount",
        )
    )  # fmt: skip
    found: dict[Month, list[ChargeRow]] = {month: [] for month in months}
    for month, fund_id, kind, name, position, *rest in rows:
        found[Month.of(month)].append(ChargeRow(FundLabel(fund_id, kind, name, position), *rest))
    return found


def published_at(holding: OpenHolding, month: Month) -> dt.datetime | None:
    """When the charges that stand for the month were published. One query."""
    rows = _editions(holding).filter(month=month.first_day).order_by("-opened_by__at")
    found: dt.datetime | None = rows.values_list("opened_by__at", flat=True).first()
    return found


def _own_lines(holding: OpenHolding) -> Any:
    rows = ChargeLine.objects.filter(holding.scope.rows("month"))
    return holding.scope.standing.rows(rows, ChargeEdition.objects.all(), "fund")


def _editions(holding: OpenHolding) -> Any:
    return holding.scope.standing.editions(ChargeEdition.objects.filter(premises=holding.premises.pk))
