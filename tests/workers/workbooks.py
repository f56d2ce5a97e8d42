"""Workbooks and archives made of nothing but bytes: what a spreadsheet, or an attacker, may send."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

# Style 1 shows a number as a date.
_STYLES = (
    f'{_DECLARATION}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def column_name(index: int) -> str:
    """A, B, … Z, AA for 0, 1, …"""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def sheet_xml(rows: Sequence[Sequence[str | float | None]], first_row: int = 1) -> str:
    """A sheet of texts and numbers; a text that starts with < is taken as the cell's XML, {r} its place."""
    lines = []
    for number, cells in enumerate(rows, start=first_row):
        texts = [_cell(cell, f"{column_name(i)}{number}") for i, cell in enumerate(cells) if cell is not None]
        lines.append(f'<row r="{number}">{"".join(texts)}</row>')
    return worksheet("".join(lines))


def worksheet(sheet_data: str) -> str:
    """A sheet around its rows' XML."""
    return f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetData>{sheet_data}</sheetData></worksheet>'


def _cell(cell: str | float, place: str) -> str:
    if isinstance(cell, str):
        if cell.startswith("<"):
            return cell.replace("{r}", place)
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{place}"><v>{cell!r}</v></c>'


def workbook_bytes(sheets: Mapping[str, str], hidden: Sequence[str] = ()) -> bytes:
    """An XLSX file of sheets given as XML."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"'
        + (' state="hidden"' if name in hidden else "")
        + "/>"
        for n, name in enumerate(sheets, start=1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'{relations}<Relationship Id="rId0" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
        "</Relationships>",
        "xl/styles.xml": _STYLES,
        **{f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), start=1)},
    }
    return zip_bytes({name: text.encode() for name, text in parts.items()})


def zip_bytes(entries: Mapping[str, bytes]) -> bytes:
    """A ZIP archive of these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()
