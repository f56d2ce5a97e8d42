"""The container of old Office files (OLE): the streams in it, read without trusting its tables."""

import struct
from collections.abc import Iterator

from workers.formats.zip_directory import damaged

OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER = struct.Struct("<30xHH10xLL4xLLLLL")
_HEADER_SIZE = 512
_ENTRY = struct.Struct("<64sHB49xLL4x")
_FIRST_DIFAT_AT, _IN_HEADER = 76, 109
_LAST_SECTOR = 0xFFFFFFFA
_MINI_SECTOR = 64
_STREAM, _ROOT = 2, 5
_SHIFTS = (9, 12)


class CompoundFile:
    """An OLE file held in memory; UnreadableFileError where its tables do not hold together."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            self._read_tables()
        except (struct.error, IndexError) as error:
            raise damaged() from error

    def stream(self, *names: str) -> bytes | None:
        """The first stream of these names, or None."""
        for name in names:
            if name.lower() in self._entries:
                start, size = self._entries[name.lower()]
                return self._read(start, size)
        return None

    def _read_tables(self) -> None:
        shift, _, _, directory, self._cutoff, mini_start, _, difat, _ = _HEADER.unpack_from(self._content)
        if shift not in _SHIFTS:
            raise damaged()
        self._sector = 1 << shift
        self._most_sectors = len(self._content) // self._sector + 1
        self._fat: list[int] = []
        for sector in self._fat_sectors(difat):
            self._fat += self._longs(self._at(sector))
        self._entries: dict[str, tuple[int, int]] = {}
        raw = self._chain(directory)
        mini = b""
        for offset in range(0, len(raw) - _ENTRY.size + 1, _ENTRY.size):
            name, length, kind, start, size = _ENTRY.unpack_from(raw, offset)
            if kind == _STREAM:
                text = name[: max(0, length - 2)].decode("utf-16-le", "replace")
                self._entries.setdefault(text.lower(), (start, size))
            elif kind == _ROOT:
                mini = self._chain(start) if start < _LAST_SECTOR else b""
        self._mini = mini
        self._mini_fat = self._longs(self._chain(mini_start)) if mini_start < _LAST_SECTOR else []

    def _fat_sectors(self, difat: int) -> Iterator[int]:
        listed = struct.unpack_from(f"<{_IN_HEADER}L", self._content, _FIRST_DIFAT_AT)
        yield from (sector for sector in listed if sector < _LAST_SECTOR)
        seen = 0
        while difat < _LAST_SECTOR:
            *sectors, difat = self._longs(self._at(difat))
            yield from (sector for sector in sectors if sector < _LAST_SECTOR)
            seen += 1
            if seen > self._most_sectors:
                raise damaged()

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        if start >= len(self._content):
            raise damaged()
        return self._content[start : start + self._sector]

    @staticmethod
    def _longs(raw: bytes) -> list[int]:
        return list(struct.unpack_from(f"<{len(raw) // 4}L", raw))

    def _chain(self, sector: int) -> bytes:
        """The sectors of a stream from its first one; a circle is damage."""
        parts: list[bytes] = []
        while sector < _LAST_SECTOR:
            parts.append(self._at(sector))
            if len(parts) > self._most_sectors:
                raise damaged()
            sector = self._fat[sector]
        return b"".join(parts)

    def _read(self, start: int, size: int) -> bytes:
        try:
            if size >= self._cutoff:
                return self._chain(start)[:size]
            parts: list[bytes] = []
            while start < _LAST_SECTOR and len(parts) * _MINI_SECTOR < size:
                parts.append(self._mini[start * _MINI_SECTOR : (start + 1) * _MINI_SECTOR])
                start = self._mini_fat[start]
        except IndexError as error:
            raise damaged() from error
        return b"".join(parts)[:size]
