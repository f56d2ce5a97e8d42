from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.values.dates import read_date, read_month
from workers.values.fault import Cell, Fault

TENTH = date(2026, 11, 10)
PLAUSIBLE = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-10",
        "10.11.2026",
        "10-11-2026",
        "10/11/2026",
        "2026.11.10",
        "2026/11/10",
        "20261110",
        "10.11.2026 r.",
        "2026-11-10 00:00:00",
        "2026-11-10T23:59:59Z",
        " 10.11.2026 ",
        date(2026, 11, 10),
        datetime.fromisoformat("2026-11-10T12:30"),
        46336.0,
        46336,
        "46336",
        20261110.0,
    ],
)
def test_a_date_in_each_way_of_writing(cell: Cell) -> None:
    assert read_date(cell) == TENTH


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("31.09.2026", "Wrzesień ma 30 dni."),
        ("31.04.2026", "Kwiecień ma 30 dni."),
        ("2026-11-31", "Listopad ma 30 dni."),
        ("32.01.2026", "Styczeń ma 31 dni."),
        ("29.02.2026", "29 lutego jest tylko w latach przestępnych: rok 2026 nie jest przestępny."),
        ("29.02.1900", "29 lutego jest tylko w latach przestępnych: rok 1900 nie jest przestępny."),
        ("30.02.2024", "Luty w roku 2024 ma 29 dni."),
        ("30.02.2026", "Luty w roku 2026 ma 28 dni."),
        ("01.13.2026", "Nie ma trzynastego miesiąca."),
        ("12/31/2026", "Nie ma miesiąca o numerze 31; data ma kolejność dzień, miesiąc, rok."),
        ("01.00.2026", "Nie ma miesiąca o numerze 0."),
        ("00.01.2026", "Nie ma dnia o numerze 0."),
        ("10.11.0206", "Rok 206 jest poza zakresem 1900–2100."),
        ("10.11.0000", "Rok 0 jest poza zakresem 1900–2100."),
        (
            "10.11.26",
            (
                "Rok musi mieć cztery cyfry, np. 10.11.2026; kolejność dnia, miesiąca i roku"
                " możesz też wybrać w ustawieniach wczytywania."
            ),
        ),
        ("wczoraj", "To nie jest data: oczekiwano np. 10.11.2026 albo 2026-11-10."),
        ("10.11-2026", "To nie jest data: oczekiwano np. 10.11.2026 albo 2026-11-10."),
        (2026.0, "To nie jest data: oczekiwano np. 10.11.2026 albo 2026-11-10."),
        (date(9999, 1, 1), "Rok 9999 jest poza zakresem 1900–2100."),
    ],
)
def test_a_day_that_does_not_exist_says_why(cell: Cell, reason: str) -> None:
    found = read_date(cell)

    assert isinstance(found, Fault)
    assert found.reason == reason


@pytest.mark.parametrize("cell", ["", "  ", None])
def test_an_empty_cell_is_no_date(cell: Cell) -> None:
    assert read_date(cell) is None
    assert read_month(cell) is None


def test_29_february_of_a_leap_year_is_a_day() -> None:
    assert read_date("29.02.2024") == date(2024, 2, 29)


@given(PLAUSIBLE, st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%Y%m%d"]))
def test_dates_survive_their_way_through_text(day: date, pattern: str) -> None:
    assert read_date(day.strftime(pattern)) == day


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11",
        "11/2026",
        "11.2026",
        "11-2026",
        "2026/11",
        "202611",
        "listopad 2026",
        "Listopada 2026",
        "LISTOPAD 2026 r.",
        "lis 2026",
        "lis. 2026",
        "XI 2026",
        "2026 listopad",
        "2026-11-01",
        "15.11.2026",
        date(2026, 11, 15),
        datetime.fromisoformat("2026-11-01"),
        46327.0,
        11.2026,
        2026.11,
        202611.0,
        202611,
    ],
)
def test_a_month_in_each_way_of_writing(cell: Cell) -> None:
    assert read_month(cell) == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("13/2026", "Nie ma trzynastego miesiąca."),
        ("2026-00", "Nie ma miesiąca o numerze 0."),
        ("brumaire 2026", "To nie jest miesiąc: oczekiwano np. 2026-11, 11/2026 albo listopad 2026."),
        ("11", "To nie jest miesiąc: oczekiwano np. 2026-11, 11/2026 albo listopad 2026."),
        ("31.09.2026", "Wrzesień ma 30 dni."),
    ],
)
def test_a_month_that_does_not_exist_says_why(cell: Cell, reason: str) -> None:
    found = read_month(cell)

    assert isinstance(found, Fault)
    assert found.reason == reason


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_months_survive_their_way_through_text(year: int, month: int) -> None:
    for text in (f"{year}-{month:02d}", f"{month}/{year}", f"{month:02d}.{year}"):
        assert read_month(text) == date(year, month, 1)


@given(st.one_of(st.text(max_size=25), st.text("0123456789.-/ T:", max_size=20)))
def test_no_text_makes_reading_a_date_raise(text: str) -> None:
    read_date(text)
    read_month(text)
