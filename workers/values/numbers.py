"""Amounts, quantities, rates, counts and shares: text or spreadsheet number → exact Decimal.

A comma or a point separates decimals; space, U+00A0, U+202F, dot, comma or apostrophe thousands. Minus
stands before or behind, as U+2212, or as parentheses; zł or PLN may follow. Never a float in the result.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from workers.values.fault import Cell, Fault, Share, warning
from workers.values.texts import plain_number

_PLAIN = re.compile(r"-?[0-9]{1,8}(?:[.,][0-9]{1,2})?")
_SIMPLE = re.compile(r"(?P<whole>[0-9]*)(?:(?P<point>[.,])(?P<decimals>[0-9]+))?")
_GROUPED = re.compile(
    r"(?P<whole>[0-9]{1,3}(?P<group>[ .,'])[0-9]{3}(?:(?P=group)[0-9]{3})*)"
    r"(?:(?P<point>(?!(?P=group))[.,])(?P<decimals>[0-9]+))?"
)
# Thousands or three decimal places: only the manager can tell.
_UNDECIDED = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_CURRENCY = re.compile(r"\s*(?:zł\.?|pln)\Z|\A(?:zł|pln)\s*", re.IGNORECASE)
_MARKS = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2009\u2007\t\r\n", " "),
        **dict.fromkeys("\u2212\u2013\u2014\u2012\ufe63\uff0d", "-"),
        **dict.fromkeys("’‘`´", "'"),
        **dict.fromkeys("\u200b\u200e\u200f\u2060\ufeff\u00ad"),
    }
)
_AMBIGUOUS_POINT = Fault(
    "ambiguous_point",
    "Nie wiadomo, czy kropka oddziela tysiące, czy grosze. Wybierz to w ustawieniach wczytywania"
    " albo zapisz kwotę z groszami, np. 1234,00.",
)
_GROSZE_FRACTION = Fault(
    "grosze_fraction", "Kwota ma miejsca po przecinku, a kwoty w tej tabeli są podane w groszach."
)
# No number is longer; some of the patterns take their time over texts of thousands of digits.
_LONGEST = 60
_LONGEST_PART = 12
# What a spreadsheet's binary arithmetic may add to an amount: far less than a hundredth of a grosz.
_BINARY_NOISE = Decimal("0.0000001")


@dataclass(frozen=True, slots=True)
class NumberForm:
    """What a column takes: `scale` decimal places kept, `whole` digits before the point, its bounds.

    `is_exact` columns (money) refuse more decimal places; the others are rounded half up with a warning.
    `decimal` says what stands before three digits in `1.234`: with the other mark they are thousands.
    `is_in_grosze` columns hold whole grosze.
    """

    scale: int
    whole: int = 12
    is_exact: bool = False
    minimum: int | None = None
    maximum: int | None = None
    noun: str = "liczba"
    decimal: str = ""
    is_in_grosze: bool = False


MONEY = NumberForm(scale=2, is_exact=True, noun="kwota")
GROSZE = NumberForm(scale=2, whole=14, is_exact=True, noun="kwota", is_in_grosze=True)


def read_number(cell: Cell, form: NumberForm) -> Decimal | Fault | None:
    """The exact number in a cell, None where it is empty or a lone dash, or why it is none."""
    if type(cell) is str:
        if (
            form.minimum is None
            and not form.is_in_grosze
            and form.scale >= MONEY.scale
            and _PLAIN.fullmatch(cell)
        ):
            return Decimal(cell.replace(",", "."))
        number = _read_text(cell, form)
    elif cell is None:
        return None
    elif isinstance(cell, date):
        return Fault("number_became_date", f"To nie jest {form.noun}: arkusz zamienił wartość na datę.")
    elif isinstance(cell, float):
        number = _read_float(cell, form)
    else:
        number = Decimal(cell)
    return _fit(number, form) if isinstance(number, Decimal) else number


def read_money(cell: Cell) -> Decimal | Fault | None:
    """An amount in złote with at most two decimal places; the sign is the file's."""
    return read_number(cell, MONEY)


def read_grosze(cell: Cell) -> Decimal | Fault | None:
    """An amount in whole grosze as one in złote: 123456 → 1234.56; one with decimal places is refused."""
    number = read_number(cell, GROSZE)
    if not isinstance(number, Decimal):
        return number
    if number != number.to_integral_value():
        return _GROSZE_FRACTION
    return round_half_up(number / 100, MONEY.scale)


def read_integer(cell: Cell, form: NumberForm) -> int | Fault | None:
    """A whole number (2, 2.0, "2")."""
    number = read_number(cell, form)
    return int(number) if isinstance(number, Decimal) else number


def read_part(cell: Cell, form: NumberForm) -> Decimal | Fault | None:
    """A share as a decimal: 0,032293, 3,2293% or 4507/115200."""
    if isinstance(cell, str) and ("/" in cell or "%" in cell):
        share = read_share(cell)
        if isinstance(share, Fault) or share is None:
            return share
        # A quotient rarely ends; rounding it to the column's scale loses nothing that was supplied.
        return round_half_up(Decimal(share[0]) / Decimal(share[1]), form.scale)
    return read_number(cell, form)


def read_share(cell: Cell) -> Share | Fault | None:
    """A share as numerator and denominator as supplied: 1/2, 0,5 → 5/10 reduced to 1/2, 50% → 1/2."""
    if isinstance(cell, date):
        return Fault(
            "share_became_date",
            "Arkusz zamienił udział na datę. Nadaj kolumnie format „Tekst” i wpisz udział ponownie.",
        )
    if isinstance(cell, str):
        text = "".join(cell.translate(_MARKS).split())
        numerator, slash, denominator = text.partition("/")
        if slash:
            return _read_quotient(numerator, denominator)
        if text.endswith("%"):
            return _share_of(read_number(text[:-1], NumberForm(scale=6)), 100)
    return _share_of(read_number(cell, NumberForm(scale=9)), 1)


def round_half_up(number: Decimal, scale: int) -> Decimal:
    """The number with `scale` decimal places, a half away from zero."""
    return number.quantize(_step(scale), ROUND_HALF_UP)


@lru_cache(maxsize=16)
def _step(scale: int) -> Decimal:
    return Decimal(1).scaleb(-scale)


def _read_float(cell: float, form: NumberForm) -> Decimal | Fault:
    if cell != cell or cell in {float("inf"), float("-inf")}:  # noqa: PLR0124  NaN differs from itself
        return Fault("not_a_number", f"To nie jest {form.noun}.")
    number = Decimal(plain_number(cell))
    if abs(number) >= Decimal(10) ** form.whole:
        return number
    rounded = round_half_up(number, form.scale)
    return rounded if not form.is_exact or abs(rounded - number) <= _BINARY_NOISE else number


def _read_text(text: str, form: NumberForm) -> Decimal | Fault | None:
    text = text.translate(_MARKS).strip()
    if len(text) > _LONGEST:
        return Fault("not_a_number", f"To nie jest {form.noun}.")
    cleaned = _CURRENCY.sub("", text).strip()
    if cleaned in {"", "-"}:
        return None
    is_negative, body = _take_sign(cleaned)
    found = _SIMPLE.fullmatch(body) or _GROUPED.fullmatch(body)
    if not found or not (found["whole"] or found["decimals"]):
        return Fault("not_a_number", _explain(cleaned, form.noun))
    if _UNDECIDED.fullmatch(body):
        mark = found["point"]
        if form.is_in_grosze or (form.decimal and mark != form.decimal):
            found = _GROUPED.fullmatch(body) or found
        elif form.is_exact and mark == "." and not form.decimal:
            return _AMBIGUOUS_POINT
    decimals = found["decimals"] or ""
    if form.is_in_grosze and decimals:
        return _GROSZE_FRACTION
    whole = re.sub("[ .,']", "", found["whole"])
    return Decimal(f"{'-' if is_negative else ''}{whole or 0}.{decimals or 0}")


def _take_sign(text: str) -> tuple[bool, str]:
    if text.startswith("(") and text.endswith(")"):
        return True, _CURRENCY.sub("", text[1:-1].strip())
    # The currency may stand between the figure and its sign: 12,00 zł-, -PLN 12,00.
    if text.endswith("-"):
        return True, _CURRENCY.sub("", text[:-1].rstrip())
    if text.startswith("-"):
        return True, _CURRENCY.sub("", text[1:].lstrip())
    return False, text.removeprefix("+").lstrip()


def _explain(text: str, noun: str) -> str:
    if text.startswith("#"):
        return f"To nie jest {noun}: formuła w arkuszu zwróciła błąd {text[:12]}."
    if re.fullmatch(r"[-+(]?[0-9oO .,]*[oO][0-9oO .,]*[-)]?", text):
        return f"To nie jest {noun}: litera „O” zamiast zera."
    if re.fullmatch(r"[-+(]?[0-9lI .,]*[lI][0-9lI .,]*[-)]?", text):
        return f"To nie jest {noun}: litera „{'l' if 'l' in text else 'I'}” zamiast jedynki."
    if re.fullmatch(r"[-+]?[0-9]+[.,]", text):
        return f"To nie jest {noun}: brak cyfr po przecinku."
    if re.fullmatch(r"[-+]?[0-9 .,']+", text):
        return f"To nie jest {noun}: przecinki, kropki lub spacje są w niezrozumiałych miejscach."
    return f"To nie jest {noun}."


def _fit(number: Decimal, form: NumberForm) -> Decimal | Fault:
    fault = _out_of_bounds(number, form)
    if fault is not None:
        return fault
    rounded = round_half_up(number, form.scale)
    # Rounding up may reach the bound.
    fault = _out_of_bounds(rounded, form)
    if fault is not None:
        return fault
    if rounded == number:
        return rounded
    if form.is_exact:
        return Fault("too_precise", "Kwota ma więcej niż dwa miejsca po przecinku.")
    if form.scale == 0:
        return Fault("not_whole", "To nie jest liczba całkowita.")
    return warning("rounded", f"Zaokrąglono do {form.scale} miejsc po przecinku.", rounded)


def _out_of_bounds(number: Decimal, form: NumberForm) -> Fault | None:
    if abs(number) >= Decimal(10) ** form.whole:
        subject = form.noun.capitalize()
        return Fault("too_large", f"{subject} jest za duża: najwyżej {form.whole} cyfr przed przecinkiem.")
    if form.minimum is not None and number < form.minimum:
        return Fault("too_small", f"Wartość nie może być mniejsza niż {form.minimum}.")
    if form.maximum is not None and number > form.maximum:
        return Fault("too_large", f"Wartość nie może być większa niż {form.maximum}.")
    return None


def _read_quotient(numerator: str, denominator: str) -> Share | Fault:
    digits = numerator + denominator
    if not (digits.isascii() and digits.isdecimal() and numerator and denominator):
        return Fault("not_a_share", "To nie jest udział: oczekiwano np. 1/2, 0,5 albo 50%.")
    if max(len(numerator), len(denominator)) > _LONGEST_PART:
        return Fault("share_out_of_range", "Licznik lub mianownik udziału jest za długi.")
    return _check_share(int(numerator), int(denominator))


def _share_of(number: Decimal | Fault | None, of: int) -> Share | Fault | None:
    if number is None:
        return None
    if isinstance(number, Fault):
        return Fault("not_a_share", "To nie jest udział: oczekiwano np. 1/2, 0,5 albo 50%.")
    numerator, denominator = (number / of).as_integer_ratio()
    return _check_share(numerator, denominator)


def _check_share(numerator: int, denominator: int) -> Share | Fault:
    if not 0 < numerator <= denominator:
        return Fault("share_out_of_range", "Udział musi być większy od 0 i nie większy od 1.")
    if denominator > 10**9:
        return Fault("share_out_of_range", "Mianownik udziału jest za duży (najwyżej 1 000 000 000).")
    return numerator, denominator
