"""One table → its dataset, its rows as COPY text, and everything that is wrong with it."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workers.copy_text import escape_text
from workers.datasets.headers import header_texts, pesel_columns
from workers.formats.source import ColumnBlock, Source, Table
from workers.header_search import Header, NumberedRow, is_filled
from workers.output import Output
from workers.printed_pages import is_page_line, title_lines
from workers.problems import Problem
from workers.reading_options import TableOptions
from workers.row_plan import PESEL, CellFault, NotPlainError, RowPlan, cell_has_pesel
from workers.totals import totals_label, totals_scope
from workers.values.fault import Cell, Fault
from workers.values.pesel import mask_pesels
from workers.values.texts import plain_number, shown_text
from workers.values.words import plain_word

__all__ = ["Place", "TableRows", "is_filled", "too_many_cells"]

_LONGEST_NAME = 100
_BLOCK_ROWS = 4000
_FEW_ROWS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Which table is read: for problems, and as the first columns of the staging rows."""

    file: int
    file_name: str
    sheet: str
    sheet_name: str

    @classmethod
    def of(cls, source: Source, table: Table) -> "Place":
        """The table's place; its key in the upload is the path in the archive and the sheet's name."""
        name = shown_text(table.sheet_name, _LONGEST_NAME)
        sheet = "/".join(part for part in (source.inner, name) if part)
        return cls(source.no, source.name, sheet, name)

    def problem(self, code: str, reason: str, *, is_warning: bool = False, row: int | None = None) -> Problem:
        """A problem of this table."""
        return Problem(
            "warning" if is_warning else "error",
            code,
            reason,
            file=self.file,
            file_name=self.file_name,
            sheet=self.sheet,
            sheet_name=self.sheet_name,
            row=row,
        )


@dataclass(frozen=True, slots=True)
class _Totals:
    """A RAZEM row that may be the table's: what it says, and how many rows stood above it."""

    members: dict[str, Any]
    rows_read: int
    is_last: bool


class TableRows:
    """Reads the rows under a header; writes lines, problems and totals to the output."""

    def __init__(
        self, place: Place, header: Header, options: TableOptions, source: Source, output: Output
    ) -> None:
        self._place = place
        self._header = header
        self._header_words = [plain_word(text) for text in header.texts]
        self._titles = title_lines(cells for _, cells in header.above[:-1])
        self._match = header.matches[0]
        self._source = source
        self._output = output
        self._plan = RowPlan(self._match, header.texts, pesel_columns(header.texts), options)
        self._prefix = f"{place.file}\t{escape_text(place.sheet)}\t"
        self._lines: list[str] = []
        self._totals: _Totals | None = None
        self.count = 0
        self.rejected = 0
        self.has_faults = False

    def read(self, table: Table, rows: Iterator[NumberedRow]) -> None:
        """Reads to the end; what was read before an UnreadableFileError is kept and counted."""
        try:
            self._read_rows(table, rows)
        finally:
            self._flush(table)
            self._end_totals()
            self._output.event(
                "table_end",
                file=self._place.file,
                sheet=self._place.sheet,
                dataset=self._match.dataset.name,
                rows=self.count,
                rejected=self.rejected,
            )

    def _read_rows(self, table: Table, rows: Iterator[NumberedRow]) -> None:
        following = table.blocks() if table.blocks else ()
        self._read_numbered(table, rows)
        for block in following:
            if isinstance(block, ColumnBlock):
                self._read_columns(table, block)
            else:
                self._read_numbered(table, block)

    def _read_columns(self, table: Table, block: ColumnBlock) -> None:
        try:
            text = self._plan.plain_text(self._prefix, block)
        except NotPlainError:
            self._read_block(block.rows())
        else:
            count = len(block.columns[0])
            self._output.rows_block(self._match.dataset.name, count, text.encode())
            self.count += count
        self._flush(table)

    def _read_numbered(self, table: Table, rows: Iterator[NumberedRow]) -> None:
        is_end = False
        while not is_end:
            block: list[NumberedRow] = []
            try:
                block.extend(itertools.islice(rows, _BLOCK_ROWS))
            finally:
                # What stands in front of damage is read.
                self._read_block(block)
            is_end = len(block) < _BLOCK_ROWS
            self._flush(table)

    def _read_block(self, block: list[NumberedRow]) -> None:
        """The rows together; where one of them is not plain, the halves; at last row by row."""
        width = self._plan.width
        rows = [cells if len(cells) == width else _fitted(cells, width) for _, cells in block]
        try:
            self._lines += self._plan.plain_lines([number for number, _ in block], rows) if block else []
        except NotPlainError:
            if len(block) <= _FEW_ROWS:
                for number, cells in block:
                    self._examine(number, cells)
            else:
                half = len(block) // 2
                self._read_block(block[:half])
                self._read_block(block[half:])

    def _flush(self, table: Table) -> None:
        if self._lines:
            lines = ("\n" + self._prefix).join(self._lines)
            block = f"{self._prefix}{lines}\n".encode()
            self._output.rows_block(self._match.dataset.name, len(self._lines), block)
            self.count += len(self._lines)
            self._lines.clear()
        for fault in table.faults:
            self.has_faults = True
            self.rejected += 1
            self._output.problem(self._place.problem(fault.code, fault.reason, row=fault.row))
        table.faults.clear()
        source = self._source
        self._output.progress(
            source.no, source.before + table.position(), source.of or source.size, self.count
        )

    def _examine(self, number: int, cells: list[Cell]) -> None:
        """A row that is not plain: nothing, what pages repeat, totals, or a row with faults."""
        width = self._plan.width
        if not is_filled(cells) or self._repeats_header(cells):
            return
        padded = cells[:width] + [""] * (width - len(cells))
        if self._take_totals(number, padded) or is_page_line(cells, self._titles):
            return
        if is_filled(cells[width:]):
            self.rejected += 1
            reason = PESEL if any(map(cell_has_pesel, cells)) else too_many_cells(len(cells), width)
            self._report(number, padded, CellFault(None, "", None, reason))
            return
        line, faults = self._plan.examine(padded)
        for fault in faults:
            self._report(number, padded, fault)
        if any(not found.fault.is_warning for found in faults):
            self.rejected += 1
        else:
            self._lines.append(f"{number}\t{line}")

    def _repeats_header(self, cells: list[Cell]) -> bool:
        """Printouts have their headers on every page."""
        return [plain_word(text) for text in header_texts(cells)[: self._plan.width]] == self._header_words

    def _take_totals(self, number: int, cells: list[Cell]) -> bool:
        label = totals_label(cells, self._plan.premises_code(cells))
        if label is None:
            return False
        members = {
            "row": number,
            "label": shown_text(mask_pesels(label), _LONGEST_NAME),
            "sums": {name: format(amount, ".2f") for name, amount in self._plan.sums(cells).items()},
        }
        if totals_scope(label) == "group":
            self._tell_totals("group", members)
            return True
        former, read = self._totals, self.count + self.rejected + len(self._lines)
        if former is not None:
            self._tell_totals("group", former.members)
        self._totals = _Totals(members, read, is_last=former is None or former.rows_read == read)
        return True

    def _end_totals(self) -> None:
        """The last RAZEM is the table's only where nothing follows it and it is not the sum of the last page alone."""
        totals, read = self._totals, self.count + self.rejected
        if totals is not None:
            self._tell_totals(
                "table" if totals.is_last and totals.rows_read == read else "group", totals.members
            )

    def _tell_totals(self, scope: str, members: dict[str, Any]) -> None:
        self._output.event(
            "totals",
            file=self._place.file,
            sheet=self._place.sheet,
            dataset=self._match.dataset.name,
            scope=scope,
            **members,
        )

    def _report(self, number: int, cells: list[Cell], found: CellFault) -> None:
        self._output.problem(
            Problem(
                "warning" if found.fault.is_warning else "error",
                found.fault.code,
                found.fault.reason,
                file=self._place.file,
                file_name=self._place.file_name,
                sheet=self._place.sheet,
                sheet_name=self._place.sheet_name,
                row=number,
                column=self._header.texts[found.index] if found.index is not None else "",
                field=found.field,
                value=_shown(found.cell),
                premises_code=self._plan.premises_code(cells),
                dataset=self._match.dataset.name,
            )
        )


def _fitted(cells: list[Cell], width: int) -> list[Cell]:
    """The row cut or filled up to the width of the header; unchanged where more cells hold something."""
    if len(cells) < width:
        return cells + [""] * (width - len(cells))
    return cells if any(cells[width:]) else cells[:width]


def too_many_cells(found: int, expected: int) -> Fault:
    """The fault of a row with more cells than the header has."""
    return Fault(
        "too_many_cells",
        f"Pól w wierszu jest {found}, a kolumn {expected}: zapewne znak rozdzielający stoi w tekście bez cudzysłowu.",
    )


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    return plain_number(cell) if isinstance(cell, float) else str(cell)
