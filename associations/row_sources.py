"""From which file a published row came, and when (źródło wpisu). Writes nothing.

File names are as managers gave them and may hold a person's name: pages show one only where `is_harmless_name`.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class RowSource:
    """The place of a row: its batch, the file's number in it (0: copied from an earlier publication), the line.

    `publication_id`: the publication that made it stand.
    """

    batch_id: int
    file_no: int
    line_no: int
    publication_id: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that rows came from; `name` is empty for rows that an addition copied from earlier files."""

    name: str
    uploaded_at: dt.datetime
    published_at: dt.datetime


FileKey = tuple[int, int, int]

_FILES = """
SELECT w.batch_id, w.file_no, w.publication_id, coalesce(f.name, ''), b.created_at, p.at
  FROM unnest(%s::bigint[], %s::int[], %s::bigint[]) AS w (batch_id, file_no, publication_id)
  JOIN imports_importbatch b ON b.id = w.batch_id
  JOIN imports_publication p ON p.id = w.publication_id
  LEFT JOIN imports_importfile f ON f.batch_id = w.batch_id AND f.number = w.file_no
 ORDER BY p.at, w.batch_id, w.file_no
"""


def key_of(source: RowSource) -> FileKey:
    """What rows of one file and publication share."""
    return source.batch_id, source.file_no, source.publication_id


def source_files(sources: Iterable[RowSource]) -> dict[FileKey, SourceFile]:
    """The files of these rows by their keys, in the order of publication. One query; none where there are no rows."""
    keys = sorted({key_of(one) for one in sources})
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_FILES, [list(column) for column in zip(*keys, strict=True)])
        return {
            (batch, file, publication): SourceFile(name, uploaded_at, published_at)
            for batch, file, publication, name, uploaded_at, published_at in cursor.fetchall()
        }


# Words of file names that tell of no person: short ones as they are, longer ones by how they begin. Words of up to three
# letters are codes (NAL, WB, FR).
# fmt: off
_PLAIN_WORDS = frozenset((
    "dane", "druk", "kasa", "kont", "konta", "konto", "luty", "lutego", "maja", "media", "nowe", "nowa", "obroty",
    "oplat", "oplaty", "salda", "saldo", "stan", "stany", "wplat", "wplaty", "xlsx", "zapis", "zapisy",
))
_PLAIN_BEGINNINGS = (
    "analityk", "arkusz", "bilans", "dokument", "dziennik", "eksploat", "eksport", "export", "ewidencj", "fundusz",
    "kartotek", "korekt", "ksiegow", "licznik", "lokale", "mediow", "miesie", "nalicz", "odczyt", "odsetk",
    "okresu", "otwarci", "pakiet", "paczka", "podstaw", "poprawk", "postings", "przypis", "raport", "remont",
    "roczn", "rozlicz", "rozrach", "styczen", "styczn", "kwiecien", "kwietnia", "czerwiec", "czerwca", "lipiec",
    "sierpien", "sierpnia", "wrzesien", "wrzesnia", "pazdziern", "listopad", "grudzien", "grudnia", "uznani",
    "winien", "wspolnot", "spoldzieln", "wyciag", "zestawieni", "zamkniec",
)
# fmt: on
_LONGEST_CODE = 3
_LONGEST_NUMBER = 8
"""Digits in a row that a date has; a PESEL has eleven, a telephone nine."""


def is_harmless_name(name: str, association: str) -> bool:
    """Whether a file's name can be shown to an owner: words of bookkeeping, codes, dates, the association's own name.

    Anything else may be somebody's name: `lipowa-12.xlsx` is shown at „Wspólnota Mieszkaniowa Lipowa 12” only.
    """
    own = set(_words(association))
    words = _words(name)
    return (
        bool(name)
        and all(len(digits) <= _LONGEST_NUMBER for digits in re.findall(r"\d+", name))
        and all(_is_plain(word) or word in own for word in words)
    )


def _is_plain(word: str) -> bool:
    return len(word) <= _LONGEST_CODE or word in _PLAIN_WORDS or word.startswith(_PLAIN_BEGINNINGS)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return re.findall(r"[^\W\d_]+", "".join(one for one in plain if not unicodedata.combining(one)))
