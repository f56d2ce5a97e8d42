"""What was not read of a file is kept with it all the same: it is searched for PESEL numbers as plain bytes."""

import re

from workers.formats.source import Source
from workers.values.pesel import is_pesel

_ELEVEN_DIGITS = re.compile(rb"(?<![0-9])[0-9]{11}(?![0-9])")
_BLOCK = 1024 * 1024
_OVERLAP = 16


def has_pesel_bytes(source: Source) -> bool:
    """Whether a PESEL stands anywhere in a text file, whatever its encoding; memory stays constant."""
    rest = b""
    with source.open() as stream:
        while raw := stream.read(_BLOCK):
            # Digits are one byte each in every encoding but UTF-16, where a zero byte goes with each.
            block = rest + raw.replace(b"\0", b"")
            if any(is_pesel(found.decode("ascii")) for found in _ELEVEN_DIGITS.findall(block)):
                return True
            rest = block[-_OVERLAP:]
    return False
