"""A text that is no table (czytaj.txt): recognised so surely that it may be left out of an archive with a notice."""

from collections import Counter

from workers.formats.encodings import settled_codec
from workers.formats.source import Source

LONGEST = 64 * 1024
"""A longer text is never taken for prose, in bytes."""
_SEPARATORS = (";", "\t", "|")
_GAP = "   "
_FEWEST_WORDS = 3


def is_prose(source: Source, encoding: str) -> bool:
    """Whether the file holds sentences and nothing like a table.

    No separator and no column of spaces in any line, no regular commas, and most lines of three words or more.
    """
    if source.size > LONGEST:
        return False
    raw = source.head(LONGEST)
    text = raw.decode(settled_codec(encoding, raw), "replace")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or any(mark in line for line in lines for mark in (*_SEPARATORS, _GAP)):
        return False
    with_words = sum(len(line.split()) >= _FEWEST_WORDS for line in lines)
    return with_words * 2 > len(lines) and not _has_regular_commas(lines)


def _has_regular_commas(lines: list[str]) -> bool:
    """Whether two lines or more, half of all, have the same number of commas: columns perhaps."""
    counts = Counter(line.count(",") for line in lines if "," in line)
    most = max(counts.values(), default=0)
    return most > 1 and most * 2 >= len(lines)
