"""Reading files through the real child process, gathered for tests."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workers.datasets import dataset_named
from workers.formats.source import Limits
from workers.problems import Problem
from workers.reading import InputFile, ReadRequest, read_files
from workers.reading_events import (
    Event,
    ProblemFound,
    Progress,
    ReadingEnded,
    Rows,
    TableFound,
    TableRead,
    TotalsFound,
    Unsearched,
)
from workers.reading_options import Profile, TableOptions

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@dataclass
class Reading:
    """Everything that one request told. Rows are dicts of COPY texts, NULL as None."""

    rows: dict[str, list[dict[str, str | None]]] = field(default_factory=lambda: defaultdict(list))
    tables: list[TableFound] = field(default_factory=list)
    ends: list[TableRead] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    totals: list[TotalsFound] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    unsearched: list[int] = field(default_factory=list)
    ended: ReadingEnded | None = None

    @property
    def codes(self) -> Counter[str]:
        """How often each kind of problem was found."""
        return Counter(problem.code for problem in self.problems)

    def take(self, event: Event) -> None:
        """Files the event."""
        if isinstance(event, Rows):
            self.rows[event.dataset] += parse_rows(event)
        elif isinstance(event, ProblemFound):
            self.problems.append(event.problem)
        elif isinstance(event, TableFound):
            self.tables.append(event)
        elif isinstance(event, TableRead):
            self.ends.append(event)
        elif isinstance(event, TotalsFound):
            self.totals.append(event)
        elif isinstance(event, Progress):
            self.progress.append(event)
        elif isinstance(event, Unsearched):
            self.unsearched.append(event.file)
        elif isinstance(event, ReadingEnded):
            self.ended = event


def parse_rows(event: Rows) -> list[dict[str, str | None]]:
    """A block of COPY text as PostgreSQL would read it."""
    columns = ("file_no", "sheet", "line_no", *dataset_named(event.dataset).columns)
    lines = event.block.decode("utf-8").split("\n")
    if lines.pop() or len(lines) != event.count:
        raise AssertionError("a block holds whole lines, as many as it says")
    return [
        dict(zip(columns, (_unescaped(part) for part in line.split("\t")), strict=True)) for line in lines
    ]


def _unescaped(part: str) -> str | None:
    if part == "\\N":
        return None
    pieces = part.split("\\\\")
    marks = {"\\t": "\t", "\\n": "\n", "\\r": "\r"}
    for mark, character in marks.items():
        pieces = [piece.replace(mark, character) for piece in pieces]
    return "\\".join(pieces)


def read_paths(paths: Sequence[Path], limits: Limits | None = None, timeout_seconds: float = 60) -> Reading:
    """Reads files together, numbered from 1."""
    files = [InputFile(number, path, path.name) for number, path in enumerate(paths, start=1)]
    reading = Reading()
    for event in read_files(ReadRequest(files, limits or Limits(), timeout_seconds)):
        reading.take(event)
    return reading


def read_bytes(folder: Path, name: str, content: bytes | str, limits: Limits | None = None) -> Reading:
    """Reads one file of this content; a text is written as UTF-8."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_paths([path], limits)


def read_corrected(
    path: Path, tables: Mapping[str, TableOptions] | None = None, profiles: Sequence[Profile] = ()
) -> Reading:
    """Reads one file as a manager corrected it, or by profiles."""
    reading = Reading()
    files = [InputFile(1, path, path.name, tables or {})]
    for event in read_files(ReadRequest(files, timeout_seconds=60, profiles=profiles)):
        reading.take(event)
    return reading
