"""content.xml of an ODS workbook, cut into pieces of whole rows while it is unpacked.

Each piece knows its first row and the cells of which calamine would lose that they are errors.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from workers.formats.source import MIB, Limits, UnreadableFileError
from workers.formats.workbooks import FORMULA_ERROR, NOT_CALCULATED, expect_few_errors, expect_fit
from workers.formats.zip_directory import damaged

_PIECE = 4 * MIB
_LONGEST_ROW = 4 * MIB
_LONGEST_STYLES = 16 * MIB
_TABLE = re.compile(rb"<table:table(\s[^>]*)>")
_TABLE_END = b"</table:table>"
_ROW_END = b"</table:table-row>"
_NAME = re.compile(rb"""\stable:name\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_STYLE_NAME = re.compile(rb"""\stable:style-name\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_STYLE = re.compile(rb"""<style:style\s[^>]*?\bstyle:name="([^"]*)"[^>]*>(.*?)</style:style>""", re.DOTALL)
_HIDDEN = b'table:display="false"'
# Rows that stand for several, and formulas, which alone may end in an error, are looked at one by one.
_MARKS = (b"number-rows-repeated", b"table:formula=")
_ROW = re.compile(rb"<table:table-row(\s[^>]*?)?(/>|>)")
_ROWS_REPEATED = re.compile(rb"""number-rows-repeated\s*=\s*["']([0-9]{1,9})["']""")
_CELL = re.compile(rb"<table:(?:covered-)?table-cell(\s[^>]*?)?/?>")
_COLUMNS_REPEATED = re.compile(rb"""number-columns-repeated\s*=\s*["']([0-9]{1,9})["']""")
_CONTENT = (b"office:", b"<text:", b"table:formula")


@dataclass(frozen=True, slots=True)
class SheetHead:
    """A sheet's name and whether people see it."""

    name: str
    is_hidden: bool


@dataclass(slots=True)
class Piece:
    """Rows as XML, the number of the first of them, and its cells without a value by (row, column)."""

    xml: bytes
    first_row: int
    valueless: dict[tuple[int, int], str] = field(default_factory=dict)


class OdsContent:
    """Reads content.xml once, sheet by sheet. `position` is how many of its bytes are read."""

    def __init__(self, stream: IO[bytes], limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._held = b""
        self._hidden_styles: set[bytes] | None = None
        self._is_in_sheet = False
        self._next_row = 1
        self._valueless = 0
        self.position = 0

    def next_sheet(self) -> SheetHead | None:
        """The next sheet's head; its pieces are read next. None behind the last one."""
        while not (found := _TABLE.search(self._held)):
            if self._hidden_styles is not None:
                # Between sheets nothing is kept but the beginning of a tag.
                self._held = self._held[max(0, self._held.rfind(b"<")) :]
            if len(self._held) > _LONGEST_STYLES:
                raise damaged()
            if not self._read():
                return None
        if self._hidden_styles is None:
            styles = _STYLE.findall(self._held, 0, found.start())
            self._hidden_styles = {name for name, body in styles if _HIDDEN in body}
        self._held = self._held[found.end() :]
        self._is_in_sheet = not found[1].endswith(b"/")
        self._next_row = 1
        return SheetHead(
            html.unescape(_attribute(_NAME, found[1]).decode("utf-8", "replace")),
            _attribute(_STYLE_NAME, found[1]) in self._hidden_styles,
        )

    def skip_sheet(self) -> None:
        """Reads to the end of the sheet."""
        for _ in self._blocks():
            continue

    def pieces(self) -> Iterator[Piece]:
        """The rows of the sheet; UnreadableFileError where there are too many of them."""
        for block in self._blocks():
            piece = Piece(block, self._next_row)
            if any(mark in block for mark in _MARKS):
                self._examine(piece)
            else:
                self._next_row += block.count(_ROW_END)
                expect_fit(self._next_row - 1, 1, self._limits)
            yield piece

    def _blocks(self) -> Iterator[bytes]:
        """The sheet's content in blocks that end behind a row."""
        while self._is_in_sheet:
            end = self._held.find(_TABLE_END)
            if end >= 0:
                block, self._held = self._held[:end], self._held[end + len(_TABLE_END) :]
                self._is_in_sheet = False
                yield block
                return
            cut = self._held.rfind(_ROW_END)
            if len(self._held) >= _PIECE and cut >= 0:
                cut += len(_ROW_END)
                block, self._held = self._held[:cut], self._held[cut:]
                yield block
            elif len(self._held) > _PIECE + _LONGEST_ROW:
                raise UnreadableFileError("line_too_long", "Arkusz ma wiersz dłuższy niż miliony znaków.")
            if not self._read():
                raise damaged()

    def _read(self) -> bool:
        raw = self._stream.read(_PIECE)
        self.position += len(raw)
        self._held += raw
        return bool(raw)

    def _examine(self, piece: Piece) -> None:
        """Counts repeated rows and notes cells of errors and of formulas that were never calculated."""
        place = 0
        while found := _ROW.search(piece.xml, place):
            end = found.end() if found[2] == b"/>" else piece.xml.find(_ROW_END, found.end())
            if end < 0:
                raise damaged()
            row = piece.xml[found.end() : end]
            repeated = _count(_ROWS_REPEATED, found[1])
            if any(mark in row for mark in _CONTENT):
                expect_fit(self._next_row + repeated - 1, 1, self._limits)
                self._note_valueless(piece, row, repeated)
            self._next_row += repeated
            place = end

    def _note_valueless(self, piece: Piece, row: bytes, repeated: int) -> None:
        if b"table:formula=" not in row:
            return
        column = 1
        for cell in _CELL.finditer(row):
            attributes = cell[1] or b""
            times = _count(_COLUMNS_REPEATED, attributes)
            text = _explain(attributes)
            if text:
                self._valueless += repeated * times
                expect_few_errors(self._valueless)
                for number in range(self._next_row, self._next_row + repeated):
                    piece.valueless.update(((number, column + index), text) for index in range(times))
            column += times


def _explain(attributes: bytes) -> str:
    if b'value-type="error"' in attributes:
        return FORMULA_ERROR
    return NOT_CALCULATED if b"table:formula" in attributes and b"office:" not in attributes else ""


def _count(pattern: re.Pattern[bytes], attributes: bytes | None) -> int:
    found = pattern.search(attributes or b"")
    return max(1, int(found[1])) if found else 1


def _attribute(pattern: re.Pattern[bytes], attributes: bytes) -> bytes:
    found = pattern.search(attributes)
    return (found[1] or found[2] or b"") if found else b""
