"""Working days in Poland, and the day to which a due date moves (art. 115 KC). No database, no clock."""

import datetime as dt
from functools import cache

import holidays

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5
FIRST_FREE_CHRISTMAS_EVE = 2025
FREE_SATURDAYS_SINCE = dt.date(2017, 1, 1)


def next_working_day(day: dt.date) -> dt.date:
    """The day itself, if it is a working day, else the next one: up to it a payment is in time (art. 115 KC)."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


@cache
def is_working_day(day: dt.date) -> bool:
    """Neither Sunday nor public holiday in Poland, nor (since 2017) Saturday; 24 December is free since 2025."""
    is_free_saturday = day.weekday() == SATURDAY and day >= FREE_SATURDAYS_SINCE
    is_free_eve = (day.month, day.day) == (12, 24) and day.year >= FIRST_FREE_CHRISTMAS_EVE
    return not (
        is_free_saturday or day.weekday() > SATURDAY or is_free_eve or day in _public_holidays(day.year)
    )


@cache
def _public_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("PL", years=year))
