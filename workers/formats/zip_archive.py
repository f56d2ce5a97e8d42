"""ZIP: a month's package. Entries are read as streams and never unpacked to disk."""

import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath

from workers.formats.source import Limits, Source, UnreadableFileError
from workers.formats.zip_directory import ZIP_STARTS, opened_zip, zip_names

_UTF8_FLAG = 0x800
# What systems add to archives by themselves.
_CLUTTER = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")


class ZipArchive:
    """An archive of files of the table formats; archives inside it are refused."""

    name = "zip"
    label = "ZIP"

    def recognises(self, source: Source, head: bytes) -> bool:
        """Any ZIP but those that are a document of some program."""
        if not head.startswith(ZIP_STARTS):
            return False
        names = zip_names(source, head)
        return "[Content_Types].xml" not in names and "mimetype" not in names

    def members(self, source: Source, limits: Limits) -> Iterator[Source]:
        """The files inside, in the archive's order."""
        with opened_zip(source, limits) as archive:
            entries = [entry for entry in archive.infolist() if _is_wanted(entry)]
            if len(entries) > limits.archive_entries:
                raise UnreadableFileError(
                    "too_many_entries",
                    f"Archiwum może mieć najwyżej {limits.archive_entries} plików, a ma ich {len(entries)}.",
                )
            if not entries:
                raise UnreadableFileError("empty_archive", "Archiwum jest puste. Spakuj pliki jeszcze raz.")
            of = sum(entry.file_size for entry in entries)
            before = 0
            for entry in entries:
                name = entry_name(entry)
                yield Source(
                    source.no,
                    f"{source.name}/{name}",
                    entry.file_size,
                    partial(archive.open, entry),
                    inner=name,
                    before=before,
                    of=of,
                )
                before += entry.file_size


def entry_name(entry: zipfile.ZipInfo) -> str:
    """The entry's path: UTF-8 where it is valid, else the code page of Polish DOS and Windows (cp852)."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_FLAG:
        raw = name.encode("cp437")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp852")
    path = PurePosixPath(name.replace("\\", "/"))
    is_inside = bool(path.parts) and not path.is_absolute() and ".." not in path.parts
    if not is_inside or ":" in path.parts[0] or not name.isprintable():
        raise UnreadableFileError(
            "path_escape", "Archiwum ma plik o niedozwolonej ścieżce. Spakuj pliki bez folderów."
        )
    return str(path)


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.replace("\\", "/").lower().split("/")
    return not entry.filename.endswith("/") and parts[0] not in _CLUTTER and parts[-1] not in _CLUTTER
