"""A table as a file for a spreadsheet: CSV, or XLSX with real numbers and dates. What it shows is the caller's.

CSV is UTF-8 with a byte order mark, semicolons and decimal commas; days are 2026-11-10, months 2026-11. In both files a
text that begins like a formula stays a text.
"""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter

from associations.periods import Month
from associations.spreadsheets import csv_text

Value = str | int | Decimal | dt.date | Month | None
ColumnKind = Literal["text", "day", "month", "money", "number"]

_FORMATS = {
    "text": "@",
    "day": "dd.mm.yyyy",
    "month": "mm.yyyy",
    "money": "#,##0.00",
    "number": "#,##0.######",
}
_NARROWEST, _WIDEST = 10, 60


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column with its header; the kind says how figures and days are written."""

    label: str
    kind: ColumnKind = "text"


@dataclass(frozen=True, slots=True)
class FileTable:
    """A table of values, unformatted; rows have as many cells as there are columns. None is an empty cell."""

    title: str
    columns: tuple[FileColumn, ...]
    rows: tuple[tuple[Value, ...], ...]


def write_csv(table: FileTable) -> bytes:
    """The table for a spreadsheet in Polish."""
    heads = [column.label for column in table.columns]
    return csv_text([heads, *([_as_text(value) for value in row] for row in table.rows)]).encode()


def write_xlsx(table: FileTable) -> bytes:
    """A workbook of one sheet: bold header that stays in sight and is printed on each page, a filter, widths that fit."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": table.title})
        sheet = book.add_worksheet(_sheet_name(table.title))
        formats = {kind: book.add_format({"num_format": text}) for kind, text in _FORMATS.items()}
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, column.label, head)
            sheet.set_column(place, place, _width(table, place))
        for line, row in enumerate(table.rows, start=1):
            for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                _write_cell(sheet, line, place, value, formats[column.kind])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return content.getvalue()


WRITERS: dict[str, Callable[[FileTable], bytes]] = {"csv": write_csv, "xlsx": write_xlsx}


def _write_cell(sheet: Any, line: int, place: int, value: Value, cell_format: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(line, place, value)
    elif isinstance(value, Month):
        sheet.write_datetime(line, place, value.first_day, cell_format)
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, place, value, cell_format)
    else:
        sheet.write_number(line, place, value, cell_format)


def _as_text(value: Value) -> str:
    """`1234,56`, `2026-11-10`, `2026-11`: what a spreadsheet and a program read alike."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, Month):
        return f"{value.year}-{value.number:02}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _width(table: FileTable, place: int) -> int:
    longest = max((len(_as_text(row[place])) for row in table.rows), default=0)
    return min(max(longest, len(table.columns[place].label), _NARROWEST), _WIDEST) + 1


def _sheet_name(title: str) -> str:
    """At most 31 characters, and none that a sheet's name must not have."""
    return "".join(" " if one in "[]:*?/\\'" else one for one in title)[:31].strip() or "Dane"
