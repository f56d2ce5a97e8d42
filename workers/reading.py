"""The parent's side of reading: starts the child, passes on what it says, outlives whatever happens to it.

`read_files` yields events in the order of the files. A child that was killed, ran out of memory or time, or
broke down is one more problem of the file it was reading; rows that came before stand in earlier events, and
`ReadingEnded.is_complete` is False. Closing the generator ends the child. No Django, no database.
"""

import fcntl
import json
import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from workers.formats.source import Limits
from workers.problems import Problem
from workers.reading_events import Event, FileStarted, ProblemFound, ReadingEnded, Rows, event_from
from workers.reading_options import Profile, TableOptions

__all__ = ["InputFile", "ReadRequest", "read_files"]

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent
_LONGEST_LINE = 4 * 1024 * 1024
_CHUNK = 1024 * 1024
_PIPE = 1024 * 1024
_KEPT_ERROR_OUTPUT = 64 * 1024
_LONGEST_WAIT = 1.0


@dataclass(frozen=True, slots=True)
class InputFile:
    """One upload: its number in the batch, where it lies, and the name that people gave it.

    `tables` are the manager's options for tables of it, by the tables' keys.
    """

    no: int
    path: Path
    name: str
    tables: Mapping[str, TableOptions] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The file as the child is asked for it."""
        tables = {key: options.as_json() for key, options in self.tables.items()}
        return {"no": self.no, "path": str(self.path.resolve()), "name": self.name, "tables": tables}


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """Files to read together, in their order, the profiles that may fit their tables, and the bounds of doing so."""

    files: Sequence[InputFile]
    limits: Limits = field(default_factory=Limits)
    timeout_seconds: float = 300.0
    profiles: Sequence[Profile] = ()


class ChildStoppedError(Exception):
    """The child ended, fell silent past its time, or said something that cannot be."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason


def read_files(
    request: ReadRequest, *, is_wanted: Callable[[], None] = lambda: None
) -> Generator[Event, None, None]:
    """What is in the files: tables, rows as COPY text, totals and problems, progress, and the end.

    `is_wanted` is called once a second while the child says nothing; what it raises ends the reading.
    After a child that stopped at one file, another one reads the files behind it.
    """
    deadline = time.monotonic() + request.timeout_seconds
    left = list(request.files)
    totals = _Totals()
    while left:
        current = left[0].no
        for event in _read_once(replace(request, files=left), deadline, is_wanted):
            if isinstance(event, FileStarted):
                current = event.file
            if isinstance(event, ReadingEnded):
                totals.add(event)
            else:
                totals.note(event)
                yield event
        numbers = [file.no for file in left]
        left = [] if totals.is_finished else left[numbers.index(current) + 1 :]
    yield totals.ended()


class _Totals:
    """Adds up the children that one request took."""

    def __init__(self) -> None:
        self._rows: Counter[str] = Counter()
        self._problems: Counter[str] = Counter()
        self._listed: Counter[str] = Counter()
        self._peak_memory = 0
        self._cpu_seconds = 0.0
        self._is_complete = True
        self.is_finished = False

    def note(self, event: Event) -> None:
        """Counts what a child gives out."""
        if isinstance(event, Rows):
            self._rows[event.dataset] += event.count
        elif isinstance(event, ProblemFound):
            self._listed[event.problem.severity] += 1

    def add(self, ended: ReadingEnded) -> None:
        """One child's end. Only a child that came to it knows of problems beyond those it listed."""
        self.is_finished = ended.is_complete
        self._is_complete &= ended.is_complete
        self._problems.update(ended.problems if ended.is_complete else self._listed)
        self._listed.clear()
        self._peak_memory = max(self._peak_memory, ended.peak_memory)
        self._cpu_seconds += ended.cpu_seconds

    def ended(self) -> ReadingEnded:
        """The end of the whole request."""
        return ReadingEnded(
            is_complete=self._is_complete,
            rows=dict(self._rows),
            problems=dict(self._problems),
            peak_memory=self._peak_memory,
            cpu_seconds=self._cpu_seconds,
        )


def _read_once(request: ReadRequest, deadline: float, is_wanted: Callable[[], None]) -> Iterator[Event]:
    """One child from its start to its end, whatever that is; the last event is ReadingEnded."""
    current = FileStarted(request.files[0].no, request.files[0].name)
    child = _start(request)
    try:
        for event in _events(_Pipe(child, deadline, is_wanted)):
            if isinstance(event, FileStarted):
                current = event
            yield event
            if isinstance(event, ReadingEnded):
                return
    except ChildStoppedError as error:
        child.kill()
        _log_failure(child)
        yield ProblemFound(
            Problem("error", error.code, error.reason, file=current.file, file_name=current.name)
        )
        yield _STOPPED
    finally:
        _end(child)


_STOPPED = ReadingEnded(is_complete=False, rows={}, problems={}, peak_memory=0, cpu_seconds=0.0)


def _start(request: ReadRequest) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-m", "workers.reader"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # The child reads on while the parent loads what came before (a megabyte is what any process may ask for).
        pipesize=1024 * 1024,
        cwd=_ROOT,
        # No secrets of ours, and the same text handling everywhere.
        env={"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1", "LANG": "C.UTF-8"},
    )
    # Room for a block or two: the child reads on while its rows are being loaded.
    fcntl.fcntl(_stream(child.stdout).fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
    message = json.dumps(
        {
            "files": [file.as_json() for file in request.files],
            "profiles": [profile.as_json() for profile in request.profiles],
            "limits": asdict(request.limits),
        }
    )
    try:
        with _stream(child.stdin) as stdin:
            stdin.write(message.encode())
    except BrokenPipeError:
        pass  # the child is gone already; reading its output says why
    return child


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise AssertionError("the child was started with pipes")
    return stream


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kills the child if it still runs and reaps it."""
    if child.poll() is None:
        child.kill()
    child.wait()
    _stream(child.stdout).close()
    _stream(child.stderr).close()


def _events(pipe: "_Pipe") -> Iterator[Event]:
    while True:
        try:
            members: dict[str, Any] = json.loads(pipe.line())
            if members["event"] == "rows":
                block = pipe.exactly(members["bytes"])
                yield Rows(members["dataset"], members["count"], block)
            else:
                yield event_from(members)
        except (ValueError, KeyError, TypeError) as error:
            raise ChildStoppedError("reader_stopped", _BROKEN) from error


class _Pipe:
    """Lines and blocks from the child, within the time allowed; no more is held than was asked for."""

    def __init__(
        self, child: subprocess.Popen[bytes], deadline: float, is_wanted: Callable[[], None]
    ) -> None:
        self._child = child
        self._descriptor = _stream(child.stdout).fileno()
        self._deadline = deadline
        self._is_wanted = is_wanted
        self._poll = select.poll()
        self._poll.register(self._descriptor, select.POLLIN)
        self._held = bytearray()

    def line(self) -> bytes:
        """The next line without its end."""
        searched = 0
        while (end := self._held.find(b"\n", searched)) < 0:
            searched = len(self._held)
            if searched > _LONGEST_LINE:
                raise ChildStoppedError("reader_stopped", _BROKEN)
            self._read_more()
        line = bytes(self._held[:end])
        del self._held[: end + 1]
        return line

    def exactly(self, size: int) -> bytes:
        """The next `size` bytes."""
        while len(self._held) < size:
            self._read_more()
        block = bytes(self._held[:size])
        del self._held[:size]
        return block

    def _read_more(self) -> None:
        while (left := self._deadline - time.monotonic()) > 0:
            if self._poll.poll(min(left, _LONGEST_WAIT) * 1000):
                break
            self._is_wanted()
        else:
            raise ChildStoppedError(
                "timeout",
                "Wczytywanie pliku trwało zbyt długo i zostało przerwane. Podziel plik albo zapisz go jako CSV.",
            )
        raw = os.read(self._descriptor, _CHUNK)
        if not raw:
            raise _explain_end(self._child.wait())
        self._held += raw


_BROKEN = (
    "Wczytywanie pliku zostało przerwane. Plik jest uszkodzony albo zawiera coś, czego nie umiemy odczytać."
    " Wyeksportuj go jeszcze raz albo zapisz jako CSV."
)
_TOO_MUCH = "Plik wymaga więcej pamięci lub czasu, niż dopuszczamy. Zapisz go jako CSV albo podziel."
_LIMIT_SIGNALS = {signal.SIGKILL, signal.SIGABRT, signal.SIGXCPU, signal.SIGSEGV, signal.SIGBUS}


def _explain_end(return_code: int) -> ChildStoppedError:
    if return_code < 0 and -return_code in _LIMIT_SIGNALS:
        return ChildStoppedError("reader_limits", _TOO_MUCH)
    return ChildStoppedError("reader_stopped", _BROKEN)


def _log_failure(child: subprocess.Popen[bytes]) -> None:
    """Logs where in the code the child failed, without the message, which may quote the file."""
    child.wait()
    stderr = _stream(child.stderr).fileno()
    os.set_blocking(stderr, False)
    try:
        output = os.read(stderr, _KEPT_ERROR_OUTPUT).decode("utf-8", "replace")
    except BlockingIOError:
        output = ""
    places = [line.strip() for line in output.splitlines() if line.startswith("  File ")]
    logger.error("reading child ended with %s at %s", child.returncode, places[-3:])
