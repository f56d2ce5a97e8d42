"""When a mail goes out: the hour of the day's digest, pauses after errors, which due days are reminded of. Pure."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from associations.notifications.models import LONGEST_NOTICE_DAYS
from associations.periods import Month
from associations.working_days import is_working_day

DIGEST_HOUR = 8
ONE_DAY = dt.timedelta(days=1)
NEWS_LASTS = dt.timedelta(days=3)
"""So long after its digest a publication is news: longer than all further tries take."""
RETRY_PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""After the last of them, about two days on, a mail is given up."""


@dataclass(frozen=True, slots=True)
class DueDay:
    """A working day up to which payments are in time.

    `months`: whose charges are due on it. `named`: days in postings that mean it, itself and the free days before it
    (art. 115 KC).
    """

    on: dt.date
    months: tuple[dt.date, ...]
    named: tuple[dt.date, ...]


def digest_of_day(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """The moment of that day's digest."""
    return dt.datetime.combine(day, dt.time(DIGEST_HOUR), zone)


def next_digest(now: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The first digest of a later day: what is published today can still be undone before anybody hears of it."""
    return digest_of_day(now.astimezone(zone).date() + ONE_DAY, zone)


def digest_today(now: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Today's digest, or now where its hour has passed."""
    return max(now, digest_of_day(now.astimezone(zone).date(), zone))


def is_news(published_at: dt.datetime, now: dt.datetime, zone: dt.tzinfo) -> bool:
    """Whether a publication may still be told, where no mail server took its digest in time."""
    return now < next_digest(published_at, zone) + NEWS_LASTS


def retry_at(attempts: int, now: dt.datetime) -> dt.datetime | None:
    """When to try again after so many attempts, or None: given up."""
    return now + RETRY_PAUSES[attempts - 1] if attempts <= len(RETRY_PAUSES) else None


def due_days_ahead(
    today: dt.date,
    due_day: int,
    *,
    due_days: Callable[[Month, int], tuple[dt.date, dt.date]],
) -> tuple[DueDay, ...]:
    """The working days of the next LONGEST_NOTICE_DAYS, with what may be due on each; the rule of charges is handed in."""
    ahead = (today + ONE_DAY * number for number in range(1, LONGEST_NOTICE_DAYS + 1))
    return tuple(
        DueDay(
            day,
            tuple(
                month.first_day
                for month in (Month.of(day).previous, Month.of(day))
                if due_days(month, due_day)[1] == day
            ),
            (day, *_free_days_before(day)),
        )
        for day in ahead
        if is_working_day(day)
    )


def _free_days_before(day: dt.date) -> Iterable[dt.date]:
    before = day - ONE_DAY
    while not is_working_day(before):
        yield before
        before -= ONE_DAY


WARSAW = ZoneInfo("Europe/Warsaw")
