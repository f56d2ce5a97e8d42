"""The directory of a ZIP file, checked against the limits before anything is unpacked."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from workers.formats.source import MIB, Limits, Source, UnreadableFileError

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
# What Python's readers raise on bytes that do not hold together, at opening or at any later read.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, OverflowError)

# What small texts may shrink to without being suspicious.
_SMALL = 8 * MIB
_ENCRYPTED_FLAG = 0x1
_KNOWN_COMPRESSION = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


@contextmanager
def opened_zip(source: Source, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The archive, its directory within the limits; UnreadableFileError where it is damaged."""
    with source.open() as stream:
        try:
            archive = zipfile.ZipFile(stream)
        except (*DAMAGE, ValueError) as error:
            raise damaged() from error
        with archive:
            check_directory(archive, limits)
            yield archive


def zip_names(source: Source, head: bytes) -> list[str]:
    """Names in the directory, empty where the file is no ZIP or damaged."""
    if not head.startswith(ZIP_STARTS):
        return []
    try:
        with source.open() as stream, zipfile.ZipFile(stream) as archive:
            return archive.namelist()
    except (*DAMAGE, ValueError):
        return []


def check_directory(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuses encrypted entries and archives that would unpack to too much."""
    entries = archive.infolist()
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise UnreadableFileError(
            "encrypted", "Plik jest zabezpieczony hasłem. Zapisz go bez hasła i wgraj ponownie."
        )
    if any(entry.compress_type not in _KNOWN_COMPRESSION for entry in entries):
        raise UnreadableFileError(
            "unknown_compression", "Plik jest spakowany metodą, której nie czytamy. Spakuj go zwykłym ZIP-em."
        )
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        size = limits.unpacked_bytes // MIB
        raise UnreadableFileError(
            "too_large_unpacked",
            f"Po rozpakowaniu plik miałby ponad {size} MB. Podziel go albo zapisz jako CSV.",
        )
    for entry in entries:
        if entry.file_size > max(_SMALL, entry.compress_size * limits.archive_ratio):
            raise UnreadableFileError(
                "suspicious_compression",
                "Plik rozpakowuje się do nienaturalnie dużych rozmiarów; nie otwieramy go.",
            )


def damaged() -> UnreadableFileError:
    """The error for a file whose bytes do not hold together."""
    return UnreadableFileError("damaged", "Plik jest uszkodzony. Wyeksportuj go i wgraj ponownie.")
