"""XML read event by event in constant memory, by a parser that knows no document types, entities or references."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from workers.formats.source import UnreadableFileError

_BLOCK = 64 * 1024
# A tag, a comment or an instruction is held whole while it is read.
_LONGEST_TOKEN = 1024 * 1024
_MOST_NAMES = 2000
_DECLARED = re.compile(rb"""\A\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# What XML itself says with attributes is no figure of anybody's.
_XML_PREFIXES = frozenset({"xmlns", "xml", "xsi"})

DOCTYPE = UnreadableFileError(
    "xml_doctype",
    "Plik XML ma deklarację typu dokumentu (DOCTYPE) albo encje; takich plików nie otwieramy. "
    "Wyeksportuj dane bez niej.",
)


class _Texts(ContentHandler):
    """Passes texts on; elements do not come this way."""

    def __init__(self, take: Callable[[str], None]) -> None:
        super().__init__()
        # Set on the object: one call less for every text.
        self.__dict__["characters"] = take


class XmlReader(DefusedExpatParser):
    """Calls `opened`, `text` and `closed` with the depth of the element; the root's depth is 1.

    Names come without their namespaces' prefixes; attributes that belong to XML itself are left out.
    """

    _source: Any
    _parser: Any

    def __init__(self, encoding: str) -> None:
        super().__init__(forbid_dtd=True, forbid_entities=True, forbid_external=True)
        self._source.setEncoding(encoding or None)
        self._names: dict[str, str] = {}
        self.depth = 0
        self.setContentHandler(_Texts(self.text))

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins at `self.depth`."""

    def closed(self) -> None:
        """The element at `self.depth` ends."""

    def text(self, text: str) -> None:
        """A piece of text of the element at `self.depth`."""

    def read(self, stream: IO[bytes]) -> Iterator[int]:
        """Reads the file; after each block the bytes read so far. UnreadableFileError where it is no XML."""
        total = 0
        try:
            while block := stream.read(_BLOCK):
                self.feed(block)
                total += len(block)
                if total - self._parser.CurrentByteIndex > _LONGEST_TOKEN + _BLOCK:
                    raise UnreadableFileError(
                        "line_too_long", "Plik XML ma element dłuższy niż milion znaków."
                    )
                yield total
            self.close()
            yield total
        except DefusedXmlException as error:
            raise DOCTYPE from error
        except SAXParseException as error:
            line = error.getLineNumber() or 0
            raise UnreadableFileError(
                "damaged",
                f"Plik XML jest uszkodzony, urwany albo w innym kodowaniu, niż deklaruje (wiersz {line} pliku). "
                "Wyeksportuj go jeszcze raz.",
            ) from error

    def start_element(self, name: str, attrs: Mapping[str, str]) -> None:
        """What expat calls; SAX would wrap the attributes of every element."""
        self.depth += 1
        local = self._local(name)
        if attrs:
            attrs = {
                self._local(key): value
                for key, value in attrs.items()
                if key.partition(":")[0] not in _XML_PREFIXES
            }
        self.opened(local, attrs)

    def end_element(self, name: str) -> None:  # noqa: ARG002  expat's signature
        """What expat calls."""
        self.closed()
        self.depth -= 1

    def _local(self, name: str) -> str:
        local = self._names.get(name)
        if local is None:
            if len(self._names) >= _MOST_NAMES:
                raise UnreadableFileError("too_many_columns", "Plik XML ma tysiące różnych nazw elementów.")
            local = self._names[name] = name.rpartition(":")[2]
        return local


def declared_encoding(head: bytes) -> str:
    """The encoding that the first line of the file names; empty where it names none."""
    found = _DECLARED.match(head.removeprefix(b"\xef\xbb\xbf"))
    return found[1].decode("ascii") if found else ""
