"""Finding the row of headers of a table, and the options by which the table is read.

What was said of this very table wins; else a profile whose headers stand among the first rows; else detection.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from workers.datasets.headers import HeaderMatch, header_texts, match_headers
from workers.formats.source import UnreadableFileError
from workers.formats.zip_directory import DAMAGE
from workers.reading_options import NO_OPTIONS, Profile, TableOptions
from workers.values.fault import Cell
from workers.values.texts import fold_text
from workers.values.words import plain_word

NumberedRow = tuple[int, list[Cell]]
HEADER_ROWS = 20
_LAST_HEADER_ROW = 10_000


@dataclass(frozen=True, slots=True)
class Header:
    """The row of headers that was found, its texts and the datasets that it fits, the best first.

    `above` are the rows down to and with the headers: they are not read. `options` are in force, from the profile
    of this id or from the manager's correction. `fault` is why the row is not the one that was asked for.
    """

    row: int
    texts: list[str]
    matches: list[HeaderMatch]
    above: list[NumberedRow] = field(default_factory=list)
    options: TableOptions = NO_OPTIONS
    profile: int | None = None
    fault: tuple[str, str] | None = None


class Profiles:
    """Profiles by the words of their headers, in whatever order they stand."""

    def __init__(self, profiles: Sequence[Profile] = ()) -> None:
        self._by_words = {_words(profile.headers): profile for profile in profiles}

    def all(self) -> list[Profile]:
        """The profiles, those of equal headers once."""
        return list(self._by_words.values())

    def find(self, rows: Sequence[NumberedRow]) -> tuple[int, Profile] | None:
        """The first row that is the headers of a profile: its index among the rows, and the profile."""
        if not self._by_words:
            return None
        for index, (_, cells) in enumerate(rows[:HEADER_ROWS]):
            profile = self._by_words.get(_words(_texts(cells)))
            if profile is not None:
                return index, profile
        return None


def _words(headers: Sequence[str]) -> tuple[str, ...]:
    """As associations.imports.profiles.header_key: without PESEL columns, which are cut out of kept files."""
    return tuple(sorted(word for word in map(plain_word, headers) if "pesel" not in word))


def find_header(
    rows: Iterator[NumberedRow],
    corrected: TableOptions | None = None,
    profiles: Profiles | None = None,
) -> tuple[Header | None, Iterator[NumberedRow]]:
    """The likeliest header among the first rows, and the rows after it; None for a table without rows."""
    asked = corrected.header_row if corrected else None
    first, rest = take_filled(rows, _until(asked), raises=True)
    if not first:
        return None, rest
    found = profiles.find(first) if profiles and corrected is None else None
    if found:
        index, profile = found
        header = replace(_header(first[index], profile.options), profile=profile.id)
    elif asked:
        index, header = _asked_header(first, asked, corrected or NO_OPTIONS)
    else:
        index, header = _likeliest_header(first, corrected or NO_OPTIONS)
    return replace(header, above=first[: index + 1]), itertools.chain(first[index + 1 :], rest)


def _until(asked: int | None) -> Callable[[list[NumberedRow]], bool]:
    if asked is None or asked > _LAST_HEADER_ROW:
        return lambda first: len(first) >= HEADER_ROWS
    return lambda first: first[-1][0] >= asked


def _asked_header(first: list[NumberedRow], asked: int, options: TableOptions) -> tuple[int, Header]:
    for index, row in enumerate(first):
        if row[0] == asked:
            return index, _header(row, options)
    index, header = _likeliest_header(first[:HEADER_ROWS], options)
    reason = f"W wierszu {asked} nie ma nagłówków: jest pusty albo go nie ma. Wskaż inny wiersz."
    return index, replace(header, fault=("no_header_row", reason))


def _likeliest_header(first: list[NumberedRow], options: TableOptions) -> tuple[int, Header]:
    headers = [_header(row, options) for row in first]
    score = _score if any(_score(header) > (False, 0) for header in headers) else _count_words
    best = max(range(len(headers)), key=lambda index: (score(headers[index]), -index))
    return best, headers[best]


def _header(row: NumberedRow, options: TableOptions) -> Header:
    texts = _texts(row[1])
    return Header(row[0], texts, match_headers(texts, options), options=options)


def _texts(cells: list[Cell]) -> list[str]:
    texts = header_texts(cells)
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _score(header: Header) -> tuple[bool, int]:
    best = header.matches[0] if header.matches else None
    return (best.is_complete, len(best.columns)) if best else (False, 0)


def _count_words(header: Header) -> tuple[bool, int]:
    """Of rows that fit nothing, the one with most words that are no numbers is the likeliest to be mapped."""
    return False, sum(text[:1].isalpha() for text in header.texts)


def take_filled(
    rows: Iterator[NumberedRow], is_enough: Callable[[list[NumberedRow]], bool], *, raises: bool = False
) -> tuple[list[NumberedRow], Iterator[NumberedRow]]:
    """The first filled rows and the others; damage found among them comes after those in front of it.

    `raises`: at once, where there is none in front of it.
    """
    first: list[NumberedRow] = []
    try:
        for row in rows:
            if is_filled(row[1]):
                first.append(row)
                if is_enough(first):
                    break
    except (UnreadableFileError, *DAMAGE) as error:
        if raises and not first:
            raise
        return first, _raise_later(error)
    return first, rows


def _raise_later(error: Exception) -> Iterator[NumberedRow]:
    yield from ()
    raise error


def is_filled(cells: list[Cell]) -> bool:
    """Whether any cell holds more than space and what nobody sees."""
    return any(cell is not None and (not isinstance(cell, str) or _is_visible(cell)) for cell in cells)


def _is_visible(text: str) -> bool:
    stripped = text.strip()
    return bool(stripped) and (stripped.isascii() or fold_text(stripped) != "")
