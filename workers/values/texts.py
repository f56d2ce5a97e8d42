"""Texts and codes: trimmed, inner space folded, invisible characters dropped, control characters refused."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from workers.values.fault import Cell, Fault, warning
from workers.values.pesel import has_pesel, mask_pesels

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_ELEVEN_DIGITS = re.compile(r"[0-9]{11}")
_SPREADSHEET_ERROR = re.compile(
    r"#(?:N/A|N/D!?|REF!|ADR!|NAME\?|NAZWA\?|VALUE!|ARG!|DIV/0!|DZIEL/0!|NUM!|LICZBA!)"
)
_FORMULA_STARTS = frozenset("=+-@")
# A spreadsheet keeps 15 significant digits of a number; longer codes have lost their last ones.
_EXACT_IN_SPREADSHEETS = 10**15


def fold_text(text: str) -> str:
    """The text in normal form (NFC) without invisible characters, trimmed, each run of space one space."""
    # Printable text has no space but U+0020 and no invisible character: nearly every cell.
    if text.isprintable() and "  " not in text:
        folded = text.strip()
        return folded if folded.isascii() else unicodedata.normalize("NFC", folded)
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return _SPACE.sub(" ", visible).strip()


def shown_text(text: str, length: int) -> str:
    """A text for showing: of at most `length` characters, control characters replaced."""
    cut = text if len(text) <= length else text[: length - 1] + "…"
    return cut if cut.isprintable() else _CONTROL.sub("\ufffd", cut)


def plain_number(number: float | Decimal) -> str:
    """A spreadsheet's number as the text a person typed: 1.0 is "1", 0.1 + 0.2 is "0.3"."""
    text = format(number, ".15g") if isinstance(number, float) else format(number, "f")
    if "e" in text:
        text = format(Decimal(text), "f")
    return text


def read_text(cell: Cell, *, max_length: int, allows_pesel: bool = False) -> str | Fault | None:
    """A text of at most max_length characters; PESEL numbers and control characters are refused."""
    if type(cell) is not str:
        return _read_typed(cell, max_length)
    text = fold_text(cell)
    if not text:
        return None
    if text[0] == "'" and text[1:2] in _FORMULA_STARTS:
        # A spreadsheet's mark of a text that is no formula; copies with remarks have it, too.
        text = text[1:]
    fault = _find_fault(text, max_length)
    if fault is not None:
        return fault
    if not allows_pesel and _ELEVEN_DIGITS.search(text) and has_pesel(text):
        return Fault("pesel", "Tekst zawiera numer PESEL. Portal go nie przyjmuje: usuń go z pliku.")
    return text


def read_code(cell: Cell, *, max_length: int, allows_pesel: bool = False) -> str | Fault | None:
    """A code or number kept as text, leading zeros and all; what a spreadsheet made of it is refused."""
    if isinstance(cell, date):
        return Fault(
            "code_became_date",
            "Arkusz zamienił kod na datę. Nadaj kolumnie format „Tekst” i wpisz kod ponownie.",
        )
    return read_text(cell, max_length=max_length, allows_pesel=allows_pesel)


def read_bank_text(cell: Cell, *, max_length: int) -> str | Fault | None:
    """A text that a payer typed: nobody here can correct it, so a PESEL in it is blotted out with a warning."""
    text = read_text(cell, max_length=max_length, allows_pesel=True)
    if not isinstance(text, str) or not has_pesel(text):
        return text
    reason = "Tekst wpłaty zawiera numer PESEL: zakryto go, a pliku portal nie zachowa."
    return warning("pesel", reason, mask_pesels(text))


def _read_typed(cell: Cell, max_length: int) -> str | Fault | None:
    if cell is None:
        return None
    if isinstance(cell, date):
        text = (cell.date() if isinstance(cell, datetime) else cell).strftime("%d.%m.%Y")
        return warning("text_became_date", "Arkusz zamienił ten tekst na datę; sprawdź jego zapis.", text)
    if isinstance(cell, float) and (cell != cell or abs(cell) >= _EXACT_IN_SPREADSHEETS):  # noqa: PLR0124
        return Fault(
            "digits_lost",
            "Arkusz zamienił numer na liczbę i zgubił jego końcowe cyfry. Nadaj kolumnie format „Tekst”.",
        )
    return read_text(
        plain_number(cell) if isinstance(cell, float | Decimal) else str(cell), max_length=max_length
    )


def _find_fault(text: str, max_length: int) -> Fault | None:
    if not text.isprintable():
        found = _CONTROL.search(text)
        if found:
            return Fault("control_character", f"Tekst zawiera znak sterujący (U+{ord(found[0]):04X}).")
    if len(text) > max_length:
        return Fault("too_long", f"Tekst może mieć najwyżej {max_length} znaków, a ma ich {len(text)}.")
    if text[0] == "#" and _SPREADSHEET_ERROR.fullmatch(text):
        return Fault("formula_error", f"Formuła w arkuszu zwróciła błąd {text}.")
    if "\ufffd" in text:
        return warning("replaced_character", "Tekst ma znak „�”: plik był wcześniej źle przekodowany.", text)
    return None
