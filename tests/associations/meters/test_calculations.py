"""Which meters were exchanged."""

import datetime as dt
from decimal import Decimal

from associations.meters.calculations import Exchange, ReadingRow, find_exchanges


def reading(day: str, serial: str, kind: str, value: str = "0", medium: str = "zimna woda") -> ReadingRow:
    return ReadingRow(medium, serial, dt.date.fromisoformat(day), Decimal(value), None, "m3", kind, "")


def test_a_removal_and_the_installation_that_follows_are_an_exchange() -> None:
    readings = [
        reading("2025-05-14", "NEW", "installed", "0.1"),
        reading("2025-05-14", "OLD", "removed", "99.5"),
        reading("2025-05-31", "NEW", "measured", "1"),
    ]

    assert find_exchanges(readings) == (
        Exchange("zimna woda", dt.date(2025, 5, 14), "OLD", Decimal("99.5"), "NEW", Decimal("0.1")),
    )


def test_two_meters_of_a_medium_exchanged_on_one_day_make_two_pairs() -> None:
    readings = [
        reading("2025-05-14", "OLD1", "removed"),
        reading("2025-05-14", "OLD2", "removed"),
        reading("2025-05-14", "NEW1", "installed"),
        reading("2025-05-14", "NEW2", "installed"),
    ]

    pairs = [(one.removed, one.installed) for one in find_exchanges(readings)]

    assert pairs == [("OLD1", "NEW1"), ("OLD2", "NEW2")]


def test_a_removal_alone_another_medium_and_an_earlier_installation_are_none() -> None:
    assert find_exchanges([reading("2025-05-14", "OLD", "removed")]) == ()
    assert (
        find_exchanges(
            [
                reading("2025-05-14", "OLD", "removed"),
                reading("2025-05-13", "NEW", "installed"),
                reading("2025-05-14", "HOT", "installed", medium="ciepła woda"),
            ]
        )
        == ()
    )
