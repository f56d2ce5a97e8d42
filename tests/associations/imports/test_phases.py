"""Phases in words, and how long one still takes."""

import datetime as dt
from dataclasses import dataclass

import pytest

from associations.imports.models import BatchState
from associations.imports.phases import name_phase, percent_done, remaining_seconds, say_remaining

BEGUN = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@dataclass
class Work:
    state: str = "reading"
    phase: str = "reading"
    phase_started_at: dt.datetime | None = BEGUN
    progress_done: int = 25
    progress_total: int = 100
    progress_rows: int = 0


@pytest.mark.parametrize(
    ("work", "seconds", "expected"),
    [
        (Work(), 10, 30),
        (Work(progress_done=100), 10, 0),
        (Work(progress_done=1), 60, None),  # too little of it is done
        (Work(), 1, None),  # too little time has passed
        (Work(progress_total=0), 10, None),  # of no known length
        (Work(phase_started_at=None), 10, None),
        (Work(progress_done=130), 10, None),  # longer than was thought
        (Work(phase="cancelling"), 10, None),
    ],
)
def test_remaining_time_follows_the_speed_of_the_phase(
    work: Work, seconds: int, expected: int | None
) -> None:
    assert remaining_seconds(work, BEGUN + dt.timedelta(seconds=seconds)) == expected


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        (0, "zostało kilka sekund"),
        (5, "zostało około 5 s"),
        (18, "zostało około 20 s"),
        (119, "zostało około 120 s"),
        (121, "zostało około 3 min"),
    ],
)
def test_remaining_time_is_rounded_up(seconds: int, sentence: str) -> None:
    assert say_remaining(seconds) == sentence


def test_percent_is_told_where_the_length_is_known() -> None:
    assert (
        percent_done(Work()),
        percent_done(Work(progress_total=0)),
        percent_done(Work(progress_done=130)),
    ) == (
        25,
        None,
        100,
    )


def test_phase_has_a_word_and_an_unknown_one_falls_back_on_the_state() -> None:
    assert name_phase(BatchState.READING, "checking") == "Sprawdzanie wierszy"
    assert name_phase(BatchState.PUBLISHING, "whatever") == "Publikowanie"
    assert name_phase(BatchState.READY, "") == "czeka na publikację"
