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
        records, header_size, record_size = struct.unpack_from("<LHH", prefix, 4)
        rest = stream.read(header_size - _PREFIX)
        end = _end_of_fields(rest)
        if record_size + LENGTH > _LARGEST_RECORD:
            raise RefusedCopyError("too_wide", "Tabela DBF nie pomieści kolumny z uwagami.")
        struct.pack_into("<HH", prefix, 8, header_size + 32, record_size + LENGTH)
        field = struct.pack("<11sc4xBB14x", FIELD, b"C", LENGTH, 0)
        target.write(bytes(prefix) + rest[:end] + field + rest[end:])
        codec = remarks.encoding or _CODECS.get(prefix[29], "cp852")
        number = 1
        for _ in range(records):
            record = stream.read(record_size)
            if len(record) < record_size:
                raise RefusedCopyError("damaged", "Plik DBF jest urwany: kopii z uwagami nie da się zrobić.")
            # Deleted records are no rows, as for the reading.
            number += record[:1] != b"*"
            text = remarks.rows.get(number, "") if record[:1] != b"*" else ""
            raw = text.encode(codec, "replace")[:LENGTH]
            target.write(record + raw.ljust(LENGTH))
        target.write(stream.read(1))


def _end_of_fields(descriptors: bytes) -> int:
    for place in range(0, len(descriptors), 32):
        if descriptors[place] == _END_OF_FIELDS:
            return place
    raise RefusedCopyError(
        "damaged", "Nagłówek pliku DBF jest uszkodzony: kopii z uwagami nie da się zrobić."
    )
