"""XLS workbooks of Excel before 2007, read by calamine after their size was checked; each sheet is a table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workers.formats.compound_file import OLE_START, CompoundFile
from workers.formats.source import MIB, Limits, Rows, Source, Table, UnreadableFileError
from workers.formats.workbooks import expect_fit, numbered_rows, opened_workbook, seekable
from workers.formats.xls_scan import XlsExtent, scan_workbook
from workers.reading_options import TableOptions

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_MOST_BYTES = 64 * MIB
_STREAMS = ("Workbook", "Book")
_STREAM_MARKS = tuple(name.encode("utf-16-le") for name in _STREAMS)


class Xls:
    """Excel 5 to 2003."""

    name = "xls"
    label = "XLS"

    def recognises(self, source: Source, head: bytes) -> bool:
        """An OLE file with a workbook in its directory, or of that name; others keep their advice."""
        if not head.startswith(OLE_START):
            return False
        if source.name.lower().endswith(".xls"):
            return True
        with source.open() as stream:
            # The directory may lie anywhere in the file.
            previous = b""
            while block := stream.read(MIB):
                if any(mark in previous + block for mark in _STREAM_MARKS):
                    return True
                previous = block[-64:]
        return False

    def tables(self, source: Source, limits: Limits, options: TableOptions) -> Iterator[Table]:  # noqa: ARG002
        """The sheets in their order."""
        if source.size > _MOST_BYTES:
            raise UnreadableFileError("sheet_too_large", "Skoroszyt jest za duży. Zapisz go jako CSV.")
        source = seekable(source)
        extents = _scan(source, limits)
        from python_calamine import SheetTypeEnum, SheetVisibleEnum

        with opened_workbook(source.path or source.open()) as workbook:
            for index, sheet in enumerate(workbook.sheets_metadata):
                if sheet.typ != SheetTypeEnum.WorkSheet:
                    continue
                extent = extents[index] if index < len(extents) else XlsExtent()
                table = _table(workbook, sheet.name, source, (extent, limits), (index, len(extents)))
                table.is_hidden = sheet.visible != SheetVisibleEnum.Visible
                yield table


def _scan(source: Source, limits: Limits) -> list[XlsExtent]:
    with source.open() as stream:
        content = stream.read()
    workbook = CompoundFile(content).stream(*_STREAMS)
    if workbook is None:
        raise UnreadableFileError(
            "unsupported_format", "To nie jest skoroszyt. Zapisz dane jako XLSX lub CSV."
        )
    return scan_workbook(workbook, limits)


def _table(
    workbook: "CalamineWorkbook",
    name: str,
    source: Source,
    bounds: tuple[XlsExtent, Limits],
    place: tuple[int, int],
) -> Table:
    index, of = place
    extent, limits = bounds
    read, height = 0, 1

    def rows() -> Rows:
        nonlocal read, height
        sheet = workbook.get_sheet_by_name(name)
        expect_fit(sheet.height, sheet.width, limits)
        height = max(sheet.total_height, 1)
        for row in numbered_rows(sheet, extent.valueless):
            read = row[0]
            yield row
        read = height

    def position() -> int:
        return int(source.size * (index + min(1.0, read / height)) / max(of, 1))

    return Table(name, rows(), position, file_format="xls")
