"""How figures, dates and units are written: `1 234,56 zł`, `10.11.2026`, `31 października 2026`, `m³`.

Inside: pure functions on Decimal and date, wrapped as template filters in `templatetags/kartoteka.py` and
used by printouts. Not inside: rounding (amounts come with two decimals and are never rounded for display)
and value types. Spaces are no-break (U+00A0), the minus is U+2212. Other languages keep the same formats; only
words are translated.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from django.utils.translation import get_language, gettext

NO_BREAK_SPACE = "\u00a0"
NO_BREAK_HYPHEN = "\u2011"
MINUS = "\u2212"

BalanceState = Literal["owed", "paid", "even"]

_TO_POLISH = str.maketrans({",": NO_BREAK_SPACE, ".": ",", "-": MINUS})

# fmt: off
_MONTHS_OF_POLISH = (
    "styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec",
    "lipiec", "sierpień", "wrzesień", "październik", "listopad", "grudzień",
)
_MONTHS_OF_POLISH_DAYS = (
    "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
    "lipca", "sierpnia", "września", "października", "listopada", "grudnia",
)
_MONTHS_OF_ENGLISH = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
_MONTHS_OF_UKRAINIAN = (
    "січень", "лютий", "березень", "квітень", "травень", "червень",
    "липень", "серпень", "вересень", "жовтень", "листопад", "грудень",
)
_MONTHS_OF_UKRAINIAN_DAYS = (
    "січня", "лютого", "березня", "квітня", "травня", "червня",
    "липня", "серпня", "вересня", "жовтня", "листопада", "грудня",
)
_MONTHS = {"pl": _MONTHS_OF_POLISH, "en": _MONTHS_OF_ENGLISH, "uk": _MONTHS_OF_UKRAINIAN}
_MONTHS_OF_DAYS = {"pl": _MONTHS_OF_POLISH_DAYS, "en": _MONTHS_OF_ENGLISH, "uk": _MONTHS_OF_UKRAINIAN_DAYS}
# fmt: on

_UNITS = {
    "m2": "m²",
    "m^2": "m²",
    "mkw": "m²",
    "mkw.": "m²",
    "m3": "m³",
    "m^3": "m³",
    "os": "os.",
    "szt": "szt.",
}
_TRANSLATED_UNITS = {
    "en": {"os.": "pers.", "szt.": "pcs", "lokal": "premises", "udział": "share", "mies.": "month"},
    "uk": {"os.": "ос.", "szt.": "шт.", "lokal": "прим.", "udział": "частка", "mies.": "міс."},
}


class InexactAmountError(ValueError):
    """A fraction of a grosz reached a page: a bug, since nothing is rounded for display."""

    code = "inexact_amount"


def format_money(amount: Decimal | int | None) -> str:
    """`1 234,56` with two decimals, `−120,00` below zero; an empty text for None (an empty cell).

    Raises InexactAmountError for a fraction of a grosz and TypeError for a float.
    """
    if amount is None:
        return ""
    text = f"{amount:,f}" if isinstance(amount, Decimal) else _whole_amount(amount)
    if text[-3:-2] != ".":
        text = _two_decimals(Decimal(amount))
    if text[0] == "-" and not amount:
        text = text[1:]
    return text.translate(_TO_POLISH)


def format_signed_money(amount: Decimal | int | None) -> str:
    """Like `format_money`, with a plus before a positive amount: `+42,00`, `0,00`, `−268,41`."""
    text = format_money(amount)
    return f"+{text}" if amount is not None and amount > 0 else text


def format_zloty(amount: Decimal | int | None, *, is_signed: bool = False) -> str:
    """`1 234,56 zł`; None stays an empty text."""
    text = format_signed_money(amount) if is_signed else format_money(amount)
    return f"{text}{NO_BREAK_SPACE}zł" if text else ""


def format_quantity(quantity: Decimal | int | None, *, places: int = 0) -> str:
    """A quantity with all its decimals, at least `places` of them, else no trailing zeros: `48,5`, `7`."""
    if quantity is None:
        return ""
    whole, _, fraction = f"{abs(_as_decimal(quantity)):,f}".partition(".")
    fraction = fraction.rstrip("0").ljust(places, "0")
    text = f"{'-' if quantity < 0 else ''}{whole}{'.' if fraction else ''}{fraction}"
    return text.translate(_TO_POLISH)


def widest_places(quantities: Iterable[Decimal | None]) -> int:
    """Decimals of the most exact quantity of a column, so that all of them stand under one another."""
    shown = (f"{one:f}".partition(".")[2].rstrip("0") for one in quantities if one is not None)
    return max(map(len, shown), default=0)


def format_rate(rate: Decimal | int | None) -> str:
    """A rate with at least two decimals and at most those it has: `2,10`, `11,1564`, `28,115`."""
    if rate is None:
        return ""
    whole, _, fraction = f"{_as_decimal(rate):,f}".partition(".")
    text = f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"
    return text.translate(_TO_POLISH)


def format_day(day: dt.date | None) -> str:
    """`10.11.2026`; an empty text for None."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}" if day else ""


def format_day_words(day: dt.date | None) -> str:
    """`31 października 2026`, in English `31 October 2026`; an empty text for None."""
    if not day:
        return ""
    return f"{day.day}{NO_BREAK_SPACE}{_MONTHS_OF_DAYS[_language()][day.month - 1]} {day.year}"


def format_month_words(month: dt.date | None) -> str:
    """`październik 2026`, in English `October 2026`; takes any day of the month."""
    return f"{name_month(month.month)} {month.year}" if month else ""


def name_month(number: int) -> str:
    """The name of month 1 to 12 standing alone: `październik`, in English `October`."""
    return _MONTHS[_language()][number - 1]


def judge_balance(balance: Decimal | int) -> BalanceState:
    """`owed` below zero (niedopłata), `paid` above (nadpłata), else `even`; balance = Σ credit − Σ debit."""
    if balance < 0:
        return "owed"
    return "paid" if balance > 0 else "even"


def name_balance(balance: Decimal | int) -> str:
    """The word that stands beside every balance: niedopłata, nadpłata or rozliczone."""
    state = judge_balance(balance)
    if state == "owed":
        return gettext("niedopłata")
    return gettext("nadpłata") if state == "paid" else gettext("rozliczone")


def format_unit(unit: str | None) -> str:
    """A unit as people write it: accounting programs cannot store ² and ³, so `m2` is shown as `m²`.

    In other languages the Polish words among units are theirs: `os.` is `pers.` in English.
    """
    text = (unit or "").strip()
    text = _UNITS.get(text.lower(), text)
    return _TRANSLATED_UNITS.get(_language(), {}).get(text.lower(), text)


def _whole_amount(amount: int) -> str:
    if not isinstance(amount, int):
        raise TypeError("money is a Decimal, never a float")
    return f"{amount:,}.00"


def _two_decimals(amount: Decimal) -> str:
    text = f"{amount:,.2f}"
    if Decimal(text.replace(",", "")) != amount:
        raise InexactAmountError("an amount of money has at most two decimals")
    return text


def _as_decimal(value: Decimal | int) -> Decimal:
    if not isinstance(value, Decimal | int):
        raise TypeError("a quantity or a rate is a Decimal, never a float")
    return Decimal(value)


def _language() -> str:
    language = (get_language() or "pl").partition("-")[0]
    return language if language in _MONTHS else "pl"
