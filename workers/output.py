"""What the reading child says to its parent: JSON lines, and blocks of COPY text behind a line of their own.

`{"event": "rows", "dataset": …, "bytes": N, "count": K}` is followed by exactly N bytes; every other event
is one line. A parent that has gone away ends the child.
"""

import json
import time
from collections import Counter
from typing import IO, Any

from workers.problems import Problem
from workers.row_plan import PESEL

_PROGRESS_SECONDS = 0.2


class Output:
    """The child's side of the pipe; counts what goes through it."""

    def __init__(self, stream: IO[bytes], most_problems: int) -> None:
        self._stream = stream
        self._most_problems = most_problems
        self._problems_of_file: Counter[int] = Counter()
        self._files_with_pesels: set[int] = set()
        self._next_progress = 0.0
        self.rows: Counter[str] = Counter()
        self.problems: Counter[str] = Counter()

    def event(self, event: str, **members: Any) -> None:
        """One JSON line."""
        line = json.dumps({"event": event, **members}, ensure_ascii=False, separators=(",", ":"))
        self._write(line.encode("utf-8", "replace") + b"\n")

    def rows_block(self, dataset: str, count: int, block: bytes) -> None:
        """Rows in COPY text form."""
        self.rows[dataset] += count
        self.event("rows", dataset=dataset, bytes=len(block), count=count)
        self._write(block)

    def problem(self, problem: Problem) -> None:
        """One problem; those of a file beyond the limit are only counted.

        The first PESEL of a file is told all the same: the file must not be kept.
        """
        self.problems[problem.severity] += 1
        self._problems_of_file[problem.file] += 1
        is_first_pesel = problem.code == PESEL.code and problem.file not in self._files_with_pesels
        if is_first_pesel:
            self._files_with_pesels.add(problem.file)
        if is_first_pesel or self._problems_of_file[problem.file] <= self._most_problems:
            self.event("problem", **problem.masked().as_dict())

    def end_file(self, file: int, name: str) -> None:
        """Says how many problems of the file were left out of the list."""
        more = self._problems_of_file[file] - self._most_problems
        if more > 0:
            reason = f"Znaleziono więcej problemów, niż pokazujemy: jeszcze {more}."
            left_out = Problem("error", "more_problems", reason, file=file, file_name=name)
            self.event("problem", **left_out.as_dict())

    def progress(self, file: int, position: int, of: int, rows: int) -> None:
        """How far the file is read, at most five times a second."""
        now = time.monotonic()
        if now >= self._next_progress:
            self._next_progress = now + _PROGRESS_SECONDS
            self.event("progress", file=file, bytes=min(position, of), of=of, rows=rows)
            self.flush()

    def flush(self) -> None:
        """Passes on what is buffered."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            raise SystemExit(0) from None

    def _write(self, block: bytes) -> None:
        try:
            self._stream.write(block)
        except BrokenPipeError:
            raise SystemExit(0) from None
