"""One upload → its copy with remarks: which writer serves which format, and archives member by member."""

import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from workers.annotated.csv_copy import copy_csv
from workers.annotated.dbf_copy import copy_dbf
from workers.annotated.remarks import NO_REMARKS, RefusedCopyError, Remarks
from workers.annotated.workbook_copy import copy_ods, copy_xls, copy_xlsx
from workers.annotated.xml_copy import copy_xml
from workers.formats import detect_archive, detect_format
from workers.formats.source import Limits, Source, UnreadableFileError
from workers.formats.zip_directory import DAMAGE
from workers.reading_options import TableOptions

_WORKBOOKS = {"xlsx": copy_xlsx, "xls": copy_xls, "ods": copy_ods}
_STREAMS = {"csv": copy_csv, "dbf": copy_dbf}


def copy_upload(source: Source, remarks: Mapping[str, Remarks], limits: Limits, target: Path) -> None:
    """Write the copy of an upload to `target`. RefusedCopyError and UnreadableFileError say why there is none."""
    archive = detect_archive(source)
    if archive is None:
        copy_file(source, remarks, limits, target)
        return
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
        tempfile.TemporaryDirectory(dir=target.parent) as folder,
    ):
        for number, member in enumerate(archive.members(source, limits)):
            piece = Path(folder) / str(number)
            try:
                copy_file(member, remarks, limits, piece)
            except (RefusedCopyError, UnreadableFileError, *DAMAGE):
                # What cannot be described goes along as it came.
                with member.open() as raw, piece.open("wb") as kept:
                    shutil.copyfileobj(raw, kept)
            copy.write(piece, member.inner)
            piece.unlink()


def copy_file(source: Source, remarks: Mapping[str, Remarks], limits: Limits, target: Path) -> None:
    """Write the copy of one file of table format."""
    form = detect_format(source)
    if form.name in _WORKBOOKS:
        _WORKBOOKS[form.name](source, form.tables(source, limits, TableOptions()), remarks, target)
    elif form.name in _STREAMS:
        own = remarks.get(source.inner, NO_REMARKS)
        with target.open("wb") as stream:
            _STREAMS[form.name](source, own, stream)
    elif form.name == "xml":
        with target.open("wb") as stream:
            copy_xml(source, remarks, limits, stream)
    else:
        raise RefusedCopyError(
            "no_columns",
            f"W pliku {form.label} nie ma miejsca na kolumnę z uwagami. Pobierz listę problemów jako CSV.",
        )
