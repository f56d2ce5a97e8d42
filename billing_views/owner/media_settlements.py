"""Settlements of media (rozliczenia): cost, advances, result with its sign as supplied, and the readings of the period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from associations.meters.calculations import SettlementRow
from billing_views.owner.media_words import with_unit
from billing_views.owner.place import Links
from billing_views.parts.formatting import format_day, format_unit, format_zloty


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """A settlement as `owner/settlements_table.html` prints it; `result` with the sign of the file."""

    row: SettlementRow
    consumption: str
    result: str
    direction: str
    state: str
    due: str
    doubt: str
    readings: tuple[tuple[str, str], ...]


def draw_settlements(
    rows: Sequence[SettlementRow], links: Links, media: Mapping[str, int], years: range
) -> tuple[SettlementLine, ...]:
    """`media`: keys by name; `years`: those that the media page can show."""
    return tuple(_draw(row, links, media.get(row.medium), years) for row in rows)


def address_of_year(links: Links, year: int, medium_id: int | None) -> str:
    """The media page of a year, of one medium or of all."""
    medium = f"&medium={medium_id}" if medium_id else ""
    return links.below(f"{Links.path_of('media')}?rok={year}{medium}")


def _draw(row: SettlementRow, links: Links, medium_id: int | None, years: range) -> SettlementLine:
    direction, state, due = gettext("rozliczone"), "even", ""
    if row.result > 0:
        direction, state = gettext("niedopłata, do zapłaty"), "owed"
        due = gettext("termin płatności %(day)s") % {"day": format_day(row.due_on)} if row.due_on else ""
    elif row.result < 0:
        direction, state = gettext("nadpłata, do zwrotu"), "paid"
    period = range(row.period_from.year, row.period_to.year + 1)
    return SettlementLine(
        row=row,
        consumption=with_unit(row.consumption, format_unit(row.unit)),
        result=format_zloty(row.result, is_signed=True),
        direction=direction,
        state=state,
        due=due,
        doubt=_say_doubt(row),
        readings=tuple(
            (str(year), f"{address_of_year(links, year, medium_id)}#medium-1")
            for year in period
            if year in years
        ),
    )


def _say_doubt(row: SettlementRow) -> str:
    """Where the result is not cost − advances, both figures are told and nothing is changed."""
    expected = row.expected_result
    if expected is None or expected == row.result:
        return ""
    return gettext("koszt minus zaliczki to %(expected)s; wynik podano inny") % {
        "expected": format_zloty(expected, is_signed=True)
    }
