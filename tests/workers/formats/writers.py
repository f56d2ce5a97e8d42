"""Tables written as other programs write them: CSV dialects, DBF, XML, and workbooks by three libraries."""

import io
import struct
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from workers.formats import detect_format
from workers.formats.source import Limits, Source
from workers.reading_options import TableOptions
from workers.values.fault import Cell

Value = str | Decimal | date | None
NumberedRows = list[tuple[int, list[Cell]]]


def source_of(name: str, content: bytes) -> Source:
    """A file that lies in memory."""
    return Source(1, name, len(content), lambda: io.BytesIO(content))


def read_tables(name: str, content: bytes, options: TableOptions | None = None) -> dict[str, NumberedRows]:
    """The rows of every table by its name, with empty rows left out; a row that is no row fails."""
    source = source_of(name, content)
    tables = {}
    for table in detect_format(source).tables(source, Limits(), options or TableOptions()):
        rows = [(number, cells) for number, cells in table.rows if any(cell is not None for cell in cells)]
        if table.faults:
            raise AssertionError(table.faults)
        tables[table.sheet_name] = rows
    return tables


def dbf_bytes(
    fields: Sequence[tuple[str, str, int, int]],
    records: Sequence[Sequence[bytes]],
    *,
    language: int = 0,
    encoding: str = "cp852",
    deleted: Sequence[int] = (),
) -> bytes:
    """A dBase III table of fields (name, type, length, decimals) and records of raw values, padded here."""
    size = 32 + 32 * len(fields) + 1
    width = 1 + sum(length for _, _, length, _ in fields)
    header = struct.pack("<B3BLHH17xB2x", 3, 126, 11, 22, len(records), size, width, language)
    columns = b"".join(
        struct.pack(
            "<11sc4xBB14x",
            name.encode(encoding),
            kind.encode(),
            length & 255,
            length >> 8 if kind == "C" else decimals,
        )
        for name, kind, length, decimals in fields
    )
    rows = b"".join(
        (b"*" if number in deleted else b" ")
        + b"".join(
            raw.rjust(length) if kind in "NF" else raw.ljust(length)
            for raw, (_, kind, length, _) in zip(record, fields, strict=True)
        )
        for number, record in enumerate(records)
    )
    return header + columns + b"\r" + rows + b"\x1a"


def dbf_table(headers: Sequence[str], rows: Sequence[Sequence[Value]], encoding: str, language: int) -> bytes:
    """A DBF file of texts, exact numbers and dates, each column of the type of its first row."""
    fields = [(header, *_dbf_type([row[index] for row in rows])) for index, header in enumerate(headers)]
    records = [[_dbf_raw(value, encoding) for value in row] for row in rows]
    return dbf_bytes(fields, records, language=language, encoding=encoding)


def _dbf_type(values: Sequence[Value]) -> tuple[str, int, int]:
    sample = next((value for value in values if value is not None), "")
    if isinstance(sample, Decimal):
        return "N", 18, 2
    return ("D", 8, 0) if isinstance(sample, date) else ("C", 120, 0)


def _dbf_raw(value: Value, encoding: str) -> bytes:
    if isinstance(value, date):
        return value.strftime("%Y%m%d").encode()
    return str("" if value is None else value).encode(encoding)


def xml_table(
    headers: Sequence[str], rows: Sequence[Sequence[Value]], encoding: str, *, as_attributes: bool
) -> bytes:
    """An XML file of rows; a value that is None is left out."""
    lines = []
    for row in rows:
        named = [
            (name, escape(str(value), {'"': "&quot;"}))
            for name, value in zip(headers, row, strict=True)
            if value is not None
        ]
        if as_attributes:
            pairs = " ".join(f'{name}="{text}"' for name, text in named)
            lines.append(f"<wiersz {pairs}/>")
        else:
            cells = "".join(f"<{name}>{text}</{name}>" for name, text in named)
            lines.append(f"<wiersz>{cells}</wiersz>")
    body = "\n".join(lines)
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<eksport>\n{body}\n</eksport>\n'
    return text.encode(encoding)


def xlsx_table(headers: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """A workbook by XlsxWriter: amounts as numbers, dates as dates."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Dane")
        dates = workbook.add_format({"num_format": "dd.mm.yyyy"})
        for number, row in enumerate([headers, *rows]):
            for index, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, index, value, dates)
                elif isinstance(value, Decimal):
                    sheet.write_number(number, index, float(value))
                elif value:
                    sheet.write_string(number, index, value)
    return buffer.getvalue()


def xls_table(headers: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """An old workbook by xlwt."""
    workbook = xlwt.Workbook(encoding="utf-8")
    sheet = workbook.add_sheet("Dane")
    dates = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    for number, row in enumerate([headers, *rows]):
        for index, value in enumerate(row):
            if isinstance(value, date):
                sheet.write(number, index, value, dates)
            elif value is not None:
                sheet.write(number, index, float(value) if isinstance(value, Decimal) else value)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def ods_table(headers: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """A workbook of LibreOffice by odfpy."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="Dane")
    for row in [headers, *rows]:
        line = TableRow()
        for value in row:
            line.addElement(_ods_cell(value))
        table.addElement(line)
    document.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    document.write(buffer)
    return buffer.getvalue()


def _ods_cell(value: Value) -> TableCell:
    if value is None:
        return TableCell()
    if isinstance(value, date):
        return TableCell(valuetype="date", datevalue=value.isoformat())
    if isinstance(value, Decimal):
        return TableCell(valuetype="float", value=str(value))
    cell = TableCell(valuetype="string")
    cell.addElement(P(text=value))
    return cell
