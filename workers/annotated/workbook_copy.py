"""Workbooks with one more column: values and types as they were read, every sheet, dates as dates. No formulas.

XLSX and XLS by their writers, ODS as the XML that it is: a writer of whole documents would hold every cell.
"""

import itertools
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from workers.annotated.remarks import NO_REMARKS, RefusedCopyError, Remarks
from workers.annotated.rows import AnnotatedRow, annotated_rows, column_widths, take_sample
from workers.annotated.sheet_names import SheetNames
from workers.formats.source import Source, Table
from workers.table_rows import Place
from workers.values.fault import Cell

# Runs of spaces would be read as one.
_SPACES = re.compile(r" {2,}")
XLS_ROWS, XLS_COLUMNS = 65_536, 256
_XLS_CELL = 32_767
TableSheets = Iterator[Table]


def _sheets(
    source: Source, tables: TableSheets, remarks: Mapping[str, Remarks]
) -> Iterator[tuple[Table, Iterator[AnnotatedRow], list[int]]]:
    for table in tables:
        rows = annotated_rows(table, remarks.get(Place.of(source, table).sheet, NO_REMARKS))
        sample = take_sample(rows)
        yield table, itertools.chain(sample, rows), column_widths(sample)


def copy_xlsx(source: Source, tables: TableSheets, remarks: Mapping[str, Remarks], target: Path) -> None:
    """Write an XLSX workbook, row by row."""
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "tmpdir": str(target.parent), "use_zip64": True}
    with Workbook(str(target), options) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        bold = book.add_format({"bold": True})
        names, is_any_shown = SheetNames(), False
        for table, rows, widths in _sheets(source, tables, remarks):
            sheet = book.add_worksheet(names.fit(table.sheet_name))
            if table.is_hidden:
                sheet.hide()
            elif not is_any_shown:
                # The writer shows the active sheet, the first unless told: a hidden one would come back to be imported.
                sheet.activate()
                is_any_shown = True
            for index, width in enumerate(widths):
                sheet.set_column(index, index, width)
            for row in rows:
                for index, cell in enumerate(row.cells):
                    _write_xlsx(
                        sheet, (row.number - 1, index), cell, (day, moment, bold if row.is_header else None)
                    )


def _write_xlsx(sheet: Any, place: tuple[int, int], cell: Cell, formats: tuple[Any, Any, Any]) -> None:
    day, moment, text = formats
    if isinstance(cell, datetime):
        sheet.write_datetime(*place, cell, moment if (cell.hour, cell.minute) != (0, 0) else day)
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, day)
    elif isinstance(cell, int | float | Decimal):
        sheet.write_number(*place, cell, text)
    elif cell:
        sheet.write_string(*place, cell, text)


def copy_xls(source: Source, tables: TableSheets, remarks: Mapping[str, Remarks], target: Path) -> None:
    """Write an XLS workbook; its sheets end at 65 536 rows."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    moment = xlwt.easyxf(num_format_str="DD.MM.YYYY HH:MM")
    names = SheetNames()
    for table, rows, widths in _sheets(source, tables, remarks):
        sheet = book.add_sheet(names.fit(table.sheet_name), cell_overwrite_ok=False)
        sheet.visibility = 1 if table.is_hidden else 0
        for index, width in enumerate(widths[:XLS_COLUMNS]):
            sheet.col(index).width = width * 256
        for row in rows:
            if row.number > XLS_ROWS or len(row.cells) > XLS_COLUMNS:
                raise RefusedCopyError(
                    "too_many_rows",
                    "Arkusz XLS mieści najwyżej 65 536 wierszy i 256 kolumn: kopia z uwagami się w nim nie zmieści."
                    " Zapisz plik jako XLSX albo CSV i wgraj go jeszcze raz.",
                )
            for index, cell in enumerate(row.cells):
                if isinstance(cell, date):
                    timed = isinstance(cell, datetime) and (cell.hour, cell.minute) != (0, 0)
                    sheet.write(row.number - 1, index, cell, moment if timed else day)
                elif cell is not None and cell != "":
                    sheet.write(row.number - 1, index, cell[:_XLS_CELL] if isinstance(cell, str) else cell)
            if row.number % 1000 == 0:
                sheet.flush_row_data()
    book.save(str(target))


_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_ODS_START = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.2">'
    "<office:automatic-styles>"
    '<number:date-style style:name="N1"><number:day number:style="long"/><number:text>.</number:text>'
    '<number:month number:style="long"/><number:text>.</number:text><number:year number:style="long"/>'
    "</number:date-style>"
    '<style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/>'
    "</style:style></office:automatic-styles><office:body><office:spreadsheet>"
)
_ODS_END = "</office:spreadsheet></office:body></office:document-content>"


def copy_ods(source: Source, tables: TableSheets, remarks: Mapping[str, Remarks], target: Path) -> None:
    """Write an ODS workbook, row by row."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _ODS_TYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _ODS_MANIFEST)
        with archive.open("content.xml", "w", force_zip64=True) as content:

            def write(text: str) -> None:
                content.write(text.encode("utf-8"))

            write(_ODS_START)
            for table, rows, widths in _sheets(source, tables, remarks):
                _write_ods_sheet(write, table, rows, len(widths))
            write(_ODS_END)


def _write_ods_sheet(
    write: Callable[[str], None], table: Table, rows: Iterator[AnnotatedRow], columns: int
) -> None:
    style = ' table:style-name="hidden"' if table.is_hidden else ""
    write(f"<table:table table:name={quoteattr(table.sheet_name)}{style}>")
    write(f'<table:table-column table:number-columns-repeated="{max(columns, 1)}"/>')
    written = 0
    for row in rows:
        if row.number > written + 1:
            empty = row.number - written - 1
            write(
                f'<table:table-row table:number-rows-repeated="{empty}"><table:table-cell/></table:table-row>'
            )
        written = row.number
        write(f"<table:table-row>{''.join(map(_ods_cell, row.cells))}</table:table-row>")
    write("</table:table>")


def _ods_cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, date):
        value = cell.isoformat().removesuffix("T00:00:00")
        return (
            f'<table:table-cell table:style-name="day" office:value-type="date" office:date-value="{value}"/>'
        )
    if isinstance(cell, int | float | Decimal):
        text = f"<text:p>{cell}</text:p>"
        return f'<table:table-cell office:value-type="float" office:value="{cell}">{text}</table:table-cell>'
    lines = "".join(f"<text:p>{_SPACES.sub(_ods_spaces, escape(line))}</text:p>" for line in cell.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def _ods_spaces(found: re.Match[str]) -> str:
    return f' <text:s text:c="{len(found[0]) - 1}"/>'
