"""Profiles as they are looked up: by the headers of a table, in whatever order and however they are typed."""

import hashlib
from collections.abc import Sequence

from associations.imports.header_words import plain_word
from associations.imports.models import ImportProfile, ImportTable


def header_key(headers: Sequence[str]) -> str:
    """What tables with these headers have in common: SHA-256 in hex over their sorted plain words and their count.

    Order, case, accents and spaces do not count, so that an exporter that moves a column keeps its profile.
    """
    words = sorted(plain_word(header) for header in headers)
    return hashlib.sha256("\n".join((str(len(words)), *words)).encode()).hexdigest()


def list_profiles() -> list[ImportProfile]:
    """All profiles of the association, by name."""
    return list(ImportProfile.objects.order_by("name", "id"))


def profile_for_table(table: ImportTable) -> ImportProfile | None:
    """The profile by which a table with these headers is read next time, if there is one."""
    return ImportProfile.objects.filter(header_key=header_key(table.headers)).first()
