"""XML exports: a root with repeated row elements whose children or attributes are the columns.

The header counts as row 1 and the first row element as row 2; the schema is described in docs/xml-format.md.
"""

import codecs
from collections.abc import Iterator, Mapping
from functools import partial

from workers.formats.encodings import ENCODING_LABELS, detect_codec, encoding_of, settled_codec, unicode_codec
from workers.formats.source import RowFault, Rows, Source, Table, UnreadableFileError
from workers.formats.xml_layout import RowKind, find_row_kinds
from workers.formats.xml_parser import XmlReader, declared_encoding
from workers.reading_options import TableOptions
from workers.values.fault import Cell

_LONGEST_CELL = 64 * 1024


def read_tables(source: Source, options: TableOptions, file_format: str) -> Iterator[Table]:
    """A table per kind of row elements, in the order of their first appearance; each is read before the next."""
    codec = _codec(source, options)
    kinds = find_row_kinds(source, codec)
    if not kinds:
        raise UnreadableFileError("no_rows", "Plik XML nie ma żadnego wiersza danych.")
    names = _table_names(kinds)
    for index, kind in enumerate(kinds):
        reading = _Reading(source, codec, kind)
        table = Table(
            names[index] if len(kinds) > 1 else "",
            iter(()),
            partial(_position, source, reading, (index, len(kinds))),
            encoding=encoding_of(codec),
            file_format=file_format,
        )
        table.rows = reading.rows(table.faults)
        yield table


def _codec(source: Source, options: TableOptions) -> str:
    """What was chosen, else what the file declares, else what its words look like."""
    head = source.head()
    if options.encoding:
        codec = settled_codec(options.encoding, head)
    else:
        declared = declared_encoding(head)
        codec = unicode_codec(head) or _known_codec(declared) or detect_codec(source)
    return codec.removesuffix("-sig")


def _known_codec(declared: str) -> str:
    if not declared:
        return ""
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        name = ""
    if name in ENCODING_LABELS or name in {"ascii", "iso8859-1", "cp1252"}:
        return name
    raise UnreadableFileError(
        "unknown_encoding", f"Plik XML ma kodowanie „{declared}”, którego nie czytamy. Zapisz go jako UTF-8."
    )


def _table_names(kinds: list[RowKind]) -> list[str]:
    """The names of the row elements, with their sections where one name stands in several."""
    names = [kind.name for kind in kinds]
    return [
        kind.name if names.count(kind.name) == 1 else f"{kind.section}/{kind.name}".strip("/")
        for kind in kinds
    ]


def _position(source: Source, reading: "_Reading", place: tuple[int, int]) -> int:
    index, of = place
    return int((index * source.size + reading.position) / of)


class _Reading:
    """One pass over the file for the rows of one kind."""

    def __init__(self, source: Source, codec: str, kind: RowKind) -> None:
        self._source = source
        self._codec = codec
        self._kind = kind
        self.position = 0

    def rows(self, faults: list[RowFault]) -> Rows:
        """The names of the columns, then the rows."""
        yield 1, list(self._kind.columns)
        parser = _RowReader(self._codec, self._kind, faults)
        with self._source.open() as stream:
            for position in parser.read(stream):
                self.position = position
                found, parser.found = parser.found, []
                yield from found


class _RowReader(XmlReader):
    """Gathers the rows of one kind while the file is parsed."""

    def __init__(self, encoding: str, kind: RowKind, faults: list[RowFault]) -> None:
        super().__init__(encoding)
        self._kind = kind
        self._row_depth = kind.depth
        self._columns = kind.columns
        self._own_column = kind.columns.get(kind.name) if not kind.has_elements else None
        self._faults = faults
        self._section = ""
        self._number = 1
        self._cells: list[Cell] | None = None
        self._pieces: list[str] = []
        self._length = 0
        self._column = 0
        self._fault: RowFault | None = None
        self.found: list[tuple[int, list[Cell]]] = []

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """A section, a row or a cell begins."""
        depth = self.depth
        if depth == self._row_depth:
            if name == self._kind.name and self._section == self._kind.section:
                self._open_row(attributes)
        elif depth == self._row_depth + 1:
            if self._cells is not None:
                self._open_cell(self._cells, name, attributes)
        elif depth < self._row_depth and depth > 1:
            self._section = name

    def closed(self) -> None:
        """A cell gets its text, a row is given out."""
        if self._cells is None:
            return
        if self.depth == self._row_depth + 1:
            self._cells[self._column] = "".join(self._pieces).strip()
            self._forget_text()
        elif self.depth == self._row_depth:
            self._close_row(self._cells)

    def text(self, text: str) -> None:
        """Text of a cell, or of a row whose columns are attributes."""
        if self._cells is None:
            return
        if self.depth == self._row_depth and self._own_column is None:
            if not text.isspace():
                self._blame("mixed_text", "W wierszu jest tekst poza elementami XML.")
            return
        self._pieces.append(text)
        self._length += len(text)
        if self._length > _LONGEST_CELL:
            raise UnreadableFileError("line_too_long", "Plik XML ma zbyt długi tekst.", self._number)

    def _open_row(self, attributes: Mapping[str, str]) -> None:
        self._number += 1
        self._cells = [None] * len(self._columns)
        for name, value in attributes.items():
            self._cells[self._columns[name]] = value

    def _open_cell(self, cells: list[Cell], name: str, attributes: Mapping[str, str]) -> None:
        self._column = self._columns[name]
        if cells[self._column] is not None:
            self._blame("repeated_column", f"Element „{name}” występuje w wierszu więcej niż raz.")
        self._forget_text()
        for attribute, value in attributes.items():
            cells[self._columns[f"{name} {attribute}"]] = value

    def _close_row(self, cells: list[Cell]) -> None:
        if self._own_column is not None:
            cells[self._own_column] = "".join(self._pieces).strip()
        self._forget_text()
        if self._fault is None:
            self.found.append((self._number, cells))
        else:
            self._faults.append(self._fault)
            self._fault = None
        self._cells = None

    def _blame(self, code: str, reason: str) -> None:
        if self._fault is None:
            self._fault = RowFault(self._number, code, reason)

    def _forget_text(self) -> None:
        self._pieces.clear()
        self._length = 0
