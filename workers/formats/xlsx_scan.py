"""What a workbook would take to open, and cells without a value, found before calamine opens it.

calamine keeps a sheet as a full rectangle: two cells in opposite corners ask for 549 GB. It also drops
error values (#N/A) and formulas that were never calculated, which must not turn into empty amounts.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from workers.formats.source import Limits
from workers.formats.workbooks import FORMULA_ERROR, NOT_CALCULATED, expect_few_errors, expect_fit

_BLOCK = 1024 * 1024
_LONGEST_CELL = 4 * 1024 * 1024
_QUOTED = rb"""\s*=\s*["']"""
# The usual notation has its own, quicker patterns: the numbers of rows, and columns beyond Z, which take the
# general way. What a file hides from them meets the child's bound of memory.
_USUAL_CELL = b'<c r="'
_USUAL_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
_BEYOND_Z = re.compile(rb'<c r="[A-Z]{2}')
_LETTERS = 26
_GENERAL = (
    re.compile(rb"\br" + _QUOTED + rb"([A-Z]{1,3})[0-9]"),
    re.compile(rb"\br" + _QUOTED + rb"[A-Z]{0,3}([0-9]{1,7})[\"']"),
)
_FILLED = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br" + _QUOTED + rb"([A-Z]{1,3})([0-9]{1,7})[\"'][^>]*(?<!/)>")
_VALUELESS = re.compile(
    rb"<(?:\w+:)?c\s(?P<error>[^>]*\bt" + _QUOTED + rb"e[\"'][^>]*)>"
    rb"|<(?:\w+:)?c\s(?P<formula>[^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*</(?:\w+:)?c>"
)
# Without one of these a block has no cell of an error and no formula.
_USUAL_MARKS = (b'"e"', b"<f")
_GENERAL_MARKS = (*_USUAL_MARKS, b"'e'", b":f")
_POSITION = re.compile(rb"\br" + _QUOTED + rb"([A-Z]{1,3})([0-9]{1,7})[\"']")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*?\b\w+:id" + _QUOTED + rb"([^\"']+)")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(rb"\b(Id|Target)" + _QUOTED + rb"([^\"']*)")


@dataclass(slots=True)
class SheetExtent:
    """The rectangle of a sheet and its cells without a value, as (row, column) from 1 → error text."""

    rows: int = 0
    columns: int = 0
    valueless: dict[tuple[int, int], str] = field(default_factory=dict)


def scan_part(archive: zipfile.ZipFile, name: str, limits: Limits) -> SheetExtent:
    """The extent of one part of a workbook; UnreadableFileError where it exceeds the limits of a sheet."""
    rough = SheetExtent()
    for block in _blocks(archive, name):
        if _is_usual(block):
            marks: tuple[bytes, ...] = _USUAL_MARKS
            rough.columns = max(rough.columns, _LETTERS)
            rough.rows = max(rough.rows, *map(int, _USUAL_ROW.findall(block)), 0)
        else:
            marks = _GENERAL_MARKS
            columns, rows = _GENERAL
            _extend(rough, set(columns.findall(block)), set(rows.findall(block)))
        if any(mark in block for mark in marks):
            _note_valueless(rough, block)
    if rough.rows * rough.columns <= limits.sheet_cells and rough.rows <= limits.sheet_rows + 1:
        return rough
    # Styled but empty cells at the far end take no memory: count those with content.
    filled = SheetExtent(valueless=rough.valueless)
    for block in _blocks(archive, name):
        found = _FILLED.findall(block)
        _extend(filled, {column for column, _ in found}, {row for _, row in found})
    expect_fit(filled.rows, filled.columns, limits)
    return filled


def _is_usual(block: bytes) -> bool:
    """Whether the block's cells are `<c r="A1"` with one letter."""
    start = block.find(b"<c ")
    return start >= 0 and block.startswith(_USUAL_CELL, start) and not _BEYOND_Z.search(block)


def sheet_parts(archive: zipfile.ZipFile) -> list[str]:
    """Names of the parts that hold the sheets, in the workbook's order; empty where that is not clear."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return []
    relations = {}
    for found in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        attributes = dict(_ATTRIBUTE.findall(found))
        relations[attributes.get(b"Id", b"")] = attributes.get(b"Target", b"").decode("utf-8", "replace")
    targets = [relations.get(found, "") for found in _SHEET.findall(archive.read("xl/workbook.xml"))]
    return [target.removeprefix("/") if target.startswith("/") else f"xl/{target}" for target in targets]


def _blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The part in blocks that end between cells."""
    rest = b""
    with archive.open(name) as stream:
        while raw := stream.read(_BLOCK):
            block = rest + raw
            end = max(block.rfind(b"<c "), block.rfind(b":c "))
            end = block.rfind(b"<", 0, end + 1) if end > 0 else -1
            if end <= 0:
                if len(block) <= _LONGEST_CELL:
                    rest = block
                    continue
                end = len(block)
            rest = block[end:]
            yield block[:end]
    yield rest


def _extend(extent: SheetExtent, columns: set[bytes], rows: set[bytes]) -> None:
    extent.columns = max(extent.columns, *map(_column_number, columns), 0)
    extent.rows = max(extent.rows, *map(int, rows), 0)


def _note_valueless(extent: SheetExtent, block: bytes) -> None:
    for found in _VALUELESS.finditer(block):
        position = _POSITION.search(found["error"] or found["formula"])
        if position:
            text = NOT_CALCULATED if found["formula"] is not None else FORMULA_ERROR
            extent.valueless[int(position[2]), _column_number(position[1])] = text
        expect_few_errors(len(extent.valueless))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
