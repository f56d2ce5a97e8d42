"""ODS workbooks of LibreOffice, read by calamine piece by piece, in constant memory; each sheet is a table.

calamine would hold the whole file several times over. A piece is a workbook of its own with some thousand rows.
"""

import io
import zipfile
from collections.abc import Iterator
from functools import partial

from workers.formats.ods_content import OdsContent, Piece
from workers.formats.source import Limits, Rows, Source, Table, UnreadableFileError
from workers.formats.workbooks import numbered_rows, opened_workbook, seekable
from workers.formats.zip_directory import ZIP_STARTS, damaged, opened_zip, zip_names
from workers.reading_options import TableOptions

_MIME_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_NAMES = (".ods", ".ots")
_LARGEST_MANIFEST = 1024 * 1024
_BEFORE = b"""<?xml version="1.0" encoding="UTF-8"?><office:document-content \
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" \
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" \
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">\
<office:body><office:spreadsheet><table:table table:name="A">"""
_BEHIND = b"</table:table></office:spreadsheet></office:body></office:document-content>"


class Ods:
    """OpenDocument spreadsheets."""

    name = "ods"
    label = "ODS"

    def recognises(self, source: Source, head: bytes) -> bool:
        """A ZIP that calls itself a spreadsheet, or one so damaged that only its name says so."""
        if not head.startswith(ZIP_STARTS):
            return False
        names = zip_names(source, head)
        if "content.xml" not in names or "mimetype" not in names:
            return not names and source.name.lower().endswith(_NAMES)
        return _MIME_TYPE in head

    def tables(self, source: Source, limits: Limits, options: TableOptions) -> Iterator[Table]:  # noqa: ARG002
        """The sheets in their order, some thousand rows in memory at a time."""
        source = seekable(source)
        with opened_zip(source, limits) as archive:
            try:
                _refuse_encryption(archive)
                with archive.open("content.xml") as stream:
                    content = OdsContent(stream, limits)
                    size = max(archive.getinfo("content.xml").file_size, 1)
                    while head := content.next_sheet():
                        position = partial(_position, content, source.size, size)
                        rows = _rows(content.pieces())
                        yield Table(
                            head.name, rows, position, is_hidden=head.is_hidden, file_format=self.name
                        )
                        # Rows that nobody wanted lie in front of the next sheet.
                        content.skip_sheet()
            except (zipfile.BadZipFile, KeyError) as error:
                raise damaged() from error


def _refuse_encryption(archive: zipfile.ZipFile) -> None:
    if "META-INF/manifest.xml" not in archive.namelist():
        return
    with archive.open("META-INF/manifest.xml") as stream:
        if b"encryption-data" in stream.read(_LARGEST_MANIFEST):
            raise UnreadableFileError(
                "encrypted", "Skoroszyt jest zabezpieczony hasłem. Zapisz go bez hasła i wgraj ponownie."
            )


def _position(content: OdsContent, size: int, unpacked: int) -> int:
    return int(size * content.position / unpacked)


def _rows(pieces: Iterator[Piece]) -> Rows:
    for piece in pieces:
        with opened_workbook(_small_workbook(piece.xml)) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            yield from numbered_rows(sheet, piece.valueless, piece.first_row)


def _small_workbook(rows: bytes) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", _MIME_TYPE)
        archive.writestr("META-INF/manifest.xml", b"<manifest:manifest/>")
        with archive.open("content.xml", "w") as content:
            content.writelines((_BEFORE, rows, _BEHIND))
    buffer.seek(0)
    return buffer
