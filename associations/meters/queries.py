"""A holding's readings (odczyty) and settlements (rozliczenia mediów) by year. Writes nothing.

Readings go by their day, settlements by their payer or the end of their period. Figures as supplied.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from associations.meters.calculations import ReadingRow, SettlementRow
from associations.meters.consumption import MediumYear, media_by_year
from associations.periods import Year
from associations.premises.access import OpenHolding


@dataclass(frozen=True, slots=True)
class MediaYears:
    """Years and media for which the holding has readings or settlements; media by name."""

    years: range
    media: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class MediaOfYear:
    """A year of media as pages, papers and programs show it: readings by medium, settlements ending in the year."""

    year: int
    media: tuple[MediumYear, ...]
    settlements: tuple[SettlementRow, ...]

    @property
    def readings(self) -> list[ReadingRow]:
        """All readings by medium and day, each with the consumption that the page shows: supplied, else computed."""
        return [
            replace(one.row, consumption=one.consumption) for medium in self.media for one in medium.readings
        ]


def media_of_year(holding: OpenHolding, year: int, medium_id: int | None = None) -> MediaOfYear:
    """Readings beside the former ones, months beside those of the year before, and settlements. Two queries."""
    # The year before is compared with, and its first readings follow on those of the year before that.
    rows = _readings(holding, max(year - 2, 1), year, medium_id)
    return MediaOfYear(year, media_by_year(rows, year), tuple(settlements_of_year(holding, year, medium_id)))


def media_years(holding: OpenHolding) -> MediaYears:
    """What can be chosen. One query."""
    readings, settlements = _own(holding, _READINGS), _own(holding, _SETTLEMENTS)
    span = "SELECT md.name, md.id, min({0}.month), max({0}.month)"
    spans = _fetch(
        f"{span.format('r')} {readings[0]} GROUP BY md.name, md.id"
        f" UNION ALL {span.format('s')} {settlements[0]} GROUP BY md.name, md.id",
        [*readings[1], *settlements[1]],
    )
    if not spans:
        return MediaYears(range(0), ())
    media = sorted({(name, medium) for name, medium, _, _ in spans})
    first, last = min(one[2] for one in spans).year, max(one[3] for one in spans).year
    return MediaYears(range(first, last + 1), tuple((medium, name) for name, medium in media))


def readings_of_year(holding: OpenHolding, year: int, medium_id: int | None = None) -> list[ReadingRow]:
    """Readings of a year in the order of media, days and meters; of one medium or of all. One query."""
    return _readings(holding, year, year, medium_id)


def settlements_of_year(holding: OpenHolding, year: int, medium_id: int | None = None) -> list[SettlementRow]:
    """Settlements whose period ends in the year; of one medium or of all. One query."""
    text, params = _own(holding, _SETTLEMENTS)
    rows = _fetch(
        "SELECT md.name, s.period_from, s.period_to, s.document, s.consumption, s.unit, s.cost, s.advances,"
        f" s.result, s.due_on {text} AND s.month BETWEEN %s AND %s AND (%s::bigint IS NULL OR md.id = %s)"
        " ORDER BY md.name, s.period_to, s.file_no, s.line_no, s.id",
        [*params, Year(year).first_day, Year(year).last_day, medium_id, medium_id],
    )
    return [SettlementRow(*row) for row in rows]


def _readings(holding: OpenHolding, first: int, last: int, medium_id: int | None) -> list[ReadingRow]:
    text, params = _own(holding, _READINGS)
    rows = _fetch(
        "SELECT md.name, mt.serial, r.read_on, r.value, r.consumption, r.unit, r.kind, r.document"
        f" {text} AND r.month BETWEEN %s AND %s AND (%s::bigint IS NULL OR md.id = %s)"
        " ORDER BY md.name, r.read_on, r.file_no, r.line_no, r.id",
        [*params, Year(first).first_day, Year(last).last_day, medium_id, medium_id],
    )
    return [ReadingRow(*row) for row in rows]


# Standing rows of a premises that belong to a holding; readings never name a payer.
_READINGS = """
  FROM meters_reading r
  JOIN meters_medium md ON md.id = r.medium_id
  JOIN meters_meter mt ON mt.id = r.meter_id
  JOIN meters_readingedition e ON e.premises_id = r.premises_id AND e.month = r.month
   AND e.part_id = r.medium_id AND e.batch_id = r.batch_id AND {standing}
 WHERE r.premises_id = %s AND {scope}
"""
_SETTLEMENTS = """
  FROM meters_settlement s
  JOIN meters_medium md ON md.id = s.medium_id
  JOIN meters_settlementedition e ON e.premises_id = s.premises_id AND e.month = s.month
   AND e.part_id = s.medium_id AND e.batch_id = s.batch_id AND {standing}
 WHERE s.premises_id = %s AND {scope}
"""


def _own(holding: OpenHolding, text: str) -> tuple[str, list[Any]]:
    """The text with the conditions of the holding filled in, and their parameters."""
    standing, params = holding.scope.standing.sql("e")
    is_readings = text is _READINGS
    scope, scope_params = (
        holding.scope.dated_sql("r.read_on")
        if is_readings
        else holding.scope.sql("s.period_to", "s.payer_id")
    )
    return text.format(standing=standing, scope=scope), [*params, holding.premises.pk, *scope_params]


def _fetch(text: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return list(cursor.fetchall())
