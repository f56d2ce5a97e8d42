"""How titles make holdings, and whose a row with a payer is."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from associations.premises.calculations import (
    DateWindow,
    HoldingSpan,
    Origin,
    TitleSpan,
    holdings_of,
    origin_of,
    payer_windows,
)


def title(person: str, starts_on: str = "", ends_on: str = "") -> TitleSpan[str]:
    return TitleSpan(person, day(starts_on), day(ends_on))


def holding(persons: str, starts_on: str = "", ends_on: str = "") -> HoldingSpan[str]:
    return HoldingSpan(day(starts_on), day(ends_on), frozenset(persons.split()))


def day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


CASES = {
    "nobody": ([], []),
    "one owner without dates": ([title("ann")], [holding("ann")]),
    "spouses hold one": (
        [title("ann", "2009-01-01"), title("jan", "2009-01-01")],
        [holding("ann jan", "2009-01-01")],
    ),
    "a sale starts a new one": (
        [title("ann", "2009-01-01", "2025-10-31"), title("eve", "2025-11-01")],
        [holding("ann", "2009-01-01", "2025-10-31"), holding("eve", "2025-11-01")],
    ),
    "a sale in the order of the buyer first": (
        [title("eve", "2025-11-01"), title("ann", "", "2025-10-31")],
        [holding("ann", "", "2025-10-31"), holding("eve", "2025-11-01")],
    ),
    "days without a title belong to nobody": (
        [title("ann", "", "2025-09-30"), title("eve", "2025-11-01")],
        [holding("ann", "", "2025-09-30"), holding("eve", "2025-11-01")],
    ),
    "a co-owner joins": (
        [title("ann", "2009-01-01"), title("jan", "2015-06-01")],
        [holding("ann", "2009-01-01", "2015-05-31"), holding("ann jan", "2015-06-01")],
    ),
    "a co-owner leaves": (
        [title("ann"), title("jan", "", "2020-12-31")],
        [holding("ann jan", "", "2020-12-31"), holding("ann", "2021-01-01")],
    ),
    "a tenancy turned into ownership is one holding": (
        [title("ann", "2009-01-01", "2015-05-31"), title("ann", "2015-06-01")],
        [holding("ann", "2009-01-01")],
    ),
    "overlapping titles of one person are one holding": (
        [title("ann", "2009-01-01", "2015-05-31"), title("ann", "2012-01-01", "2018-12-31")],
        [holding("ann", "2009-01-01", "2018-12-31")],
    ),
    "a return after a gap is a second holding": (
        [title("ann", "2009-01-01", "2015-05-31"), title("ann", "2018-01-01")],
        [holding("ann", "2009-01-01", "2015-05-31"), holding("ann", "2018-01-01")],
    ),
    "both on the day of the sale": (
        [title("ann", "", "2025-11-01"), title("eve", "2025-11-01")],
        [
            holding("ann", "", "2025-10-31"),
            holding("ann eve", "2025-11-01", "2025-11-01"),
            holding("eve", "2025-11-02"),
        ],
    ),
    "a title of one day": (
        [title("ann", "2020-02-29", "2020-02-29")],
        [holding("ann", "2020-02-29", "2020-02-29")],
    ),
    "a title to the end of time": (
        [title("ann", "0001-01-01", "9999-12-31")],
        [holding("ann")],
    ),
}


@pytest.mark.parametrize(("titles", "expected"), CASES.values(), ids=CASES.keys())
def test_holdings_are_stretches_with_the_same_persons(
    titles: list[TitleSpan[str]], expected: list[HoldingSpan[str]]
) -> None:
    assert holdings_of(titles) == expected


DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2020, 3, 1))


@st.composite
def title_spans(draw: st.DrawFn) -> TitleSpan[str]:
    start, end = sorted((draw(DAYS), draw(DAYS)))
    return TitleSpan(
        draw(st.sampled_from("abc")),
        draw(st.sampled_from([start, None])),
        draw(st.sampled_from([end, None])),
    )


@given(st.lists(title_spans(), max_size=5), st.dates(dt.date(2019, 12, 1), dt.date(2020, 4, 1)))
def test_on_every_day_the_holding_has_exactly_the_persons_with_a_title(
    titles: list[TitleSpan[str]], on: dt.date
) -> None:
    entitled = {title.person for title in titles if DateWindow(title.starts_on, title.ends_on).holds(on)}

    holdings = [span for span in holdings_of(titles) if DateWindow(span.starts_on, span.ends_on).holds(on)]

    assert [set(span.persons) for span in holdings] == ([entitled] if entitled else [])


def test_rows_that_name_the_only_holding_of_their_payer_belong_to_it_whatever_their_date() -> None:
    sold = [holding("ann", "2009-01-01", "2025-10-31"), holding("eve", "2025-11-01")]

    assert payer_windows(sold, 0) == {"ann": DateWindow(None, None)}
    assert payer_windows(sold, 1) == {"eve": DateWindow(None, None)}


def test_rows_of_a_payer_with_several_holdings_are_divided_by_their_starts() -> None:
    changed = [
        holding("ann", "2009-01-01", "2015-05-31"),
        holding("ann jan", "2015-06-01", "2020-12-31"),
        holding("jan", "2021-01-01", "2021-12-31"),
        holding("ann", "2024-01-01"),
    ]

    assert [payer_windows(changed, position) for position in range(4)] == [
        {"ann": DateWindow(None, dt.date(2015, 5, 31))},
        {
            "ann": DateWindow(dt.date(2015, 6, 1), dt.date(2023, 12, 31)),
            "jan": DateWindow(None, dt.date(2020, 12, 31)),
        },
        {"jan": DateWindow(dt.date(2021, 1, 1), None)},
        {"ann": DateWindow(dt.date(2024, 1, 1), None)},
    ]


@given(st.lists(title_spans(), min_size=1, max_size=5), st.dates(dt.date(2019, 12, 1), dt.date(2020, 4, 1)))
def test_every_row_of_a_payer_belongs_to_exactly_one_holding(
    titles: list[TitleSpan[str]], on: dt.date
) -> None:
    holdings = holdings_of(titles)

    for person in {title.person for title in titles}:
        owners = [
            position
            for position in range(len(holdings))
            if person in holdings[position].persons and payer_windows(holdings, position)[person].holds(on)
        ]
        assert len(owners) == 1


@pytest.mark.parametrize(
    ("persons", "origins"),
    [
        (["ann"], [Origin.FIRST]),
        (["ann", "eve"], [Origin.FIRST, Origin.TAKEN_OVER]),
        (["ann", "ann jan"], [Origin.FIRST, Origin.TAKEN_OVER]),
        (["ann jan", "ann"], [Origin.FIRST, Origin.CONTINUED]),
        (["ann", "eve jan", "eve"], [Origin.FIRST, Origin.TAKEN_OVER, Origin.TAKEN_OVER]),
        (["ann", "eve", "ann"], [Origin.FIRST, Origin.TAKEN_OVER, Origin.TAKEN_OVER]),
    ],
    ids=[
        "one owner",
        "sale",
        "a co-owner joins",
        "a co-owner leaves",
        "a buyer leaves",
        "sold and bought back",
    ],
)
def test_a_holding_is_taken_over_where_somebody_was_no_part_of_a_former_one(
    persons: list[str], origins: list[Origin]
) -> None:
    holdings = [
        holding(names, f"20{number + 10}-01-01", f"20{number + 10}-12-31")
        for number, names in enumerate(persons)
    ]

    assert [origin_of(holdings, position) for position in range(len(holdings))] == origins
