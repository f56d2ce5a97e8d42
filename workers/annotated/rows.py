"""The rows of a workbook's table with one more cell each."""

from collections.abc import Iterator
from dataclasses import dataclass

from workers.annotated.remarks import Remarks, is_own_header
from workers.formats.source import Table
from workers.table_rows import is_filled
from workers.values.fault import Cell

_SAMPLE_ROWS = 50
_LEAST_WIDTH, _MOST_WIDTH, _REMARK_WIDTH = 8, 40, 80


@dataclass(frozen=True, slots=True)
class AnnotatedRow:
    """A row by its number from 1; the remark stands in the last cell, `is_header` for the headers."""

    number: int
    cells: list[Cell]
    is_header: bool


def annotated_rows(table: Table, remarks: Remarks) -> Iterator[AnnotatedRow]:
    """Every row of the table; rows above the header have no cell more unless something is wrong with them."""
    header: list[Cell] | None = None
    width = 0
    for number, given in table.rows:
        cells = given
        remark: str = remarks.rows.get(number, "")
        is_header = False
        if header is None:
            is_header = number == remarks.header_row or (remarks.header_row is None and is_filled(given))
            if is_header:
                header = given
                width = len(given) - 1 if given and is_own_header(given[-1]) else len(given)
                remark = remarks.header_of(number)
        elif given == header:
            remark = remarks.header_of(number)
        if header is not None:
            cells = [*given[:width], *[None] * (width - len(given)), remark or None]
        elif remark:
            cells = [*given, remark]
        yield AnnotatedRow(number, cells, is_header)


def column_widths(rows: list[AnnotatedRow]) -> list[int]:
    """Widths in letters that suit the first rows; wide for the remarks."""
    widths: list[int] = []
    for row in rows:
        for index, cell in enumerate(row.cells):
            if index == len(widths):
                widths.append(_LEAST_WIDTH)
            shown = len(str(cell)) + 2 if cell is not None else 0
            widths[index] = max(widths[index], min(_MOST_WIDTH, shown))
    if widths:
        widths[-1] = _REMARK_WIDTH
    return widths


def take_sample(rows: Iterator[AnnotatedRow]) -> list[AnnotatedRow]:
    """The first rows, by which the columns are made as wide as they need."""
    return [row for _, row in zip(range(_SAMPLE_ROWS), rows, strict=False)]
