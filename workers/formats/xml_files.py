"""The format of XML exports; what reads them is loaded with the first one (defusedxml brings half of the network stack)."""

from collections.abc import Iterator

from workers.formats.encodings import unicode_codec
from workers.formats.source import Limits, Source, Table
from workers.reading_options import TableOptions


class Xml:
    """The simple schema of docs/xml-format.md."""

    name = "xml"
    label = "XML"

    def recognises(self, source: Source, head: bytes) -> bool:
        """By its declaration; a file without one also by its name."""
        codec = unicode_codec(head)
        start = (head.decode(codec, "replace").encode() if codec else head).lstrip(b" \t\r\n")
        if start.startswith(b"<?xml"):
            return True
        is_markup = start[:1] == b"<" and not start[:9].lower().startswith((b"<html", b"<!doctype"))
        return is_markup and source.name.lower().endswith(".xml")

    def tables(self, source: Source, limits: Limits, options: TableOptions) -> Iterator[Table]:  # noqa: ARG002
        """A table per kind of row elements, in the order of their first appearance."""
        # Costs a third of the start of the reading child, and most files are none.
        from workers.formats.xml_rows import read_tables

        yield from read_tables(source, options, self.name)
