"""Totals rows (RAZEM, Suma, Ogółem): no data, but figures to compare the data with."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from workers.values.fault import Cell
from workers.values.numbers import read_money
from workers.values.texts import fold_text
from workers.values.words import plain_word

Scope = Literal["table", "group"]

_WORDS = frozenset({"razem", "suma", "ogolem", "lacznie", "podsumowanie", "total"})
_ENDINGS = frozenset({"razem", "ogolem", "koncowa", "lacznie", "dokument", "calosc", "wszystko", "kwota"})
_LONGEST_LABEL = 200
_SPLIT = re.compile(r"[^\w]+")


@lru_cache(maxsize=4096)
def is_totals_word(text: str) -> bool:
    """Whether a text begins with a word that heads a totals row."""
    return plain_word(_SPLIT.split(text, maxsplit=1)[0]) in _WORDS


def totals_scope(text: str) -> Scope | None:
    """`table` for a sum of everything (RAZEM, Suma końcowa:), `group` for a part of it (Razem lokal 3)."""
    words = [plain_word(word) for word in _SPLIT.split(fold_text(text)) if word]
    if not words or words[0] not in _WORDS:
        return None
    return "table" if all(word in _WORDS | _ENDINGS for word in words) else "group"


def totals_label(cells: list[Cell], premises_cell: Cell) -> str | None:
    """The text that makes a row a totals row: in its first filled cell, or in the premises column."""
    first = next((cell for cell in cells if cell is not None and str(cell).strip()), None)
    for cell in (first, premises_cell):
        if isinstance(cell, str) and len(cell) <= _LONGEST_LABEL and totals_scope(cell) is not None:
            return fold_text(cell)
    return None


def read_sums(money: Mapping[str, Cell]) -> dict[str, str]:
    """Amounts of a totals row that can be read, as text with their two decimals."""
    sums = {name: read_money(cell) for name, cell in money.items()}
    return {name: format(amount, ".2f") for name, amount in sums.items() if isinstance(amount, Decimal)}
