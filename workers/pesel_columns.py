"""Cutting PESEL columns out of files before they are kept: the portal stores no PESEL."""

import csv
from collections.abc import Sequence
from pathlib import Path

from associations.imports.models import ImportFile
from associations.imports.reading import forget_stored_file, replace_stored_file
from associations.imports.storage import path_of
from workers.formats.encodings import settled_codec
from workers.reading_events import TableFound


def drop_pesel_columns(file: ImportFile, tables: Sequence[TableFound]) -> None:
    """A plain text file is kept without the column; of a workbook or an archive nothing is kept."""
    table = tables[0]
    if len(tables) == 1 and not table.sheet and table.separator:
        cleaned = path_of(file).with_suffix(".cleaned")
        _rewrite(path_of(file), cleaned, table)
        replace_stored_file(file, cleaned)
    else:
        forget_stored_file(file)


def _rewrite(source: Path, target: Path, table: TableFound) -> None:
    dropped = set(table.pesel_columns)
    codec = table.encoding
    if codec == "utf-16":
        with source.open("rb") as start:
            codec = settled_codec(codec, start.read(4096))
    with (
        source.open(encoding=codec, errors="replace", newline="") as lines,
        target.open("w", encoding=codec, errors="replace", newline="") as kept,
    ):
        writer = csv.writer(kept, delimiter=table.separator)
        for row in csv.reader(lines, delimiter=table.separator):
            writer.writerow([cell for index, cell in enumerate(row) if index not in dropped])
