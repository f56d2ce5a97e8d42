"""Which days are free in Poland, and where a due date on one of them moves."""

import datetime as dt

import pytest

from associations.working_days import is_working_day, next_working_day


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        ("2026-04-06", "2026-04-07"),  # Easter Monday
        ("2026-06-04", "2026-06-05"),  # Corpus Christi
        ("2016-12-10", "2016-12-10"),  # a Saturday before 2017
        ("2016-12-31", "2016-12-31"),  # the last Saturday that was no free day
        ("2017-01-07", "2017-01-09"),  # the first one that is
        ("2024-12-24", "2024-12-24"),  # Christmas Eve was a working day
        ("2025-12-24", "2025-12-29"),  # free; two holidays, Saturday and Sunday follow
        ("2024-02-29", "2024-02-29"),  # a Thursday
        ("2020-02-29", "2020-03-02"),  # a Saturday
        ("2026-08-15", "2026-08-17"),  # Assumption on a Saturday
    ],
)
def test_a_due_date_moves_to_the_next_working_day(day: str, moved: str) -> None:
    assert next_working_day(dt.date.fromisoformat(day)) == dt.date.fromisoformat(moved)
    assert is_working_day(dt.date.fromisoformat(day)) is (day == moved)
