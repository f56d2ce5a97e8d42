"""A holding's readings (odczyty) and settlements (rozliczenia mediów) by year. Writes nothing.

Readings go by their day, settlements by their payer or the end of their period. Figures as supplied.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min

from associations.meters.calculations import ReadingRow, SettlementRow
from associations.meters.consumption import MediumYear, media_by_year
from associations.meters.models import Reading, ReadingEdition, Settlement, SettlementEdition
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


def media_of_year(holding: OpenHolding, year: int, medium_id: int | None = None) -> MediaOfYear:
    """Readings beside the former ones, months beside those of the year before, and settlements. Two queries."""
    # The year before is compared with, and its first readings follow on those of the year before that.
    rows = _readings(holding, max(year - 2, 1), year, medium_id)
    return MediaOfYear(year, media_by_year(rows, year), tuple(settlements_of_year(holding, year, medium_id)))


def media_years(holding: OpenHolding) -> MediaYears:
    """What can be chosen. Two queries."""
    spans = [
        *_own_readings(holding)
        .values("medium_id", "medium__name")
        .annotate(first=Min("month"), last=Max("month"))
        .order_by("medium__name"),
        *_own_settlements(holding)
        .values("medium_id", "medium__name")
        .annotate(first=Min("month"), last=Max("month"))
        .order_by("medium__name"),
    ]
    media = sorted({(one["medium__name"], one["medium_id"]) for one in spans})
    if not spans:
        return MediaYears(range(0), ())
    first = min(one["first"] for one in spans).year
    last = max(one["last"] for one in spans).year
    return MediaYears(range(first, last + 1), tuple((medium, name) for name, medium in media))


def readings_of_year(holding: OpenHolding, year: int, medium_id: int | None = None) -> list[ReadingRow]:
    """Readings of a year in the order of media, days and meters; of one medium or of all. One query."""
    return _readings(holding, year, year, medium_id)


def settlements_of_year(holding: OpenHolding, year: int, medium_id: int | None = None) -> list[SettlementRow]:
    """Settlements whose period ends in the year; of one medium or of all. One query."""
    rows = (
        _of_medium(_own_settlements(holding), medium_id)
        .filter(month__range=(Year(year).first_day, Year(year).last_day))
        .order_by("medium__name", "period_to", "file_no", "line_no", "id")
        .values_list(
            "medium__name", "period_from", "period_to", "document", "consumption", "unit",
            "cost", "advances", "result", "due_on",
        )
    )  # fmt: skip
    return [SettlementRow(*row) for row in rows]


def _readings(holding: OpenHolding, first: int, last: int, medium_id: int | None) -> list[ReadingRow]:
    rows = (
        _of_medium(_own_readings(holding), medium_id)
        .filter(month__range=(Year(first).first_day, Year(last).last_day))
        .order_by("medium__name", "read_on", "file_no", "line_no", "id")
        .values_list(
            "medium__name", "meter__serial", "read_on", "value", "consumption", "unit", "kind", "document"
        )
    )
    return [ReadingRow(*row) for row in rows]


def _of_medium(rows: Any, medium_id: int | None) -> Any:
    return rows if medium_id is None else rows.filter(medium=medium_id)


def _own_readings(holding: OpenHolding) -> Any:
    rows = Reading.objects.filter(holding.scope.dated_rows("read_on"))
    return holding.scope.standing.rows(rows, ReadingEdition.objects.all(), "medium").order_by()


def _own_settlements(holding: OpenHolding) -> Any:
    rows = Settlement.objects.filter(holding.scope.rows("period_to"))
    return holding.scope.standing.rows(rows, SettlementEdition.objects.all(), "medium").order_by()
