"""The stored summary as values, and the words made of it."""

import datetime as dt
from decimal import Decimal

import pytest

from associations.imports.models import BatchState
from billing_views.manager.batch_file_lines import say_size
from billing_views.manager.batch_page import make_choices, make_steps
from billing_views.manager.batch_sentences import label_publish, name_state, say_problems, state_pill
from billing_views.manager.batch_summary import (
    BatchSummary,
    describe_period,
    name_batch,
    read_summary,
    shorten_period,
)
from billing_views.manager.batch_totals import statements_table
from saas.staff.access import StaffGrant
from saas.tenancy.switching import PUBLIC
from tests.billing_views.manager.workspace.conftest import make_summary


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_a_summary_is_read_with_its_figures_as_decimals() -> None:
    summary = read_summary(make_summary())

    (figures,) = summary.datasets
    (total,) = figures.totals
    assert (summary.rows, summary.to_write, summary.gone) == (5, 4, 0)
    assert (total.in_file, total.difference, total.file_total) == (
        Decimal("20118.32"),
        Decimal("-1217.30"),
        None,
    )
    assert figures.period == (day("2026-10-01"), day("2026-10-01"))


def test_a_batch_that_was_not_checked_has_an_empty_summary() -> None:
    summary = read_summary({})

    assert summary == BatchSummary()
    assert name_batch(7, summary) == "Paczka 7"


@pytest.mark.parametrize(
    ("first", "last", "long", "short"),
    [
        ("2026-10-01", "2026-10-01", "październik 2026", "październik 2026"),
        (
            "2026-01-01",
            "2026-10-01",
            "styczeń 2026 – październik 2026",
            "styczeń\u00a0– październik 2026",
        ),
        ("2024-01-01", "2026-10-01", "styczeń 2024 – październik 2026", "01.2024 – 10.2026"),
    ],
)
def test_periods_in_words(first: str, last: str, long: str, short: str) -> None:
    period = (day(first), day(last))

    assert (describe_period(period), shorten_period(period)) == (long, short)


@pytest.mark.parametrize(
    ("new", "gone", "expected"),
    [
        (1, 0, "Opublikuj 1 wpis"),
        (96, 5, "Opublikuj 96 wpisów"),
        (0, 1, "Opublikuj zniknięcie 1 wpisu"),
        (0, 5, "Opublikuj zniknięcie 5 wpisów"),
        (0, 0, "Opublikuj 0 wpisów"),
    ],
)
def test_the_button_says_what_it_does(new: int, gone: int, expected: str) -> None:
    figures = make_summary()["datasets"][0] | {"new": new, "changed": 0, "gone": gone}

    assert label_publish(read_summary({"datasets": [figures]})) == expected


def test_the_button_counts_row_by_row_as_the_preview_above_it_does() -> None:
    """A month that differs in one row has many that stand already."""
    changes = {"new": 1, "changed": 0, "gone": 8}
    figures = make_summary()["datasets"][0] | {"rows": 39, "new": 0, "changed": 4, "row_changes": changes}

    summary = read_summary({"datasets": [figures]})

    assert (summary.new, summary.changed, summary.gone, summary.same) == (1, 0, 8, 38)
    assert label_publish(summary) == "Opublikuj 1 wpis"


@pytest.mark.parametrize("state", BatchState)
def test_every_state_has_words_a_colour_and_at_most_one_current_step(state: BatchState) -> None:
    steps = make_steps(state)

    assert name_state(state)
    assert state_pill(state).state
    assert sum(step.state == "current" for step in steps) <= 1


def test_problems_in_words() -> None:
    assert say_problems(3, 1) == "3 błędy, 1 ostrzeżenie"
    assert say_problems(0, 5) == "5 ostrzeżeń"
    assert say_problems(0, 0) == ""


@pytest.mark.parametrize(
    ("size", "expected"), [(0, "0 B"), (1023, "1023 B"), (431_000, "421 KB"), (13_107_200, "12,5 MB")]
)
def test_sizes_in_words(size: int, expected: str) -> None:
    assert say_size(size) == expected


@pytest.mark.parametrize(
    ("role", "may_publish", "publishes", "rejects"),
    [
        ("manager", False, True, True),
        ("bookkeeper", True, True, True),
        ("bookkeeper", False, False, True),
        ("reader", False, False, False),
    ],
)
def test_choices_follow_the_role(role: str, may_publish: bool, publishes: bool, rejects: bool) -> None:
    grant = StaffGrant(PUBLIC, role, may_publish, None)

    choices = make_choices(BatchState.READY, read_summary(make_summary()), grant)

    assert (choices.publish is not None, choices.is_publish_open) == (publishes, publishes)
    assert choices.can_reject == rejects
    assert not choices.can_undo


def test_statements_are_listed_with_their_balances() -> None:
    told = make_summary()
    assert statements_table(read_summary(told)) is None
    sums = {"opening": "-7.00", "incoming": "5.50", "outgoing": "0.00", "closing": "-1.50"}
    line = {"account": "85102010550000000000000001", "number": "00013/001", "rows": 1, **sums}

    table = statements_table(
        read_summary({**told, "datasets": [{"dataset": "payments", "statements": [line]}]})
    )

    assert table is not None
    (row,) = table.rows
    assert [cell.text.replace("\u00a0", " ") for cell in row] == [
        "00013/001", "1", "\u22127,00", "5,50", "0,00", "\u22121,50",
    ]  # fmt: skip
    assert row[0].note.replace("\u00a0", " ") == "85 1020 1055 0000 0000 0000 0001"
