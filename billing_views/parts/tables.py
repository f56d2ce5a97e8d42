"""A plain table for lists of the manager and for small owner lists; long ledgers write their rows themselves.

Inside: `Table` with `Column` and `Cell`, and `Pagination`. On a phone each row becomes a card: the first
column is its heading, a column of kind "sum" stands at its right, the rest follows with its label.
"""

from dataclasses import dataclass
from typing import Literal

ColumnKind = Literal["what", "text", "keep", "num", "sum", "end"]
"""what: heading of the row; keep: text on one line; num: figure at the right; sum: the figure that matters;
end: a figure at the end of the second line on a phone."""

CellState = Literal["", "owed", "paid", "wait", "plain"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, its kind, and the short label before its cells on a phone ("" for none)."""

    label: str
    kind: ColumnKind = "text"
    short: str = ""

    @property
    def css(self) -> str:
        """The classes of this column's cells."""
        return {
            "what": "what",
            "text": "",
            "keep": "keep",
            "num": "num",
            "sum": "num sum",
            "end": "num end",
        }[self.kind]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: text already formatted, a link, a state shown as a pill, a soft second line."""

    text: str = ""
    url: str | None = None
    state: CellState = ""
    note: str = ""

    @property
    def is_blank(self) -> bool:
        """Nothing to show: an empty cell takes no room on a phone."""
        return not (self.text or self.note)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; every row and `foot` row has as many cells as there are columns."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    foot: tuple[tuple[Cell, ...], ...] = ()
    empty: str = ""

    @property
    def body(self) -> list[list[tuple[Column, Cell]]]:
        """Rows with each cell beside its column."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]

    @property
    def totals(self) -> list[list[tuple[Column, Cell]]]:
        """Foot rows with each cell beside its column."""
        return [list(zip(self.columns, row, strict=True)) for row in self.foot]


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem found in a file, in the words shown to the manager; `line` None concerns the whole file.

    `suggestion` is the value that was probably meant.
    """

    line: int | None
    column: str
    value: str
    reason: str
    file_name: str = ""
    is_warning: bool = False
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Pagination:
    """„Strona 2 z 17" with links to the neighbours; None where there is none."""

    number: int
    count: int
    previous_url: str | None
    next_url: str | None
