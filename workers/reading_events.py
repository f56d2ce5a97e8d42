"""What reading files tells, event by event."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from workers.problems import Problem


@dataclass(frozen=True, slots=True)
class FileStarted:
    """A file is being opened."""

    file: int
    name: str


@dataclass(frozen=True, slots=True)
class ColumnFound:
    """A column of the file that is read: index from 0, header as in the file, field of the dataset."""

    index: int
    header: str
    field: str


@dataclass(frozen=True, slots=True)
class TableFound:
    """A table was found. `sheet` is its key within the upload, as in the staging rows.

    `dataset` is "" where it was not recognised, the likeliest one where its headers are refused; whether rows follow
    says TableRead. `mapping` is parallel to `headers`: the field that each fills, "" for none. `samples` are its
    first rows as texts. `options` are in force (TableOptions as JSON), of the profile of this id if any; `seen` are
    the forms of numbers and dates in it. `pesel_columns` are indexes of columns to be dropped before the file is kept.
    """

    file: int
    file_name: str
    sheet: str
    sheet_name: str
    dataset: str
    encoding: str
    separator: str
    header_row: int
    columns: tuple[ColumnFound, ...]
    unknown_columns: tuple[str, ...]
    pesel_columns: tuple[int, ...]
    file_format: str = ""
    headers: tuple[str, ...] = ()
    mapping: tuple[str, ...] = ()
    samples: tuple[tuple[str, ...], ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    profile: int | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """`count` rows of a dataset as COPY text: file_no, sheet, line_no, then the dataset's columns."""

    dataset: str
    count: int
    block: bytes


@dataclass(frozen=True, slots=True)
class ProblemFound:
    """One problem."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class TotalsFound:
    """A totals row. `scope` is `table` for a sum of the whole table, `group` for a part of it."""

    file: int
    sheet: str
    row: int
    dataset: str
    scope: str
    label: str
    sums: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class StatementRead:
    """A bank statement in a table: `rows` payments of it are read; its balances and sums, in złote, agree."""

    file: int
    sheet: str
    line: int
    account: str
    number: str
    rows: int
    opening: Decimal
    incoming: Decimal
    outgoing: Decimal
    closing: Decimal


@dataclass(frozen=True, slots=True)
class Progress:
    """Bytes read of an upload's bytes (of an archive: unpacked bytes); rows of the present table so far."""

    file: int
    bytes: int
    of: int
    rows: int


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table's end: rows given out, rows refused."""

    file: int
    sheet: str
    dataset: str
    rows: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Unsearched:
    """Of a file not all was read, and the rest cannot be searched for PESEL numbers: it must not be kept."""

    file: int


@dataclass(frozen=True, slots=True)
class ReadingEnded:
    """The last event. Counts of rows by dataset and of problems by severity; the child's cost.

    `is_complete` is False where the child did not come to its end.
    """

    is_complete: bool
    rows: dict[str, int]
    problems: dict[str, int]
    peak_memory: int
    cpu_seconds: float


Event = (
    FileStarted
    | TableFound
    | Rows
    | ProblemFound
    | TotalsFound
    | StatementRead
    | Progress
    | TableRead
    | Unsearched
    | ReadingEnded
)


def event_from(members: dict[str, Any]) -> Event:
    """The event that a JSON line of the child tells; KeyError or TypeError for one that is none."""
    name = members.pop("event")
    if name == "table":
        members["columns"] = tuple(ColumnFound(**column) for column in members["columns"])
        for several in ("unknown_columns", "pesel_columns", "headers", "mapping"):
            members[several] = tuple(members[several])
        members["samples"] = tuple(map(tuple, members["samples"]))
    elif name == "totals":
        members["sums"] = {field: Decimal(amount) for field, amount in members["sums"].items()}
    elif name == "statement":
        for name_of_sum in ("opening", "incoming", "outgoing", "closing"):
            members[name_of_sum] = Decimal(members[name_of_sum])
        return StatementRead(**members)
    elif name == "problem":
        return ProblemFound(Problem(**members))
    elif name == "end":
        return ReadingEnded(is_complete=True, **members)
    return _PLAIN[name](**members)


_PLAIN: dict[str, type[FileStarted | TableFound | TotalsFound | Progress | TableRead | Unsearched]] = {
    "file": FileStarted,
    "table": TableFound,
    "totals": TotalsFound,
    "progress": Progress,
    "table_end": TableRead,
    "unsearched": Unsearched,
}
