"""DBF tables of dBase, Clipper and FoxPro: one table of a file, its fields as columns. Constant memory.

The header counts as row 1, as in a spreadsheet; deleted records are passed over. Memo fields are empty: their
texts lie in another file.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

from workers.formats.dbf_fields import DbfField, EmptyFieldError, parser_of
from workers.formats.encodings import ENCODING_LABELS, Survey
from workers.formats.source import Limits, Rows, Source, Table, UnreadableFileError
from workers.formats.zip_directory import damaged
from workers.reading_options import TableOptions
from workers.values.fault import Cell

_HEADER = struct.Struct("<B3BLHH17xB2x")
_FIELD = struct.Struct("<11sc4xBB14x")
_END_OF_FIELDS = 0x0D
_END_OF_FILE = 0x1A
_VERSIONS = frozenset(b"\x02\x03\x30\x31\x32\x43\x63\x83\x8b\xcb\xf5\xfb")
_FOXPRO = frozenset(b"\x30\x31\x32")
_TYPES = frozenset(b"CNFDLMIYTBGP0VQ+@O")
_CODECS = {
    0x1F: "cp852",
    0x22: "cp852",
    0x23: "cp852",
    0x40: "cp852",
    0x64: "cp852",
    0x69: "mazovia",
    0xC8: "cp1250",
}
_BLOCK = 256 * 1024


@dataclass(slots=True)
class _Header:
    """What the beginning of the file says; `size` is that of the header itself."""

    records: int
    size: int
    record_size: int
    language: int
    fields: list[DbfField] = field(default_factory=list)


class Dbf:
    """dBase III and its kin, in the encoding of the language byte or else a detected one."""

    name = "dbf"
    label = "DBF"

    def recognises(self, source: Source, head: bytes) -> bool:
        """By the header's version, date, sizes and first field; where those are damaged also by the name."""
        if len(head) < _HEADER.size or head[0] not in _VERSIONS:
            return False
        _, _, month, day, _, size, record_size, _ = _HEADER.unpack_from(head)
        is_dated = month <= 12 and day <= 31  # noqa: PLR2004  months and days
        has_field = len(head) > _HEADER.size + 11 and head[_HEADER.size + 11] in _TYPES
        if is_dated and has_field and size > _HEADER.size and record_size > 1:
            return b"\0" in head[_HEADER.size :]
        return source.name.lower().endswith(".dbf") and b"\0" in head

    def tables(self, source: Source, limits: Limits, options: TableOptions) -> Iterator[Table]:  # noqa: ARG002
        """The one table of the file."""
        with source.open() as stream:
            header = _read_header(stream)
        _check_size(source, header)
        codec = _settled_codec(header, options) or _detect_codec(source, header)
        reading = _Reading(source, header, codec)
        yield Table("", reading.rows(), lambda: reading.position, encoding=codec, file_format=self.name)


def _settled_codec(header: _Header, options: TableOptions) -> str | None:
    """What a manager chose or the language byte says; no table of this kind is in UTF-16."""
    if options.encoding and options.encoding != "utf-16":
        return options.encoding
    return _CODECS.get(header.language)


def _read_header(stream: IO[bytes]) -> _Header:
    raw = stream.read(_HEADER.size)
    if len(raw) < _HEADER.size:
        raise damaged()
    version, _, _, _, records, size, record_size, language = _HEADER.unpack(raw)
    header = _Header(records, size, record_size, language)
    fields = stream.read(max(0, size - _HEADER.size))
    offset = 0
    while offset + _FIELD.size <= len(fields) and fields[offset] != _END_OF_FIELDS:
        name, kind, length, decimals = _FIELD.unpack_from(fields, offset)
        if kind == b"C":  # Clipper and FoxPro keep the rest of a long text field's length there
            length, decimals = length | decimals << 8, 0
        header.fields.append(
            DbfField(name.partition(b"\0")[0], kind.decode("latin-1"), length, decimals, version in _FOXPRO)
        )
        offset += _FIELD.size
    width = 1 + sum(column.length for column in header.fields)
    if offset >= len(fields) or fields[offset] != _END_OF_FIELDS or not 1 < width <= record_size:
        raise damaged()
    return header


def _check_size(source: Source, header: _Header) -> None:
    held = max(0, source.size - header.size) // header.record_size
    if held < header.records:
        raise UnreadableFileError(
            "truncated",
            f"Plik jest urwany: według nagłówka rekordów powinno być {header.records}, a jest {held}. "
            "Wyeksportuj go jeszcze raz.",
        )


class _Reading:
    """The records of a file, block by block."""

    def __init__(self, source: Source, header: _Header, codec: str) -> None:
        self._source = source
        self._header = header
        self._codec = codec
        self.position = 0

    def rows(self) -> Rows:
        """Field names, then the records that are not deleted."""
        names, parsers = self._columns()
        yield 1, names
        number = 1
        record = 0
        try:
            for raws in self._records(self._source, self._header):
                record += 1
                if raws[0] == b"*":
                    continue
                if raws[0] != b" ":
                    raise UnreadableFileError("damaged", f"Rekord {record} jest uszkodzony.", number + 1)
                number += 1
                yield number, [parse(raw) for parse, raw in zip(parsers, raws[1:], strict=True)]
        except UnicodeDecodeError as error:
            raise self._wrong_encoding(error.object[error.start], number) from error

    def _columns(self) -> tuple[list[Cell], list[Callable[[bytes], Cell]]]:
        try:
            names: list[Cell] = [
                column.name.decode(self._codec).strip() for column in self._header.fields if column.is_shown
            ]
            parsers = [parser_of(column, self._codec) for column in self._header.fields if column.is_shown]
        except UnicodeDecodeError as error:
            raise self._wrong_encoding(error.object[error.start], 1) from error
        except EmptyFieldError as error:
            raise damaged() from error
        return names, parsers

    def _records(self, source: Source, header: _Header) -> Iterator[tuple[bytes, ...]]:
        left = header.records
        layout = _layout(header)
        at_once = max(1, _BLOCK // header.record_size)
        with source.open() as stream:
            stream.read(header.size)
            while left:
                block = stream.read(header.record_size * min(at_once, left))
                if len(block) % header.record_size or not block:
                    raise damaged()
                left -= len(block) // header.record_size
                self.position = source.size - left * header.record_size
                yield from layout.iter_unpack(block)
            _expect_end(stream.read(1), header.records)

    def _wrong_encoding(self, byte: int, row: int) -> UnreadableFileError:
        label = ENCODING_LABELS.get(self._codec, self._codec)
        return UnreadableFileError(
            "wrong_encoding",
            f"Tabeli nie da się odczytać w kodowaniu {label}: bajt 0x{byte:02X} w wierszu {row} nie jest w nim "
            "znakiem. Wybierz inne kodowanie.",
            row,
        )


def _layout(header: _Header) -> struct.Struct:
    """One record as its deletion mark and the bytes of the fields that are shown."""
    width = 1 + sum(column.length for column in header.fields)
    parts = [f"{column.length}{'s' if column.is_shown else 'x'}" for column in header.fields]
    return struct.Struct(f"<c{''.join(parts)}{header.record_size - width}x")


def _expect_end(rest: bytes, records: int) -> None:
    if rest and rest[0] not in {_END_OF_FILE, 0}:
        raise UnreadableFileError(
            "more_records",
            f"Plik ma więcej rekordów, niż mówi jego nagłówek ({records}). Wyeksportuj go jeszcze raz.",
        )


def _detect_codec(source: Source, header: _Header) -> str:
    """The encoding in which the texts of the file look Polish."""
    places = [index for index, column in enumerate(_shown(header), start=1) if column.kind in "CV"]
    survey = Survey()
    survey.add(b"\n".join(column.name for column in header.fields) + b"\n")
    reading = _Reading(source, header, "ascii")
    texts: list[bytes] = []
    for raws in reading._records(source, header):  # noqa: SLF001  one module
        texts.extend(raws[place] for place in places)
        if len(texts) > 4000:  # noqa: PLR2004  about a block
            survey.add(b"\n".join(texts) + b"\n")
            texts.clear()
    survey.add(b"\n".join(texts) + b"\n")
    survey.add(b"")
    return survey.codec()


def _shown(header: _Header) -> list[DbfField]:
    return [column for column in header.fields if column.is_shown]
