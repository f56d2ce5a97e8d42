"""Which scheduled backups have had their time: pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

DAYS_PER_MONTH = 31


@dataclass(frozen=True, slots=True)
class Retention:
    """All backups of so many days, then the youngest of each calendar month for so many months."""

    days: int
    months: int


def choose_expired(
    moments: Iterable[dt.datetime], *, now: dt.datetime, keep: Retention, is_living: bool
) -> set[dt.datetime]:
    """The moments to remove. The youngest of a living association stays however old it is."""
    ordered = sorted(moments, reverse=True)
    kept = {moment for moment in ordered if now - moment <= dt.timedelta(days=keep.days)}
    months: set[tuple[int, int]] = set()
    for moment in ordered:
        month = (moment.year, moment.month)
        is_young = now - moment <= dt.timedelta(days=keep.months * DAYS_PER_MONTH)
        if is_young and month not in months:
            kept.add(moment)
        months.add(month)
    if is_living:
        kept.update(ordered[:1])
    return set(ordered) - kept
