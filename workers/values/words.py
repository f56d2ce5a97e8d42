"""Words with a fixed meaning: yes and no, kinds, funds, units, e-mail addresses, bank account numbers."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from workers.values.fault import Cell, Fault, warning
from workers.values.texts import fold_text, read_code, read_text

MAIN_FUND, REPAIR_FUND = "main", "repair"

_LETTERS = str.maketrans("łŁ", "lL")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_FUNDS = {
    **dict.fromkeys(
        (
            "main",
            "podstawowy",
            "funduszpodstawowy",
            "podst",
            "eksploatacja",
            "eksploatacyjny",
            "funduszeksploatacyjny",
            "funduszeksploatacji",
            "eksploatacjapodstawowa",
            "ekspl",
            "eksp",
            "glowny",
            "funduszglowny",
            "kosztyzarzadu",
            "kosztyzarzadunieruchomoscia",
        ),
        MAIN_FUND,
    ),
    **dict.fromkeys(
        (
            "repair",
            "remontowy",
            "funduszremontowy",
            "funduszremontow",
            "fremontowy",
            "remont",
            "remonty",
            "fr",
        ),
        REPAIR_FUND,
    ),
}
_YES = frozenset({"tak", "t", "y", "yes", "1", "x", "prawda", "true"})
_NO = frozenset({"nie", "n", "no", "0", "falsz", "false"})
_SQUARE = re.compile(r"m(?:etr\w*)?\s*(?:\^?\s*2|²|\.?\s*kw\.?)", re.IGNORECASE)
_CUBIC = re.compile(r"m(?:etr\w*)?\s*(?:\^?\s*3|³|\.?\s*sz(?:eśc?)?\.?)", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}")
_NRB_LENGTH = 26


@lru_cache(maxsize=4096)
def plain_word(text: str) -> str:
    """A word for comparing: no case, accents, spaces, dots, hyphens or invisible characters."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return _NOT_WORD.sub("", decomposed.casefold())


def read_choice(
    cell: Cell, words: Mapping[str, str], fallback: str | None = None, expected: str = ""
) -> str | Fault | None:
    """The kind that a word stands for; an unknown word is `fallback` with a warning, or refused.

    `expected` names words that would do, for the reason.
    """
    text = read_text(cell, max_length=100)
    if not isinstance(text, str):
        return text
    kind = words.get(plain_word(text))
    if kind is not None:
        return kind
    if fallback is not None:
        return warning("unknown_kind", f"Nieznany rodzaj „{text}”: przyjęto „inny”.", fallback)
    hint = f": oczekiwano {expected}" if expected else ""
    return Fault("unknown_kind", f"Nieznane określenie „{text}”{hint}.")


def read_flag(cell: Cell, words: Mapping[str, str]) -> bool | Fault | None:
    """Yes or no: tak, nie, 1, 0, x, or one of the column's own words ("t" or "f")."""
    text = read_text(cell, max_length=100)
    if not isinstance(text, str):
        return text
    word = plain_word(text)
    if word in _YES or words.get(word) == "t":
        return True
    if word in _NO or words.get(word) == "f" or text == "-":
        return False
    return Fault("not_yes_or_no", f"„{text}” nie znaczy ani tak, ani nie.")


def read_fund(cell: Cell, max_length: int) -> str | Fault | None:
    """The fund: `main`, `repair`, or the name of another one as it stands."""
    text = read_text(cell, max_length=max_length)
    return _FUNDS.get(plain_word(text), text) if isinstance(text, str) else text


def read_unit(cell: Cell, max_length: int) -> str | Fault | None:
    """A unit with m² and m³ as they should be; a question mark is a lost exponent, which is a warning."""
    text = read_text(cell, max_length=max_length)
    if not isinstance(text, str):
        return text
    if "?" in text:
        return warning("damaged_unit", "Jednostka ma znak „?” zamiast ² lub ³: sprawdź eksport.", text)
    if _SQUARE.fullmatch(text):
        return "m²"
    return "m³" if _CUBIC.fullmatch(text) else text


def read_email(cell: Cell, max_length: int) -> str | Fault | None:
    """An e-mail address; what is none is left out with a warning."""
    text = read_text(cell, max_length=max_length)
    if isinstance(text, str) and not _EMAIL.fullmatch(text):
        return warning("not_an_email", "To nie jest adres e-mail; pominięto.", None)
    return text


def read_bank_account(cell: Cell) -> str | Fault | None:
    """A Polish bank account number (NRB) as 26 digits, checked by its control digits."""
    if isinstance(cell, str):
        cell = re.sub(r"[\s-]", "", fold_text(cell)).upper().removeprefix("PL")
    text = read_code(cell, max_length=60, allows_pesel=True)
    if not isinstance(text, str):
        return text
    if not (text.isascii() and text.isdecimal()):
        return Fault("not_a_bank_account", "To nie jest numer rachunku: oczekiwano 26 cyfr.")
    if len(text) != _NRB_LENGTH:
        return Fault("not_a_bank_account", f"Numer rachunku powinien mieć 26 cyfr, a ma ich {len(text)}.")
    if int(text[2:] + "2521" + text[:2]) % 97 != 1:
        return Fault("not_a_bank_account", "Numer rachunku jest błędny: cyfry kontrolne się nie zgadzają.")
    return text
