"""Totals rows (RAZEM, Suma, Ogółem): no data, but figures to compare the data with.

Sums of a page and rows that carry them over (Do przeniesienia, Z przeniesienia) are no data either.
"""

import re
from functools import lru_cache
from typing import Literal

from workers.values.fault import Cell
from workers.values.texts import fold_text
from workers.values.words import plain_word

Scope = Literal["table", "group"]

_WORDS = frozenset({"razem", "suma", "ogolem", "lacznie", "podsumowanie", "total"})
_ENDINGS = frozenset({"razem", "ogolem", "koncowa", "lacznie", "dokument", "calosc", "wszystko", "kwota"})
_CARRIED = re.compile(r"(?:do|z)(?:przeniesienia|przen|poprzedniejstrony|nastepnejstrony)|przeniesienie")
_FIRST_LETTERS = frozenset("dDzZpP ")
_LONGEST_LABEL = 200
_SPLIT = re.compile(r"[^\w]+")


@lru_cache(maxsize=4096)
def is_totals_word(text: str) -> bool:
    """Whether a text begins with a word that heads a totals row."""
    return plain_word(_SPLIT.split(text, maxsplit=1)[0]) in _WORDS or _is_carried(text)


def totals_scope(text: str) -> Scope | None:
    """`table` for a sum of everything (RAZEM, Suma końcowa:), `group` for a part of it (Razem lokal 3)."""
    if _is_carried(text):
        return "group"
    words = [plain_word(word) for word in _SPLIT.split(fold_text(text)) if word]
    if not words or words[0] not in _WORDS:
        return None
    return "table" if all(word in _WORDS | _ENDINGS for word in words) else "group"


def totals_label(cells: list[Cell], premises_cell: Cell) -> str | None:
    """The text that makes a row a totals row: in its first filled cell, or in the premises column.

    Where a row names no premises, a cell that holds nothing but such words will do wherever it stands.
    """
    first = next((cell for cell in cells if _is_filled(cell)), None)
    for cell in (first, premises_cell):
        if isinstance(cell, str) and len(cell) <= _LONGEST_LABEL and totals_scope(cell) is not None:
            return fold_text(cell)
    if _is_filled(premises_cell):
        return None
    labels = (cell for cell in cells if isinstance(cell, str) and len(cell) <= _LONGEST_LABEL)
    return next(
        (fold_text(cell) for cell in labels if totals_scope(cell) == "table" or _is_carried(cell)), None
    )


def _is_filled(cell: Cell) -> bool:
    return cell is not None and bool(str(cell).strip())


def _is_carried(text: str) -> bool:
    return (
        text[:1] in _FIRST_LETTERS
        and len(text) <= _LONGEST_LABEL
        and _CARRIED.fullmatch(plain_word(text)) is not None
    )
