"""XLSX workbooks, read by calamine after their size was checked; each sheet is a table."""

import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from workers.formats.source import Limits, Rows, Source, Table
from workers.formats.workbooks import expect_fit, numbered_rows, opened_workbook, seekable
from workers.formats.xlsx_scan import SheetExtent, scan_part, sheet_parts
from workers.formats.zip_directory import ZIP_STARTS, damaged, opened_zip, zip_names
from workers.reading_options import TableOptions

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_NAMES = (".xlsx", ".xlsm")


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
        source = seekable(source)
        extents = _scan(source, limits)
        from python_calamine import SheetTypeEnum, SheetVisibleEnum

        with opened_workbook(source.path or source.open()) as workbook:
            sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            for index, sheet in enumerate(sheets):
                extent = extents[index] if index < len(extents) else SheetExtent()
                table = _table(workbook, sheet.name, source, (extent, limits), (index, len(sheets)))
                table.is_hidden = sheet.visible != SheetVisibleEnum.Visible
                yield table


def _scan(source: Source, limits: Limits) -> list[SheetExtent]:
    """Checks every part of the workbook and returns the extents of the sheets in their order."""
    with opened_zip(source, limits) as archive:
        try:
            extents = {
                entry.filename: scan_part(archive, entry.filename, limits)
                for entry in archive.infolist()
                if not entry.filename.endswith("/")
            }
            return [extents.get(part, SheetExtent()) for part in sheet_parts(archive)]
        except (zipfile.BadZipFile, KeyError) as error:
            raise damaged() from error


def _table(
    workbook: "CalamineWorkbook",
    name: str,
    source: Source,
    bounds: tuple[SheetExtent, Limits],
    place: tuple[int, int],
) -> Table:
    index, of = place
    extent, limits = bounds
    read = 0.0

    def rows() -> Rows:
        nonlocal read
        sheet = workbook.get_sheet_by_name(name)
        # The scan reads the usual notation; what it could not see is known now.
        expect_fit(sheet.height, sheet.width, limits)
        height = max(sheet.total_height, 1)
        for number, cells in numbered_rows(sheet, extent.valueless):
            read = number / height
            yield number, cells
        read = 1.0

    return Table(name, rows(), lambda: int(source.size * (index + read) / of), file_format="xlsx")
