"""Which elements of an XML file are rows, and their columns: found by reading it once before its rows.

Rows are the children of the root, or the children of sections below it (docs/xml-format.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workers.formats.source import Source, UnreadableFileError
from workers.formats.xml_parser import XmlReader

_ROW_DEPTH = 2
_DEEPEST = 4
_MOST_KINDS = 20
_MOST_COLUMNS = 500
_SHEETS = frozenset({"Workbook", "document", "document-content", "html"})
_WHERE_ROWS_LIE = "Wiersze muszą leżeć w elemencie głównym albo o jeden poziom niżej."


@dataclass(slots=True)
class RowKind:
    """Elements of one name in one place: `section` is empty for children of the root."""

    section: str
    name: str
    columns: dict[str, int] = field(default_factory=dict)
    has_text: bool = False
    has_elements: bool = False

    @property
    def depth(self) -> int:
        """How deep the rows lie; the root's depth is 1."""
        return _ROW_DEPTH + bool(self.section)

    def add(self, column: str) -> None:
        """Notes a column at its first appearance."""
        if column not in self.columns:
            if len(self.columns) >= _MOST_COLUMNS:
                raise UnreadableFileError(
                    "too_many_columns", f"Wiersze pliku XML mają ponad {_MOST_COLUMNS} różnych elementów."
                )
            self.columns[column] = len(self.columns)


def find_row_kinds(source: Source, encoding: str) -> list[RowKind]:
    """The kinds of rows in the order of their first appearance; UnreadableFileError where there are none."""
    layout = _Layout(encoding)
    with source.open() as stream:
        for _ in layout.read(stream):
            continue
    kinds = [kind for top in layout.tops.values() for kind in top.row_kinds()]
    for kind in kinds:
        if kind.has_text and not kind.has_elements:
            kind.add(kind.name)
    return [kind for kind in kinds if kind.columns]


@dataclass(slots=True)
class _Top:
    """The elements of one name below the root: rows themselves, or sections with rows in them."""

    row: RowKind
    inner: dict[str, RowKind] = field(default_factory=dict)
    has_plain_children: bool = False

    @property
    def is_section(self) -> bool:
        """Rows hold plain elements; a section holds nothing but elements that hold something."""
        has_deep_children = any(kind.has_elements for kind in self.inner.values())
        return has_deep_children or (bool(self.inner) and not self.has_plain_children)

    def row_kinds(self) -> list[RowKind]:
        """Itself, or what is in it."""
        return list(self.inner.values()) if self.is_section else [self.row]


class _Layout(XmlReader):
    """Gathers what every element could be, as a row or as a section."""

    def __init__(self, encoding: str) -> None:
        super().__init__(encoding)
        self.tops: dict[str, _Top] = {}
        self._top: _Top | None = None
        self._kind: RowKind | None = None

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """Takes an element into account by its depth."""
        if self.depth == _DEEPEST - 1:
            self._open_inner(name, attributes)
        elif self.depth == _DEEPEST:
            if self._kind is not None:
                self._kind.has_elements = True
                _add_all(self._kind, name, attributes)
        elif self.depth == _ROW_DEPTH:
            self._open_top(name, attributes)
        elif self.depth > _DEEPEST:
            raise UnreadableFileError(
                "xml_too_deep",
                f"Plik XML jest zagnieżdżony głębiej, niż czytamy (element „{name}”). {_WHERE_ROWS_LIE}",
            )
        elif name in _SHEETS:
            raise UnreadableFileError(
                "unsupported_format", "To jest arkusz albo strona zapisana jako XML. Zapisz ją jako XLSX."
            )

    def text(self, text: str) -> None:
        """Text between the tags of a row."""
        if self.depth == _ROW_DEPTH and self._top is not None and not text.isspace():
            self._top.row.has_text = True
        elif self.depth == _DEEPEST - 1 and self._kind is not None and not text.isspace():
            self._kind.has_text = True

    def _open_top(self, name: str, attributes: Mapping[str, str]) -> None:
        top = self.tops.get(name)
        if top is None:
            top = self.tops[name] = _Top(RowKind("", name))
            _expect_few(len(self.tops))
        for attribute in attributes:
            top.row.add(attribute)
        self._top = top

    def _open_inner(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._top is None:
            raise AssertionError("an element of depth 3 is in one of depth 2")
        self._top.row.has_elements = True
        _add_all(self._top.row, name, attributes)
        kind = self._top.inner.get(name)
        if kind is None:
            kind = self._top.inner[name] = RowKind(self._top.row.name, name)
        for attribute in attributes:
            kind.add(attribute)
        self._top.has_plain_children |= not attributes
        self._kind = kind


def _add_all(kind: RowKind, name: str, attributes: Mapping[str, str]) -> None:
    kind.add(name)
    for attribute in attributes:
        kind.add(f"{name} {attribute}")


def _expect_few(kinds: int) -> None:
    if kinds > _MOST_KINDS:
        raise UnreadableFileError(
            "xml_too_many_kinds", f"Plik XML ma ponad {_MOST_KINDS} rodzajów wierszy. {_WHERE_ROWS_LIE}"
        )
