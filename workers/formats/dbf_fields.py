"""The fields of a DBF record: bytes → cells. Numbers stay exact; what is no value of its type stays a text."""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from workers.values.fault import Cell

_BLANK = b" \0"
_NUMBER = re.compile(rb"[-+]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)\Z")
_INTEGER_SIZE, _DOUBLE_SIZE = 4, 8
# Days from the Julian day number to Python's ordinal.
_JULIAN_OFFSET = 1721425
_LOGICAL: dict[bytes, Cell] = {
    **dict.fromkeys((b"T", b"t", b"Y", b"y"), "PRAWDA"),
    **dict.fromkeys((b"F", b"f", b"N", b"n"), "FAŁSZ"),
    **dict.fromkeys((b" ", b"?", b"\0"), None),
}


class EmptyFieldError(Exception):
    """A field whose length is not that of its type."""


@dataclass(frozen=True, slots=True)
class DbfField:
    """A column as the header describes it; Visual FoxPro gives B a meaning of its own."""

    name: bytes
    kind: str
    length: int
    decimals: int
    is_foxpro: bool

    @property
    def is_shown(self) -> bool:
        """Whether people know of it: FoxPro keeps null marks in a column of type 0."""
        return self.kind not in "0Q"


Parse = Callable[[bytes], Cell]


def parser_of(field: DbfField, codec: str) -> Parse:
    """How the field's bytes become a cell; EmptyFieldError for a length that its type cannot have."""
    sizes = {"I": _INTEGER_SIZE, "+": _INTEGER_SIZE, "Y": _DOUBLE_SIZE, "T": _DOUBLE_SIZE, "@": _DOUBLE_SIZE}
    if field.length != sizes.get(field.kind, field.length) or not field.length:
        raise EmptyFieldError(field.kind)
    if field.kind == "B" and field.is_foxpro and field.length == _DOUBLE_SIZE:
        return _double
    plain: dict[str, Parse] = {
        "N": _number,
        "F": _number,
        "D": _date,
        "L": _logical,
        "I": _integer,
        "+": _integer,
        "Y": _currency,
        "T": _moment,
        "@": _moment,
    }
    if field.kind in plain:
        return plain[field.kind]
    if field.kind in "MGPBO":
        return _elsewhere

    def text(raw: bytes) -> Cell:
        return raw.rstrip(_BLANK).decode(codec)

    return text


def _number(raw: bytes) -> Cell:
    digits = raw.strip(_BLANK)
    if not digits:
        return None
    if digits.isdigit():
        return int(digits)
    if _NUMBER.match(digits):
        return Decimal(digits.replace(b",", b".").decode("ascii"))
    # Asterisks stand for a number that did not fit; the column's converter says that it is none.
    return digits.decode("ascii", "replace")


def _date(raw: bytes) -> Cell:
    digits = raw.strip(_BLANK)
    if not digits.strip(b"0"):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return digits.decode("ascii", "replace")


def _logical(raw: bytes) -> Cell:
    return _LOGICAL[raw] if raw in _LOGICAL else raw.decode("ascii", "replace")


def _integer(raw: bytes) -> Cell:
    value: int = struct.unpack("<i", raw)[0]
    return value


def _currency(raw: bytes) -> Cell:
    value: int = struct.unpack("<q", raw)[0]
    return Decimal(value).scaleb(-4)


def _double(raw: bytes) -> Cell:
    value: float = struct.unpack("<d", raw)[0]
    return value


def _moment(raw: bytes) -> Cell:
    day, milliseconds = struct.unpack("<LL", raw)
    if not day or not raw.strip(_BLANK):
        return None
    try:
        midnight = datetime.fromordinal(day - _JULIAN_OFFSET)
        return midnight + timedelta(milliseconds=milliseconds)
    except (ValueError, OverflowError):
        return f"#{day}"


def _elsewhere(_raw: bytes) -> Cell:
    return None
