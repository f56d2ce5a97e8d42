"""The `:86:` field of MT940 in the dialects of Polish banks: its sub-fields, and what they say of a payment.

A sub-field is a separator (`?`, `<`, `~`, `^` or `+`), two digits and its text, broken into lines anywhere. 20 to 26 and
60 to 63 hold the title, 27 to 29 or 32 and 33 the name, the others codes and accounts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

SEPARATORS = "?<~^+"
# Banks cut texts into pieces of this length without regard to words; a shorter piece ends with a word.
_FULL_PIECE = 27
_TITLE = ("20", "21", "22", "23", "24", "25", "26")
_TITLE_TAIL = ("60", "61", "62", "63")
_NAME = ("32", "33")
_NAME_ELSEWHERE = ("27", "28", "29")
# Sub-fields in which banks give the end of a virtual account or the payer's number by itself.
_IDENTIFIERS = ("60", "61", "62", "63", "64", "65")
_ACCOUNT = re.compile(r"(?<![0-9])(?:[0-9] ?){25}[0-9](?![0-9])")
_SHORT_NUMBER = re.compile(r"(?<![0-9])[0-9]{8,25}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Details:
    """What the details of an operation say. `numbers`: accounts and their ends, the likeliest first."""

    title: str
    payer_name: str
    numbers: tuple[str, ...]


def read_details(text: str, reference: str) -> Details:
    """The details of one operation; `reference` is what its `:61:` line says beside the amount."""
    fields = split_details(text)
    if not fields:
        plain = " ".join(text.split())
        return Details(plain, "", _numbers([plain], [reference]))
    # The tail is text, or the payer's number by itself.
    tail = [code for code in _TITLE_TAIL if not fields.get(code, "").replace(" ", "").isdecimal()]
    title = _joined(fields, (*_TITLE, *tail)) or fields.get("00", "").strip()
    name = _joined(fields, _NAME) or _joined(fields, _NAME_ELSEWHERE)
    return Details(
        title, name, _numbers(fields.values(), [reference, *(fields.get(code, "") for code in _IDENTIFIERS)])
    )


def split_details(text: str) -> dict[str, str]:
    """Sub-fields by their code; empty where the text has none (a bank that writes it freely)."""
    flat = text.replace("\n", "")
    counts = {separator: len(re.findall(re.escape(separator) + "[0-9]{2}", flat)) for separator in SEPARATORS}
    separator = max(SEPARATORS, key=lambda one: counts[one])
    # Free texts hold a plus or a question mark, too: sub-fields begin at once or behind a code of three signs.
    start = re.match(rf"[0-9A-Z ]{{0,4}}(?={re.escape(separator)}[0-9]{{2}})", flat)
    if start is None:
        return {}
    parts = re.split(rf"{re.escape(separator)}([0-9]{{2}})", flat[start.end() :])
    found: dict[str, str] = {}
    for code, piece in zip(parts[1::2], parts[2::2], strict=True):
        found[code] = found.get(code, "") + piece
    return found


def _joined(fields: dict[str, str], codes: Iterable[str]) -> str:
    text = ""
    for piece in (fields.get(code, "") for code in codes):
        text += piece if len(piece) >= _FULL_PIECE else f"{piece} "
    return " ".join(text.split())


def _numbers(texts: Iterable[str], identifiers: Iterable[str]) -> tuple[str, ...]:
    accounts = [found.replace(" ", "") for text in texts for found in _ACCOUNT.findall(text)]
    ends = [found for text in identifiers for found in _SHORT_NUMBER.findall(text)]
    return tuple(dict.fromkeys(number for number in (*accounts, *ends) if number.strip("0")))
