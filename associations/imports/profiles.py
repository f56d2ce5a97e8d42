"""Profiles as they are looked up: by the headers of a table, in whatever order and however they are typed."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from associations.imports.models import ImportProfile, ImportTable

_LETTERS = str.maketrans("łŁ", "lL")
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def header_key(headers: Sequence[str]) -> str:
    """What tables with these headers have in common: SHA-256 in hex over their sorted plain words and their count.

    Order, case, accents and spaces do not count, so that an exporter that moves a column keeps its profile. Nor does
    a PESEL column: it is cut out of the kept file, so that another reading finds the headers without it.
    """
    words = sorted(word for word in map(_plain, headers) if "pesel" not in word)
    return hashlib.sha256("\n".join((str(len(words)), *words)).encode()).hexdigest()


def list_profiles() -> list[ImportProfile]:
    """All profiles of the association, by name."""
    return list(ImportProfile.objects.order_by("name", "id"))


def profile_for_table(table: ImportTable) -> ImportProfile | None:
    """The profile by which a table with these headers is read next time, if there is one."""
    return ImportProfile.objects.filter(header_key=header_key(table.headers)).first()


def _plain(header: str) -> str:
    # As workers.values.words.plain_word compares them, which the reading child uses (a test compares the two).
    return _NOT_WORD.sub("", unicodedata.normalize("NFKD", header.translate(_LETTERS)).casefold())
