"""The file formats that are read, one module each. A new one is a module and a line in FORMATS."""

from workers.formats.csv_text import CsvText
from workers.formats.dbf import Dbf
from workers.formats.mt940_statement import Mt940
from workers.formats.ods import Ods
from workers.formats.signatures import explain_unknown
from workers.formats.source import ArchiveFormat, Source, TableFormat, UnreadableFileError
from workers.formats.xls import Xls
from workers.formats.xlsx import Xlsx
from workers.formats.xml_files import Xml
from workers.formats.zip_archive import ZipArchive

__all__ = ["ARCHIVES", "FORMATS", "detect_archive", "detect_format"]

# The surest signature first: any text may pass for CSV.
FORMATS: tuple[TableFormat, ...] = (Xlsx(), Ods(), Xls(), Dbf(), Xml(), Mt940(), CsvText())
ARCHIVES: tuple[ArchiveFormat, ...] = (ZipArchive(),)


def detect_archive(source: Source) -> ArchiveFormat | None:
    """The archive format of a file, or None where it is no archive."""
    head = source.head()
    return next((archive for archive in ARCHIVES if archive.recognises(source, head)), None)


def detect_format(source: Source) -> TableFormat:
    """The format of a file by its content, then its name; UnreadableFileError says what to do with others."""
    head = source.head()
    if source.size <= len(head) and not head.strip(b"\xef\xbb\xbf \t\r\n\x1a\0"):
        raise UnreadableFileError("empty_file", "Plik jest pusty. Wyeksportuj go jeszcze raz.")
    for table_format in FORMATS:
        if table_format.recognises(source, head):
            return table_format
    raise UnreadableFileError(*explain_unknown(source, head))
