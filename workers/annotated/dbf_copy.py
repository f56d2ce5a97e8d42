"""A DBF table with one more text field: header and records byte for byte, the new field at their end."""

import struct
from typing import IO

from workers.annotated.remarks import RefusedCopyError, Remarks
from workers.formats.source import Source

# Field names have ten letters; „UWAGI" alone would be read as the description of a posting.
FIELD = b"UWAGI_PORT"
LENGTH = 254
_PREFIX, _END_OF_FIELDS = 32, 0x0D
_LARGEST_RECORD = 65_535
_CODECS = {0x69: "mazovia", 0xC8: "cp1250"}


def copy_dbf(source: Source, remarks: Remarks, target: IO[bytes]) -> None:
    """Write the table with the remarks to `target`; the language byte and the texts stay."""
    with source.open() as stream:
        prefix = bytearray(stream.read(_PREFIX))
        _records, header_size, record_size = struct.unpack_from("<LHH", prefix, 4)
        rest = stream.read(header_size - _PREFIX)
        end = _end_of_fields(rest)
        field = struct.pack("<11sc4xBB14x", FIELD, b"C", LENGTH, 0)
        kept = record_size
        if rest[end - _PREFIX : end] == field:
            # The copy of a copy: its remarks are written anew.
            kept -= LENGTH
        else:
            rest = rest[:end] + field + rest[end:]
            if kept + LENGTH > _LARGEST_RECORD:
                raise RefusedCopyError("too_wide", "Tabela DBF nie pomieści kolumny z uwagami.")
        struct.pack_into("<HH", prefix, 8, _PREFIX + len(rest), kept + LENGTH)
        target.write(bytes(prefix) + rest)
        _copy_records(stream, (record_size, kept), (prefix, remarks), target)


def _copy_records(
    stream: IO[bytes], sizes: tuple[int, int], table: tuple[bytearray, Remarks], target: IO[bytes]
) -> None:
    """Every record, as far as it is the file's own (`sizes`: as it lies there, and of that what is kept)."""
    prefix, remarks = table
    record_size, kept = sizes
    codec = remarks.encoding or _CODECS.get(prefix[29], "cp852")
    number = 1
    for _ in range(struct.unpack_from("<L", prefix, 4)[0]):
        record = stream.read(record_size)
        if len(record) < record_size:
            raise RefusedCopyError("damaged", "Plik DBF jest urwany: kopii z uwagami nie da się zrobić.")
        # Deleted records are no rows, as for the reading.
        is_row = record[:1] != b"*"
        number += is_row
        raw = (remarks.first_row(number) if is_row else "").encode(codec, "replace")[:LENGTH]
        target.write(record[:kept] + raw.ljust(LENGTH))
    target.write(stream.read(1))


def _end_of_fields(descriptors: bytes) -> int:
    for place in range(0, len(descriptors), 32):
        if descriptors[place] == _END_OF_FIELDS:
            return place
    raise RefusedCopyError(
        "damaged", "Nagłówek pliku DBF jest uszkodzony: kopii z uwagami nie da się zrobić."
    )
