"""Which published rows stand: those whose batch is the open edition's of their premises, month and part.

Either now, or at the end of a day gone by (`?as_seen_on=`). Every query of an owner's figures takes its condition from
here, so that none forgets the day.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

Row = TypeVar("Row", bound=Model)
HERE = ZoneInfo("Europe/Warsaw")
FIRST_YEAR, LAST_YEAR = 2000, 2999


@dataclass(frozen=True, slots=True)
class Standing:
    """Editions that stand: the open ones (`until` None), or those that were open at the instant before `until`."""

    until: dt.datetime | None = None

    def sql(self, edition: str) -> tuple[str, list[Any]]:
        """The condition on an edition table's alias, with its parameters."""
        if self.until is None:
            # As the partial indexes of the open editions say it.
            return f"{edition}.closed_by_id IS NULL", []
        # In two halves, open now or closed since, because each half has an index of its own.
        condition = (
            f"EXISTS (SELECT 1 FROM imports_publication o WHERE o.id = {edition}.opened_by_id AND o.at < %s)"
            f" AND ({edition}.closed_by_id IS NULL OR ({edition}.closed_by_id IS NOT NULL"
            f" AND {edition}.closed_by_id NOT IN (SELECT c.id FROM imports_publication c WHERE c.at < %s)))"
        )
        return condition, [self.until, self.until]

    def editions(self, editions: QuerySet[Row]) -> QuerySet[Row]:
        """Of these editions those that stand."""
        if self.until is None:
            return editions.filter(closed_by=None)
        still_open = Q(closed_by=None) | Q(closed_by__at__gte=self.until)
        return editions.filter(still_open, opened_by__at__lt=self.until)

    def rows(self, rows: QuerySet[Row], editions: QuerySet[Any], part: str) -> QuerySet[Row]:
        """Of these rows those that owners see.

        `editions` is the whole edition table of the rows, `part` the rows' column that editions call their part.
        Narrow the rows to one premises and a period first: the editions are then found in the index of the open ones.
        """
        opened = self.editions(
            editions.filter(
                premises_id=OuterRef("premises_id"),
                month=OuterRef("month"),
                part_id=OuterRef(f"{part}_id"),
                batch_id=OuterRef("batch_id"),
            )
        ).order_by()
        return rows.filter(Exists(opened))


NOW = Standing()


def standing_at_end_of(day: dt.date) -> Standing:
    """What stood when the day ended in Poland; of a day to come what stands now. ValueError outside 2000 to 2999."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(day)
    return Standing(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=HERE))
