"""Consumption month by month, this year beside last year: the picture and its table."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from associations.meters.consumption import MediumYear, MonthUse
from associations.periods import Month
from billing_views.owner.media_words import say_difference, say_use
from billing_views.parts.cells import draw_cell
from billing_views.parts.charts import Chart, ChartColumn, draw_pairs, draw_stacks
from billing_views.parts.formatting import format_quantity, format_unit, name_month, widest_places

MONTHS = range(1, 13)
FEWEST = 3
"""Months with data below which a picture says no more than the table."""
LETTERS = 3
ESTIMATE_MARK = "*"


@dataclass(frozen=True, slots=True)
class MediumChart:
    """The picture and its table: rows of month and cells (this year; with `before_label` the former and the difference)."""

    chart: Chart
    caption: str
    now_label: str
    before_label: str
    rows: tuple[tuple[str, SafeString], ...]
    note: str


def draw_consumption(medium: MediumYear, key: str) -> MediumChart | None:
    """Twelve months; None where fewer than three of them have data (a yearly reading is no row of months)."""
    if len(medium.months) < FEWEST:
        return None
    has_before = any(one.before for one in medium.months)
    year, year_before = str(medium.year), str(medium.year - 1) if has_before else ""
    unit = format_unit(medium.unit)
    title = gettext("Zużycie miesiąc po miesiącu: %(medium)s") % {"medium": medium.medium}
    title += f" ({unit})" if unit else ""
    columns = [_draw_column(medium, number, has_before=has_before) for number in MONTHS]
    summary = gettext("Wszystkie wartości są w tabeli pod wykresem.")
    chart = (
        draw_pairs(f"{key}-wykres", columns, title=title, summary=summary, legend=(year, year_before))
        if has_before
        else draw_stacks(f"{key}-wykres", columns, title=title, summary=summary)
    )
    is_estimated = any(one.use and one.use.is_estimated for one in medium.months)
    return MediumChart(
        chart=chart,
        caption=title,
        now_label=year,
        before_label=year_before,
        rows=_draw_rows(medium, year, year_before),
        note=gettext("* szacunek") if is_estimated else "",
    )


def _draw_column(medium: MediumYear, number: int, *, has_before: bool) -> ChartColumn:
    beside = next((one for one in medium.months if one.month.number == number), None)
    use, before = (beside.use, beside.before) if beside else (None, None)
    latest = medium.latest
    is_latest = latest is not None and latest.month == Month(medium.year, number)
    now = use.amount if use else None
    return ChartColumn(
        label=name_month(number)[:LETTERS],
        values=(before.amount if before else None, now) if has_before else (now,),
        below=ESTIMATE_MARK if use and use.is_estimated else "",
        figure=format_quantity(now) if is_latest else "",
        is_current=is_latest,
    )


def _draw_rows(medium: MediumYear, now: str, before: str) -> tuple[tuple[str, SafeString], ...]:
    uses = [one for each in medium.months for one in (each.use, each.before) if one]
    places, unit = widest_places(one.amount for one in uses), format_unit(medium.unit)
    difference = gettext("Różnica")
    rows = []
    for one in medium.months:
        cells = draw_cell(_say_use(one.use, unit, places), label=now)
        if before:
            cells += draw_cell(_say_use(one.before, unit, places), label=before)
            cells += draw_cell(say_difference(one, places), label=difference)
        rows.append((name_month(one.month.number), cells))
    return tuple(rows)


def _say_use(use: MonthUse | None, unit: str, places: int) -> str:
    return say_use(use, unit, places) if use else ""
