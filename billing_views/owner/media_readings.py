"""Readings of a medium in a year: every document beside the reading before it, and its months beside last year's."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from associations.meters.calculations import ESTIMATED, INSTALLED
from associations.meters.consumption import MediumYear, MeterReading, MonthBeside
from associations.meters.models import ReadingKind
from associations.periods import Month
from billing_views.owner.media_chart import MediumChart, draw_consumption
from billing_views.owner.media_words import (
    name_medium,
    say_corrections,
    say_difference,
    say_exchange,
    say_latest,
    say_notes,
    with_unit,
)
from billing_views.parts.cells import draw_cell
from billing_views.parts.formatting import format_day, format_month_words, format_unit, widest_places


class ReadingLine(NamedTuple):
    """A row of the table of readings: a reading, or the sum of a month with several (`is_sum`).

    `former` is the reading before with its day; `stated` says that the supplied consumption is not their difference, or
    that the reading is below the one before.
    """

    label: str
    serial: str = ""
    former: str = ""
    former_on: str = ""
    value: str = ""
    consumption: str = ""
    stated: str = ""
    before: str = ""
    difference: str = ""
    kind: str = ""
    document: str = ""
    is_estimated: bool = False
    is_sum: bool = False


class DrawnLine(NamedTuple):
    """A row as `owner/readings_table.html` unpacks it: `cells` are those between the first and the last."""

    label: str
    cells: SafeString
    kind: str
    document: str
    is_estimated: bool
    is_sum: bool


@dataclass(frozen=True, slots=True)
class MediumReadings:
    """A medium of the year: in a sentence, as a picture, as all its documents.

    `has_meters`: several meters, each named in its row; a single one is named in the caption.
    """

    key: str
    heading: str
    summary: tuple[str, ...]
    chart: MediumChart | None
    caption: str
    lines: tuple[DrawnLine, ...]
    exchanges: tuple[str, ...]
    has_before: bool
    has_meters: bool


def draw_media(media: Sequence[MediumYear]) -> tuple[MediumReadings, ...]:
    """One section per medium and unit."""
    return tuple(_draw_medium(medium, number) for number, medium in enumerate(media, 1))


def _draw_medium(medium: MediumYear, number: int) -> MediumReadings:
    key, lines = f"medium-{number}", _draw_lines(medium)
    serials = {one.row.serial for one in medium.readings}
    has_before, has_meters = any(line.before for line in lines), len(serials) > 1
    return MediumReadings(
        key=key,
        heading=name_medium(medium),
        summary=(*say_latest(medium), *say_corrections(medium)),
        chart=draw_consumption(medium, key),
        caption=_say_caption(medium, serials),
        lines=_draw_cells(lines, has_meters=has_meters, has_before=has_before),
        exchanges=tuple(say_exchange(one) for one in medium.exchanges),
        has_before=has_before,
        has_meters=has_meters,
    )


def _say_caption(medium: MediumYear, serials: Collection[str]) -> str:
    words = {"medium": medium.medium, "year": medium.year, "serial": "".join(serials)}
    if len(serials) > 1:
        return gettext("Odczyty: %(medium)s, rok %(year)s") % words
    return gettext("Odczyty: %(medium)s, rok %(year)s, licznik %(serial)s") % words


def _draw_lines(medium: MediumYear) -> tuple[ReadingLine, ...]:
    """The documents; last year's month stands beside the only reading of a month, else beside the month's sum."""
    readings = medium.readings
    # All readings of a medium are in its unit; that and the decimals are worked out once.
    places = widest_places(one for reading in readings for one in (reading.row.value, reading.consumption))
    unit, kinds = format_unit(medium.unit), {one.value: gettext(one.label) for one in ReadingKind}
    beside = {one.month: one for one in medium.months}
    counted = Counter(Month.of(one.row.read_on) for one in readings if one.counted is not None)
    lines: list[ReadingLine] = []
    for place, reading in enumerate(readings):
        month = Month.of(reading.row.read_on)
        is_alone = counted[month] == 1 and reading.counted is not None
        line = _draw_reading(reading, unit, places, beside.get(month) if is_alone else None)
        lines.append(line._replace(kind=kinds[reading.row.kind]))
        is_last = place + 1 == len(readings) or Month.of(readings[place + 1].row.read_on) != month
        if is_last and counted[month] > 1:
            lines.append(_draw_sum(beside[month], unit, places))
    return tuple(lines)


def _draw_cells(lines: Sequence[ReadingLine], *, has_meters: bool, has_before: bool) -> tuple[DrawnLine, ...]:
    meter, former, now, before = (
        gettext("Licznik"),
        gettext("Poprzedni odczyt"),
        gettext("Odczyt"),
        gettext("Rok wcześniej"),
    )
    drawn = []
    for line in lines:
        cells = [] if line.is_sum or not has_meters else [draw_cell(line.serial, "keep", label=meter)]
        if not line.is_sum:
            cells += [
                draw_cell(line.former, label=former, note=line.former_on),
                draw_cell(line.value, label=now),
            ]
        cells.append(draw_cell(line.consumption, "num sum", note=line.stated))
        if has_before:
            cells.append(draw_cell(line.before, label=before, note=line.difference))
        drawn.append(
            DrawnLine(
                line.label,
                SafeString("".join(cells)),
                line.kind,
                line.document,
                line.is_estimated,
                line.is_sum,
            )
        )
    return tuple(drawn)


def _draw_reading(reading: MeterReading, unit: str, places: int, beside: MonthBeside | None) -> ReadingLine:
    row, previous = reading.row, reading.previous
    before, difference = _say_before(beside, unit, places)
    return ReadingLine(
        label=format_day(row.read_on),
        serial=row.serial,
        former=with_unit(previous.value, unit, places) if previous else "",
        former_on=format_day(previous.read_on) if previous else "",
        value=with_unit(row.value, unit, places),
        consumption=with_unit(reading.consumption, unit, places),
        stated=_say_stated(reading, unit, places),
        before=before,
        difference=difference,
        document=row.document,
        is_estimated=row.kind == ESTIMATED,
    )


def _draw_sum(beside: MonthBeside, unit: str, places: int) -> ReadingLine:
    before, difference = _say_before(beside, unit, places)
    return ReadingLine(
        label=gettext("Razem %(month)s") % {"month": format_month_words(beside.month.first_day)},
        consumption=with_unit(beside.use.amount, unit, places) if beside.use else "",
        stated=gettext("z korektą") if beside.use and beside.use.is_corrected else "",
        before=before,
        difference=difference,
        is_sum=True,
    )


def _say_before(beside: MonthBeside | None, unit: str, places: int) -> tuple[str, str]:
    if beside is None or beside.before is None:
        return "", ""
    notes = (say_notes(beside.before), say_difference(beside, places))
    return with_unit(beside.before.amount, unit, places), ", ".join(one for one in notes if one)


def _say_stated(reading: MeterReading, unit: str, places: int) -> str:
    if not reading.is_different or reading.row.kind == INSTALLED:
        is_lower = reading.is_correction and reading.difference is not None
        return gettext("niższy od poprzedniego: korekta albo błąd") if is_lower else ""
    return gettext("podane; różnica odczytów to %(difference)s") % {
        "difference": with_unit(reading.difference, unit, places)
    }
