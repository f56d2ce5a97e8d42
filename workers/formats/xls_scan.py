"""What an XLS workbook would take to open, and its cells without a value, found before calamine opens it.

calamine reads every sheet at once and keeps each as a full rectangle. The records of a sheet (BIFF) are walked one by
one only where there may be an error among them.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from workers.formats.source import Limits, UnreadableFileError
from workers.formats.workbooks import FORMULA_ERROR, NOT_CALCULATED, expect_few_errors, expect_fit
from workers.formats.zip_directory import damaged

_RECORD = struct.Struct("<HH")
_EOF, _FORMULA, _FILEPASS, _SHEET, _DIMENSIONS, _ERROR = 0x0A, 0x06, 0x2F, 0x85, 0x200, 0x205
_BOF = frozenset({0x009, 0x209, 0x409, 0x809})
_PLACE = struct.Struct("<HH")
_MOST_SHEETS = 200
# All sheets together: about 115 bytes of memory each.
_MOST_CELLS = 3_500_000
# A cell of an error; a formula whose last result is an error; one that was never calculated (no text, and to be
# calculated when the file is opened).
# Two patterns, each with bytes of its own in front: an alternation of both would be tried at every byte.
_ODD_CELLS = (
    re.compile(rb"\x05\x02\x08\x00.{7}\x01", re.DOTALL),
    re.compile(rb"\x06\x00.{8}(?:\x02.{5}\xff\xff|\x03.{5}\xff\xff[\x02\x03])", re.DOTALL),
)
_ERROR_MARK, _EMPTY_MARK, _CALCULATE_ON_LOAD = 2, 3, 2


@dataclass(slots=True)
class XlsExtent:
    """The sizes of a sheet as it states them and its cells without a value, as (row, column) from 1."""

    rows: int = 0
    columns: int = 0
    valueless: dict[tuple[int, int], str] = field(default_factory=dict)


def scan_workbook(stream: bytes, limits: Limits) -> list[XlsExtent]:
    """The extents of all sheets in the workbook's order; UnreadableFileError where they exceed the limits."""
    starts = _sheet_starts(stream)
    if len(starts) > _MOST_SHEETS:
        raise UnreadableFileError("too_many_sheets", f"Skoroszyt ma ponad {_MOST_SHEETS} arkuszy.")
    is_odd = any(pattern.search(stream) for pattern in _ODD_CELLS)
    extents = []
    for start in starts:
        extent = _stated_extent(stream, start)
        expect_fit(extent.rows, extent.columns, limits)
        if is_odd:
            _note_valueless(stream, start, extent)
        extents.append(extent)
    if sum(extent.rows * extent.columns for extent in extents) > _MOST_CELLS:
        raise UnreadableFileError("sheet_too_large", "Skoroszyt jest za duży. Zapisz go jako CSV.")
    return extents


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place of the content and its length of every record up to the end of a substream."""
    unpack, place = _RECORD.unpack_from, start
    while place + _RECORD.size <= len(stream):
        kind, length = unpack(stream, place)
        place += _RECORD.size
        if place + length > len(stream):
            raise damaged()
        yield kind, place, length
        if kind == _EOF:
            return
        place += length
    raise damaged()


def _sheet_starts(stream: bytes) -> list[int]:
    if len(stream) < _RECORD.size or _RECORD.unpack_from(stream)[0] not in _BOF:
        raise damaged()
    starts = []
    for kind, place, length in _records(stream, 0):
        if kind == _FILEPASS:
            raise UnreadableFileError(
                "encrypted", "Skoroszyt jest zabezpieczony hasłem. Zapisz go bez hasła i wgraj ponownie."
            )
        if kind == _SHEET:
            if length < 8:  # noqa: PLR2004  position, state, kind and a name
                raise damaged()
            starts.append(int.from_bytes(stream[place : place + 4], "little"))
    return starts


def _stated_extent(stream: bytes, start: int) -> XlsExtent:
    """The size that stands in front of a sheet's cells."""
    for kind, place, length in _records(stream, start):
        if kind == _DIMENSIONS:
            layout = {14: "<LLHH", 10: "<HHHH"}.get(length)
            if layout is None:
                raise damaged()
            _, rows, _, columns = struct.unpack_from(layout, stream, place)
            return XlsExtent(rows, columns)
    return XlsExtent()


def _note_valueless(stream: bytes, start: int, extent: XlsExtent) -> None:
    for kind, place, length in _records(stream, start):
        text = ""
        if kind == _ERROR and length >= 8 and stream[place + 7]:  # noqa: PLR2004  the record's size
            text = FORMULA_ERROR
        elif kind == _FORMULA and length >= 16 and stream[place + 12 : place + 14] == b"\xff\xff":  # noqa: PLR2004
            mark, options = stream[place + 6], stream[place + 14]
            if mark == _ERROR_MARK:
                text = FORMULA_ERROR
            elif mark == _EMPTY_MARK and options & _CALCULATE_ON_LOAD:
                text = NOT_CALCULATED
        if text:
            row, column = _PLACE.unpack_from(stream, place)
            extent.valueless[row + 1, column + 1] = text
            expect_few_errors(len(extent.valueless))
