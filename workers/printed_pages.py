"""What a printout repeats on its pages and what is no data: lines of dashes, page numbers, the title above the headers."""

import re
from collections.abc import Iterable, Sequence

from workers.values.fault import Cell
from workers.values.texts import fold_text
from workers.values.words import plain_word

_RULE = re.compile(r"[-=_+|*–—─═│┼╪]+")
_SHORTEST_RULE = 3
_PAGE_NUMBER = re.compile(r"(?:strona|str)(?:nr)?[0-9]{1,6}(?:(?:z|/)?[0-9]{1,6})?")
_DIGITS = re.compile(r"[0-9]+")
_MOST_TITLE_CELLS = 2
_FEWEST_LETTERS = 4


def title_lines(above: Iterable[Sequence[Cell]]) -> frozenset[tuple[str, ...]]:
    """The rows above a header that are titles, without their numbers: pages, dates and times differ."""
    return frozenset(line for line in map(_title, above) if line)


def is_page_line(cells: Sequence[Cell], titles: frozenset[tuple[str, ...]]) -> bool:
    """Whether a row is a line of dashes, a page number (Strona 2, str. 2 z 14) or one of the titles again."""
    texts = _filled(cells)
    if not texts:
        return False
    if all(_RULE.fullmatch(text) for text in texts):
        return any(len(text) >= _SHORTEST_RULE for text in texts)
    if len(texts) == 1 and _PAGE_NUMBER.fullmatch(plain_word(texts[0])):
        return True
    return bool(titles) and _title(cells) in titles


def _title(cells: Sequence[Cell]) -> tuple[str, ...]:
    texts = _filled(cells)
    words = tuple(_DIGITS.sub("", plain_word(text)) for text in texts)
    is_title = 0 < len(texts) <= _MOST_TITLE_CELLS and sum(map(len, words)) >= _FEWEST_LETTERS
    return words if is_title else ()


def _filled(cells: Sequence[Cell]) -> list[str]:
    texts = (fold_text(cell) if isinstance(cell, str) else str(cell) for cell in cells if cell is not None)
    return [text for text in texts if text.strip()]
