"""Twelve months of charges as a picture, stacked by fund, with its table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from associations.charges.twelve_months import MonthTotals, TwelveMonths
from associations.periods import Month
from billing_views.owner.words import name_fund
from billing_views.parts.charts import Chart, ChartColumn, draw_stacks
from billing_views.parts.formatting import format_money, format_month_words, format_zloty, name_month

JANUARY = 1
LETTERS = 3


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A month of the table, each amount with its column's name; `url` is None for the month shown."""

    name: str
    url: str | None
    amounts: tuple[tuple[str, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class ChargesChart:
    """The picture and its table: `columns` are the funds, if several, and the sum."""

    heading: str
    chart: Chart
    columns: tuple[str, ...]
    rows: tuple[ChartRow, ...]


def draw_charges(twelve: TwelveMonths, shown: Month, address: Callable[[Month], str]) -> ChargesChart:
    """Bars of the twelve months, the one shown marked; months without charges leave a gap."""
    funds = tuple(name_fund(fund) for fund in twelve.funds)
    first, last = (format_month_words(twelve.months[place].month.first_day) for place in (0, -1))
    heading = gettext("Opłaty miesiąc po miesiącu: %(first)s – %(last)s") % {"first": first, "last": last}
    legend = funds if len(funds) > 1 else ()
    columns = (*legend, gettext("Razem") if legend else gettext("Kwota"))
    return ChargesChart(
        heading=heading,
        chart=draw_stacks(
            "oplaty",
            [_draw_column(one, shown, is_first=not place) for place, one in enumerate(twelve.months)],
            title=heading,
            summary=_say_summary(twelve.with_data, shown),
            legend=legend,
        ),
        columns=columns,
        rows=tuple(_draw_row(one, shown, address, columns) for one in twelve.with_data),
    )


def _draw_column(one: MonthTotals, shown: Month, *, is_first: bool) -> ChartColumn:
    month = one.month
    return ChartColumn(
        label=name_month(month.number)[:LETTERS],
        values=one.by_fund,
        below=str(month.year) if is_first or month.number == JANUARY else "",
        figure=format_money(one.total),
        is_current=month == shown,
    )


def _draw_row(
    one: MonthTotals, shown: Month, address: Callable[[Month], str], columns: Sequence[str]
) -> ChartRow:
    amounts = (*one.by_fund, one.total)[-len(columns) :]
    return ChartRow(
        name=format_month_words(one.month.first_day),
        url=None if one.month == shown else address(one.month),
        amounts=tuple(zip(columns, amounts, strict=True)),
    )


def _say_summary(months: Sequence[MonthTotals], shown: Month) -> str:
    """The figures that are written in the picture, in words: the first, the one shown, the last."""
    named = {months[0].month: months[0], **{one.month: one for one in months if one.month == shown}}
    named[months[-1].month] = months[-1]
    parts = [
        f"{format_month_words(month.first_day)} {format_zloty(one.total)}"
        for month, one in sorted(named.items())
    ]
    return gettext("Opłaty: %(months)s. Wszystkie kwoty są w tabeli pod wykresem.") % {
        "months": ", ".join(parts)
    }
