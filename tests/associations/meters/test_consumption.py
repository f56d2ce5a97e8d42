"""Consumption from readings: over the turn of the year, over an exchanged meter, beside the year before."""

import datetime as dt
from decimal import Decimal

import pytest

from associations.meters.calculations import ReadingRow
from associations.meters.consumption import (
    MediumYear,
    MonthUse,
    compare_month,
    media_by_year,
    pair_readings,
    use_by_month,
)
from associations.periods import Month

WATER = "zimna woda"


def reading(text: str, *, medium: str = WATER, unit: str = "m³") -> ReadingRow:
    """`2025-05-31 M1 12.5 2.5 measured`; a dash stands for a consumption that was not supplied."""
    day, serial, value, consumption, kind = text.split()
    stated = None if consumption == "-" else Decimal(consumption)
    return ReadingRow(medium, serial, dt.date.fromisoformat(day), Decimal(value), stated, unit, kind, "OD")


def readings(*texts: str, unit: str = "m³") -> list[ReadingRow]:
    return [reading(text, unit=unit) for text in texts]


def the_year(rows: list[ReadingRow], year: int) -> MediumYear:
    (found,) = media_by_year(rows, year)
    return found


def test_a_reading_less_the_one_before_is_its_consumption_over_the_turn_of_the_year() -> None:
    found = the_year(
        readings(
            "2024-11-30 M 95 - measured", "2024-12-31 M 100 - measured", "2025-01-31 M 103.5 - measured"
        ),
        2025,
    )

    (january,) = found.readings
    assert january.previous is not None
    assert january.previous.read_on == dt.date(2024, 12, 31)
    assert (january.difference, january.consumption) == (Decimal("3.5"), Decimal("3.5"))
    assert not january.is_different


def test_the_first_reading_has_nothing_before_it() -> None:
    with_figure, without = pair_readings(
        [reading("2025-01-31 M 103 3.5 measured"), reading("2025-01-31 N 50 - measured")]
    )

    assert (with_figure.previous, with_figure.difference, with_figure.consumption) == (
        None,
        None,
        Decimal("3.5"),
    )
    assert not with_figure.is_different
    assert (without.difference, without.consumption) == (None, None)


def test_a_supplied_consumption_that_differs_is_kept_and_known() -> None:
    _, found = pair_readings(readings("2025-01-31 M 100 - measured", "2025-02-28 M 103 2.9 measured"))

    assert (found.consumption, found.difference, found.is_different) == (Decimal("2.9"), Decimal(3), True)


def test_an_exchanged_meter_goes_on_where_the_old_one_ended() -> None:
    rows = readings(
        "2025-05-31 OLD 197.532 2 measured",
        "2025-06-14 NEW 0.050 0.000 installed",
        "2025-06-14 OLD 197.932 0.400 removed",
        "2025-06-30 NEW 2.360 2.310 measured",
    )
    found = the_year(rows, 2025)

    assert [(one.row.serial, one.row.kind, one.difference) for one in found.readings] == [
        ("OLD", "measured", None),
        ("OLD", "removed", Decimal("0.400")),
        ("NEW", "installed", None),
        ("NEW", "measured", Decimal("2.310")),
    ]
    assert found.months[-1].use == MonthUse(Decimal("2.710"), is_estimated=False, days=30)
    assert [(one.removed, one.installed) for one in found.exchanges] == [("OLD", "NEW")]


def test_a_meter_that_came_back_is_not_counted_from_its_old_reading() -> None:
    rows = readings("2025-01-31 M 100 - measured", "2025-02-10 M 3 - installed", "2025-02-28 M 5 - measured")

    assert [one.difference for one in pair_readings(rows)] == [None, None, Decimal(2)]


def test_a_measurement_of_the_new_meter_on_its_first_day_follows_its_installation() -> None:
    rows = readings(
        "2025-02-10 NEW 1 - measured", "2025-02-10 NEW 0 - installed", "2025-02-10 OLD 9 - removed"
    )

    assert [(one.row.serial, one.row.kind) for one in pair_readings(rows)] == [
        ("OLD", "removed"),
        ("NEW", "installed"),
        ("NEW", "measured"),
    ]


@pytest.mark.parametrize(("unit", "difference"), [("", None), ("m³", Decimal(-40))])
def test_an_allocator_counts_anew_each_season_while_a_meter_is_corrected(
    unit: str, difference: Decimal | None
) -> None:
    _, found = pair_readings(
        readings("2024-12-31 P 60 60 measured", "2025-12-31 P 20 20 measured", unit=unit)
    )

    assert (found.difference, found.consumption) == (difference, Decimal(20))
    assert found.is_different is (unit != "")


def test_two_meters_of_a_medium_add_up_in_a_month() -> None:
    rows = readings(
        "2025-01-31 A 10 1 measured",
        "2025-01-31 B 20 2 measured",
        "2025-02-28 A 11.5 1.5 estimated",
        "2025-02-28 B 22 2 measured",
    )

    assert use_by_month(pair_readings(rows)) == {
        Month(2025, 1): MonthUse(Decimal(3), is_estimated=False, days=None),
        Month(2025, 2): MonthUse(Decimal("3.5"), is_estimated=True, days=28),
    }


def test_a_settlement_reading_that_states_the_whole_year_counts_as_its_difference() -> None:
    rows = readings("2025-11-30 M 130 - measured", "2025-12-31 M 133 35.5 settlement")

    assert use_by_month(pair_readings(rows)) == {
        Month(2025, 12): MonthUse(Decimal(3), is_estimated=False, days=31)
    }
    assert pair_readings(rows)[1].consumption == Decimal("35.5")


OCTOBER, OCTOBER_BEFORE = Month(2026, 10), Month(2025, 10)


def use(amount: str, days: int | None = 31, *, is_estimated: bool = False) -> MonthUse:
    return MonthUse(Decimal(amount), is_estimated, days)


@pytest.mark.parametrize(
    ("now", "before", "difference", "percent"),
    [
        (use("2.552"), use("2.765"), "-0.213", -8),
        (use("3"), use("2", 28), "1", 50),
        (use("2.5"), use("2"), "0.5", 25),
        (use("2.01"), use("2"), "0.01", 1),  # 0.5 % half up
        (use("2"), use("2"), "0", 0),
        (use("2", is_estimated=True), use("1"), "1", None),
        (use("2"), use("1", is_estimated=True), "1", None),
        (use("2"), use("0"), "2", None),
        (use("0"), use("2"), "-2", None),
        (use("2"), use("-1"), "3", None),
        (use("12", 365), use("1", 31), "11", None),
        (use("2", None), use("1"), "1", None),
        (use("9"), use("1"), "8", None),  # 800 % says less than the figures
        (use("2"), None, None, None),
    ],
)
def test_a_month_beside_the_same_one_of_the_year_before(
    now: MonthUse, before: MonthUse | None, difference: str | None, percent: int | None
) -> None:
    uses = {OCTOBER: now} | ({OCTOBER_BEFORE: before} if before else {})

    found = compare_month(OCTOBER, uses)

    assert found.difference == (None if difference is None else Decimal(difference))
    assert found.percent == percent


def test_a_year_is_summed_beside_the_same_months_only() -> None:
    rows = readings(
        "2025-01-31 M 10 1 measured",
        "2025-02-28 M 12 2 measured",
        "2025-03-31 M 15 3 measured",
        "2026-01-31 M 40 4 measured",
        "2026-02-28 M 45 5 measured",
    )
    found = the_year(rows, 2026)

    assert (found.total, found.total_before) == (Decimal(9), Decimal(3))
    assert [one.month.number for one in found.months] == [1, 2, 3]
    assert found.latest is not None
    assert found.latest.month == Month(2026, 2)


def test_a_year_with_a_month_that_cannot_be_compared_has_no_sum_before() -> None:
    rows = readings("2025-02-28 M 12 2 measured", "2026-01-31 M 40 4 measured", "2026-02-28 M 45 5 measured")

    assert the_year(rows, 2026).total_before is None


def test_media_and_units_are_kept_apart_and_a_missing_unit_is_the_meters() -> None:
    rows = [
        reading("2026-01-31 G1 5 1 measured", medium="ogrzewanie", unit="GJ"),
        reading("2026-01-31 P1 60 60 measured", medium="ogrzewanie", unit=""),
        reading("2026-01-31 W1 5 1 installed", unit=""),
        reading("2026-02-28 W1 6 1 measured"),
        reading("2025-02-28 GAS 6 1 measured", medium="gaz"),
    ]

    found = media_by_year(rows, 2026)

    assert [(one.medium, one.unit, len(one.readings)) for one in found] == [
        ("ogrzewanie", "", 1),
        ("ogrzewanie", "GJ", 1),
        (WATER, "m³", 2),
    ]


def test_nothing_read_is_no_medium() -> None:
    assert media_by_year([], 2026) == ()


def test_a_reading_below_the_one_before_takes_back_and_marks_its_month() -> None:
    rows = readings(
        "2025-12-31 M 100 - measured", "2026-01-31 M 112 - estimated", "2026-02-28 M 108 - measured",
        "2026-03-31 M 111 - measured",
    )  # fmt: skip

    found = the_year(rows, 2026)

    assert [one.row.read_on.month for one in found.corrections] == [2]
    assert found.corrections[0].consumption == Decimal(-4)
    assert [one.use and one.use.is_corrected for one in found.months] == [False, True, False]
    assert found.total == Decimal(11)


def test_a_corrected_month_is_compared_without_a_percentage() -> None:
    plain = {Month(2025, 5): use("10"), Month(2026, 5): use("12")}
    corrected = plain | {Month(2026, 5): MonthUse(Decimal(12), False, 31, is_corrected=True)}

    assert compare_month(Month(2026, 5), plain).percent == 20
    assert compare_month(Month(2026, 5), corrected).percent is None
