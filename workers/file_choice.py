"""How a file is opened before its tables are known: by what was said of it, a profile that fits, or detection."""

import io
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any, cast

from workers.formats.source import Limits, Source, TableFormat, UnreadableFileError
from workers.formats.zip_directory import DAMAGE
from workers.header_search import HEADER_ROWS, Profiles, take_filled
from workers.reading_options import NO_OPTIONS, TableOptions

_TEXT_FORMATS = ("csv", "dbf")
_HEAD = 64 * 1024


def opening_options(
    source: Source,
    table_format: TableFormat,
    limits: Limits,
    corrected: Mapping[str, TableOptions],
    profiles: Profiles,
) -> TableOptions:
    """Encoding and separator for a file; empty ones leave them to detection.

    `corrected` are options by table key. What was said of a table of this file wins. Else each profile's encoding
    and separator are tried on the head of the file: where the profile's headers appear, they are right.
    """
    for key, options in corrected.items():
        if key == source.inner or not source.inner or key.startswith(f"{source.inner}/"):
            return replace(NO_OPTIONS, encoding=options.encoding, separator=options.separator)
    if table_format.name not in _TEXT_FORMATS:
        return NO_OPTIONS
    for profile in profiles.all():
        tried = TableOptions(encoding=profile.options.encoding, separator=profile.options.separator)
        if tried != NO_OPTIONS and _fits(source, table_format, limits, tried, profiles, profile.id):
            return tried
    return NO_OPTIONS


def _fits(
    source: Source,
    table_format: TableFormat,
    limits: Limits,
    options: TableOptions,
    profiles: Profiles,
    wanted: int,
) -> bool:
    tried = _head_of(source) if table_format.name == "csv" else source
    try:
        # Formats give their tables by generators, which close what they opened.
        with closing(cast("Any", table_format.tables(tried, limits, options))) as tables:
            table = next(tables, None)
            first = take_filled(table.rows, lambda rows: len(rows) >= HEADER_ROWS)[0] if table else []
    except (UnreadableFileError, *DAMAGE):
        return False
    found = profiles.find(first)
    return found is not None and found[1].id == wanted


def _head_of(source: Source) -> Source:
    """The first lines alone, whole characters and records as far as one can tell."""
    head = source.head(_HEAD)
    if source.size > len(head):
        end = head.rfind(b"\n") + 1
        head = head[: end + (1 if head[end : end + 1] == b"\0" else 0)]
    return replace(source, size=len(head), open=lambda: io.BytesIO(head), path=None)
