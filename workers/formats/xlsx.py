"""XLSX workbooks, read by calamine after their size was checked; each sheet is a table."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from workers.formats.source import MIB, Limits, Rows, Source, Table, UnreadableFileError
from workers.formats.xlsx_scan import SheetExtent, scan_part, sheet_parts
from workers.formats.zip_directory import ZIP_STARTS, damaged, opened_zip, zip_names
from workers.reading_options import TableOptions
from workers.values.fault import Cell

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_NAMES = (".xlsx", ".xlsm")
# A workbook inside an archive is held in memory: it cannot be read in one direction.
_MOST_IN_ARCHIVE = 32 * MIB
_ODD_TYPES = frozenset({bool, time, timedelta})


class Xlsx:
    """Excel workbooks since 2007."""

    name = "xlsx"
    label = "XLSX"

    def recognises(self, source: Source, head: bytes) -> bool:
        """A ZIP with a workbook in it, or one so damaged that only its name says so."""
        if not head.startswith(ZIP_STARTS):
            return False
        names = zip_names(source, head)
        return "xl/workbook.xml" in names if names else source.name.lower().endswith(_NAMES)

    def tables(self, source: Source, limits: Limits, options: TableOptions) -> Iterator[Table]:  # noqa: ARG002
        """The sheets in their order, one in memory at a time."""
        if source.path is None:
            source = _in_memory(source)
        extents = _scan(source, limits)
        # Loaded here: a child that reads texts only stays smaller and starts faster without it.
        from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        try:
            with CalamineWorkbook.from_object(source.path or source.open()) as workbook:
                sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
                for index, sheet in enumerate(sheets):
                    extent = extents[index] if index < len(extents) else SheetExtent()
                    table = _table(workbook, sheet.name, source, extent, (index, len(sheets)))
                    table.is_hidden = sheet.visible != SheetVisibleEnum.Visible
                    yield table
        except CalamineError as error:
            raise damaged() from error


def _in_memory(source: Source) -> Source:
    if source.size > _MOST_IN_ARCHIVE:
        raise UnreadableFileError(
            "too_large_in_archive", "Skoroszyt w archiwum jest za duży. Wyślij go osobno, bez archiwum."
        )
    with source.open() as stream:
        content = stream.read()
    return replace(source, open=lambda: io.BytesIO(content))


def _scan(source: Source, limits: Limits) -> list[SheetExtent]:
    """Checks every part of the workbook and returns the extents of the sheets in their order."""
    with opened_zip(source, limits) as archive:
        try:
            extents = {
                entry.filename: scan_part(archive, entry.filename, limits.sheet_cells)
                for entry in archive.infolist()
                if not entry.filename.endswith("/")
            }
            return [extents.get(part, SheetExtent()) for part in sheet_parts(archive)]
        except (zipfile.BadZipFile, KeyError) as error:
            raise damaged() from error


def _table(
    workbook: "CalamineWorkbook", name: str, source: Source, extent: SheetExtent, place: tuple[int, int]
) -> Table:
    index, of = place
    read = 0.0

    def rows() -> Rows:
        nonlocal read
        sheet = workbook.get_sheet_by_name(name)
        height = max(sheet.total_height, 1)
        for number, cells in _numbered(sheet, extent):
            read = number / height
            yield number, cells
        read = 1.0

    return Table(name, rows(), lambda: int(source.size * (index + read) / of), file_format="xlsx")


def _numbered(sheet: "CalamineSheet", extent: SheetExtent) -> Rows:
    first_column = sheet.start[1] + 1 if sheet.start else 1
    valueless_rows = {row for row, _ in extent.valueless}
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells: list[Any] = row
        if not _ODD_TYPES.isdisjoint(map(type, cells)):
            cells = [_plain_cell(cell) for cell in cells]
        if number in valueless_rows:
            for index in range(len(cells)):
                cells[index] = extent.valueless.get((number, first_column + index), cells[index])
        yield number, cells


def _plain_cell(cell: Any) -> Cell:
    if isinstance(cell, bool):
        return "PRAWDA" if cell else "FAŁSZ"
    if isinstance(cell, str | float | int | date | datetime):
        return cell
    return str(cell)
