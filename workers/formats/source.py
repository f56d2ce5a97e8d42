"""What every file format works with: the bytes of one file, and the tables found in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, Protocol

from workers.reading_options import TableOptions
from workers.values.fault import Cell

Rows = Iterator[tuple[int, list[Cell]]]
MIB = 1024 * 1024


class UnreadableFileError(Exception):
    """A file that cannot be read (any further): its code and a Polish reason; row where it is known."""

    def __init__(self, code: str, reason: str, row: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason
        self.row = row


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep one file from filling the machine."""

    file_bytes: int = 100 * MIB
    unpacked_bytes: int = 300 * MIB
    archive_entries: int = 100
    archive_ratio: int = 200
    sheet_rows: int = 500_000
    sheet_cells: int = 8_000_000
    problems: int = 10_000
    memory_bytes: int = 512 * MIB
    cpu_seconds: int = 120


@dataclass(frozen=True, slots=True)
class Source:
    """One file: `name` as people see it, `inner` its path within an uploaded archive (else empty).

    `open` may be called several times; `path` is there only for a file that lies on disk by itself.
    Of an archive's `of` unpacked bytes, `before` belong to the files in front of this one.
    """

    no: int
    name: str
    size: int
    open: Callable[[], IO[bytes]]
    inner: str = ""
    path: Path | None = None
    before: int = 0
    of: int = 0

    def head(self, size: int = 4096) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(size)


@dataclass(slots=True)
class RowFault:
    """A row that the format could not take apart; the rows after it are still read."""

    row: int
    code: str
    reason: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class ColumnBlock:
    """Rows that follow each other without a gap, all of one width, column by column; `first` is the first one's number."""

    first: int
    columns: list[list[str]]

    def rows(self) -> list[tuple[int, list[Cell]]]:
        """The same as numbered rows."""
        return list(enumerate(map(list, zip(*self.columns, strict=True)), self.first))


@dataclass(frozen=True, slots=True)
class StatementSums:
    """One bank statement whose balances agree; złote. `rows` incoming payments make `incoming`, all else `outgoing`.

    `outgoing` is what left the account, negative: opening + incoming + outgoing = closing.
    """

    line: int
    account: str
    number: str
    rows: int
    opening: Decimal
    incoming: Decimal
    outgoing: Decimal
    closing: Decimal


@dataclass(slots=True)
class Table:
    """Rows of cells with the number that a person sees at each; `position` says how many bytes are read.

    `file_format` is the name of the format that read it. `faults` fills while `rows` is read. A format that can read
    whole columns sets `blocks`: once it was called, `rows` ends somewhere, and what it gives is the rest.
    `statements` fills while `rows` is read, too.
    """

    sheet_name: str
    rows: Rows
    position: Callable[[], int]
    encoding: str = ""
    separator: str = ""
    faults: list[RowFault] = field(default_factory=list)
    statements: list[StatementSums] = field(default_factory=list)
    is_hidden: bool = False
    file_format: str = ""
    blocks: Callable[[], Iterator[ColumnBlock | Rows]] | None = None


class TableFormat(Protocol):
    """A format whose files hold tables."""

    name: str
    label: str

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether the content (the name second) is of this format."""
        ...

    def tables(self, source: Source, limits: Limits, options: TableOptions) -> Iterator[Table]:
        """The tables, each read before the next is asked for; UnreadableFileError where that fails.

        Of the options a format heeds `encoding` and `separator`, where it has such a thing.
        """
        ...


class ArchiveFormat(Protocol):
    """A format whose files hold other files."""

    name: str
    label: str

    def recognises(self, source: Source, head: bytes) -> bool:
        """Whether the content is of this format."""
        ...

    def members(self, source: Source, limits: Limits) -> Iterator[Source]:
        """The files inside; UnreadableFileError where the archive is damaged or too big."""
        ...
