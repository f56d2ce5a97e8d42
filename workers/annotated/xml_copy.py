"""An XML file with one more attribute on the rows of which something is wrong: every other byte as it was."""

import re
from collections.abc import Mapping
from typing import IO
from xml.sax.saxutils import quoteattr

from workers.annotated.remarks import NO_REMARKS, Remarks
from workers.formats.encodings import settled_codec
from workers.formats.source import Limits, Source
from workers.formats.xml_files import Xml
from workers.formats.xml_layout import RowKind, find_row_kinds
from workers.formats.xml_parser import XmlReader
from workers.reading_options import TableOptions
from workers.table_rows import Place

ATTRIBUTE = "uwagi-portalu"
# The attribute and others in front of it, from behind the row's name on.
_VALUE = r"""\s*=\s*(?:"[^"]*"|'[^']*')"""
_ATTRIBUTE = re.compile(rf"(?:\s+(?!{ATTRIBUTE}\b)[^\s=]+{_VALUE})*(?P<own>\s+{ATTRIBUTE}{_VALUE})")
# How much of a start tag is looked at: nearly every one is short.
_HEADS = (4 * 1024, 64 * 1024, 1024 * 1024)


def copy_xml(source: Source, remarks: Mapping[str, Remarks], limits: Limits, target: IO[bytes]) -> None:
    """Write the file with the remarks to `target`."""
    tables = list(
        Xml().tables(source, limits, TableOptions.from_json({"encoding": _chosen(source, remarks)}))
    )
    with source.open() as stream:
        raw = stream.read()
    codec = settled_codec(tables[0].encoding, raw[:4096]).removesuffix("-sig")
    kinds = find_row_kinds(source, codec)
    if codec == "utf-16":
        codec = "utf-16-le" if raw.startswith(b"\xff\xfe") else "utf-16-be"
    reader = _Places(settled_codec(tables[0].encoding, raw[:4096]).removesuffix("-sig"), kinds)
    with source.open() as stream:
        for _ in reader.read(stream):
            continue
    keys = [Place.of(source, table).sheet for table in tables]
    written = 0
    for place in reader.places:
        own = remarks.get(keys[place.kind], NO_REMARKS)
        text = own.first_row(place.number)
        start, end = place.start, place.start
        if place.is_annotated:
            start, end = _former(raw, place.start, codec)
        if text or end > start:
            target.write(raw[written:start])
            if text:
                target.write(f" {ATTRIBUTE}={quoteattr(text)}".encode(codec, "xmlcharrefreplace"))
            written = end
    target.write(raw[written:])


def _chosen(source: Source, remarks: Mapping[str, Remarks]) -> str:
    """The encoding in which the file was read."""
    return next(
        (own.encoding for key, own in remarks.items() if own.encoding and key.startswith(source.inner)), ""
    )


def _former(raw: bytes, start: int, codec: str) -> tuple[int, int]:
    """Where the attribute of an earlier copy stands, with the space before it: it is written anew.

    In quotes of either kind: a remark that quotes a value stands in single ones. Programs may have moved it.
    """
    for length in _HEADS:
        text = raw[start : start + length].decode(codec, "ignore")
        found = _ATTRIBUTE.match(text)
        if found:
            before = len(text[: found.start("own")].encode(codec))
            return start + before, start + before + len(found["own"].encode(codec))
    return start, start


class _RowPlace:
    """Where in the file a row's name ends, and whether the row has the attribute already."""

    __slots__ = ("is_annotated", "kind", "number", "start")

    def __init__(self, kind: int, number: int, start: int, *, is_annotated: bool) -> None:
        self.kind, self.number, self.start, self.is_annotated = kind, number, start, is_annotated


class _Places(XmlReader):
    """Finds the start tags of rows; numbers them as the reading does, the first row of a kind 2."""

    def __init__(self, codec: str, kinds: list[RowKind]) -> None:
        super().__init__(codec)
        self._codec = {"utf-16": "utf-16-le"}.get(codec, codec)
        self._kinds = {(kind.section, kind.name, kind.depth): index for index, kind in enumerate(kinds)}
        self._numbers = [1] * len(kinds)
        self._section = ""
        self._tag = ""
        self.places: list[_RowPlace] = []

    def start_element(self, name: str, attrs: Mapping[str, str]) -> None:
        """Remembers the name as it stands in the file, with its prefix."""
        self._tag = name
        super().start_element(name, attrs)

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """A row begins, or a section of rows."""
        if self.depth == 2:  # noqa: PLR2004  below the root
            self._section = name
        for section in ("", self._section):
            kind = self._kinds.get((section, name, self.depth))
            if kind is not None:
                self._numbers[kind] += 1
                start = int(self._parser.CurrentByteIndex) + len(f"<{self._tag}".encode(self._codec))
                self.places.append(
                    _RowPlace(kind, self._numbers[kind], start, is_annotated=ATTRIBUTE in attributes)
                )
                return
