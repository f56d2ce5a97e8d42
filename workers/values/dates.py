"""Dates and months: the ways that programs and spreadsheets write them → date; a month is its first day.

A year has four digits: nobody can tell 05.06.07 until the order is settled. Day and month stand in the Polish
order unless another one is settled.
"""

import re
from calendar import isleap, monthrange
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from workers.values.fault import Cell, Fault
from workers.values.texts import plain_number

_YEAR_FIRST = re.compile(r"([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SHORT_YEAR = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{1,2})")
_SERIAL = re.compile(r"[0-9]{5}(?:[.,]0+)?")
_TIME = re.compile(r"[T ]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?Z?\Z")
_YEAR_OF = re.compile(r"\s*(?:r\.?|rok|roku)\Z", re.IGNORECASE)
_MONTH_YEAR_FIRST = re.compile(r"([0-9]{4})[-./ ]([0-9]{1,2})")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[-./ ]([0-9]{4})")
_MONTH_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})")
_MONTH_WORD = re.compile(r"([^\W\d_]+)\.?[\s,./-]*([0-9]{4})|([0-9]{4})[\s,./-]*([^\W\d_]+)")

Order = Literal["", "dmy", "mdy", "ymd"]
_ORDERS = {"dmy": "dzień, miesiąc, rok", "mdy": "miesiąc, dzień, rok", "ymd": "rok, miesiąc, dzień"}
_FIRST_OF_THE_1900S = 70
_LONGEST = 40
_EARLIEST, _LATEST = 1900, 2100
_SERIAL_ZERO = date(1899, 12, 30)
# 1940 to 2100: a smaller number in a date column is a year or a count rather than a spreadsheet's day.
_SERIALS = range(14611, 73415)

_NOMINATIVE = (
    "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień"
)
_GENITIVE = (
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
)
_SHORT = "sty lut mar kwi maj cze lip sie wrz paź lis gru"
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii"
_NAMES = _NOMINATIVE.split()
_MONTHS = {
    word: number
    for words in (_NOMINATIVE, _GENITIVE, _SHORT, _ROMAN)
    for number, word in enumerate(words.split(), start=1)
}

_NOT_A_DATE = Fault("not_a_date", "To nie jest data: oczekiwano np. 10.11.2026 albo 2026-11-10.")
_NOT_A_MONTH = Fault(
    "not_a_month", "To nie jest miesiąc: oczekiwano np. 2026-11, 11/2026 albo listopad 2026."
)


def read_date(cell: Cell, order: Order = "") -> date | Fault | None:
    """The day in a cell; None where it is empty; a Fault that names what is wrong with the day.

    A settled `order` also reads years of two digits, of 1970 to 2069.
    """
    if type(cell) is str:
        return _read_text(cell, order)
    if cell is None:
        return None
    if isinstance(cell, date):
        return _check_year(cell.date() if isinstance(cell, datetime) else cell)
    number = int(cell)
    if 19_000_101 <= number <= 21_001_231:  # noqa: PLR2004  20261110 kept as a number
        return _read_text(str(number), order)
    return _from_serial(number)


def read_month(cell: Cell, order: Order = "") -> date | Fault | None:
    """The first day of the month in a cell; a full date stands for its month."""
    if isinstance(cell, float | int | Decimal):
        if int(cell) in _SERIALS:
            return _serial_day(int(cell)).replace(day=1)
        # 11.2026 typed into a spreadsheet became a number; its trailing zeros (10.2020) are gone.
        cell = plain_number(cell) if not isinstance(cell, int) else str(cell)
    if isinstance(cell, str):
        text = cell.strip()
        if not text:
            return None
        if len(text) > _LONGEST:
            return _NOT_A_MONTH
        text = _YEAR_OF.sub("", text)
        found_month = _read_month_text(text)
        if found_month is not None:
            return found_month
    day = read_date(cell, order)
    if isinstance(day, date):
        return day.replace(day=1)
    return _NOT_A_MONTH if day is _NOT_A_DATE else day


def _read_text(text: str, order: Order) -> date | Fault | None:
    text = text.strip()
    found = _DAY_FIRST.fullmatch(text)
    if found:
        return _read_parts(found, order)
    if not text:
        return None
    if len(text) > _LONGEST:
        return _NOT_A_DATE
    text = _YEAR_OF.sub("", _TIME.sub("", text))
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        return _make_date(int(found[1]), int(found[3]), int(found[4]))
    return _read_rare_text(text, order)


def _read_rare_text(text: str, order: Order) -> date | Fault:
    found = _DAY_FIRST.fullmatch(text)
    if found:
        return _read_parts(found, order)
    found = _COMPACT.fullmatch(text)
    if found:
        return _make_date(int(found[1]), int(found[2]), int(found[3]))
    if _SERIAL.fullmatch(text):
        return _from_serial(int(re.split("[.,]", text)[0]))
    found = _SHORT_YEAR.fullmatch(text)
    return _read_short_year(found, order) if found else _NOT_A_DATE


def _read_parts(found: re.Match[str], order: Order) -> date | Fault:
    """A date whose year stands last; only its first two numbers may change places."""
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if order == "mdy":
        return _make_date(year, first, second, "miesiąc, dzień, rok")
    return _make_date(year, second, first)


def _read_short_year(found: re.Match[str], order: Order) -> date | Fault:
    parts = found[1], found[3], found[4]
    if not order:
        return Fault(
            "short_year",
            "Rok musi mieć cztery cyfry, np. 10.11.2026; kolejność dnia, miesiąca i roku"
            " możesz też wybrać w ustawieniach wczytywania.",
        )
    named = dict(zip(order, parts, strict=True))
    if len(named["y"]) != 2:  # noqa: PLR2004
        return _NOT_A_DATE
    year = int(named["y"])
    century = 2000 if year < _FIRST_OF_THE_1900S else 1900
    return _make_date(century + year, int(named["m"]), int(named["d"]), _ORDERS[order])


def _from_serial(number: int) -> date | Fault:
    return _serial_day(number) if number in _SERIALS else _NOT_A_DATE


def _serial_day(number: int) -> date:
    return _SERIAL_ZERO + timedelta(days=number)


def _make_date(year: int, month: int, day: int, order: str = "dzień, miesiąc, rok") -> date | Fault:
    wrong = _check_month(month, order) or _check_day(year, month, day)
    return wrong or _check_year_number(year) or date(year, month, day)


def _check_month(month: int, order: str) -> Fault | None:
    if 1 <= month <= 12:  # noqa: PLR2004
        return None
    if month == 0:
        return Fault("no_such_month", "Nie ma miesiąca o numerze 0.")
    if month == 13:  # noqa: PLR2004
        return Fault("no_such_month", "Nie ma trzynastego miesiąca.")
    return Fault("no_such_month", f"Nie ma miesiąca o numerze {month}; data ma kolejność {order}.")


def _check_day(year: int, month: int, day: int) -> Fault | None:
    if day == 0:
        return Fault("no_such_day", "Nie ma dnia o numerze 0.")
    if year == 0 or day <= monthrange(year, month)[1]:
        return None
    if month == 2 and day == 29:  # noqa: PLR2004
        return Fault(
            "no_such_day",
            f"29 lutego jest tylko w latach przestępnych: rok {year} nie jest przestępny.",
        )
    if month == 2:  # noqa: PLR2004
        return Fault("no_such_day", f"Luty w roku {year} ma {29 if isleap(year) else 28} dni.")
    return Fault("no_such_day", f"{_NAMES[month - 1].capitalize()} ma {monthrange(year, month)[1]} dni.")


def _check_year_number(year: int) -> Fault | None:
    if _EARLIEST <= year <= _LATEST:
        return None
    return Fault("year_out_of_range", f"Rok {year} jest poza zakresem {_EARLIEST}–{_LATEST}.")


def _check_year(day: date) -> date | Fault:
    return _check_year_number(day.year) or day


def _read_month_text(text: str) -> date | Fault | None:
    found = _MONTH_YEAR_FIRST.fullmatch(text) or _MONTH_COMPACT.fullmatch(text)
    if found:
        return _make_date(int(found[1]), int(found[2]), 1)
    found = _MONTH_FIRST.fullmatch(text)
    if found:
        return _make_date(int(found[2]), int(found[1]), 1)
    found = _MONTH_WORD.fullmatch(text)
    if found:
        number = _MONTHS.get((found[1] or found[4]).lower())
        return _make_date(int(found[2] or found[3]), number, 1) if number else _NOT_A_MONTH
    return None
