"""What processes use, read from /proc: processor time of a tree of processes, and its highest memory (Linux)."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
READER_MARK = b"workers.reader"
RESET_PEAK = "5"  # proc(5): resets VmHWM
WATCH_SECONDS = 0.02


def cpu_seconds(root: int) -> float:
    """Processor time of the process, its living descendants and those that have ended and were waited for."""
    found = {pid: stat for pid in _all_pids() if (stat := _stat(pid))}
    family = {root}
    for pid, stat in found.items():
        line, ancestor = [pid], stat.parent
        while ancestor in found and ancestor not in family:
            line.append(ancestor)
            ancestor = found[ancestor].parent
        if ancestor in family:
            family.update(line)
    return sum(stat.ticks for pid, stat in found.items() if pid in family) / TICKS


def tree(root: int) -> Iterator[int]:
    """The process and its living descendants: quick, but one may be missing while another ends."""
    yield root
    for task in _entries(PROC / str(root) / "task"):
        with suppress(OSError):
            for child in (task / "children").read_text().split():
                yield from tree(int(child))


def peak_bytes(pid: int) -> int:
    """The highest resident memory so far; 0 where the process has ended."""
    with suppress(OSError):
        for line in (PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def private_bytes(pid: int) -> int:
    """Resident memory that no other process shares; 0 where the process has ended.

    What is mapped to be shared is left out: a page of PostgreSQL's buffers that one session alone has touched so far is
    private to the kernel's eyes.
    """
    total, is_shared = 0, False
    with suppress(OSError):
        for line in (PROC / str(pid) / "smaps").read_text(encoding="utf-8", errors="replace").splitlines():
            words = line.split()
            if not words[0].endswith(":"):
                is_shared = words[1].endswith("s")
            elif not is_shared and words[0].startswith("Private_"):
                total += int(words[1]) * 1024
    return total


def title(pid: int) -> bytes:
    """The words it was started with, or that it shows instead; nothing where it has ended."""
    with suppress(OSError):
        return (PROC / str(pid) / "cmdline").read_bytes()
    return b""


class _Stat(NamedTuple):
    parent: int
    ticks: int


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _stat(pid: int) -> _Stat | None:
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    # The name in parentheses before the figures may hold spaces.
    figures = stat.rpartition(")")[2].split()
    return _Stat(int(figures[1]), sum(map(int, figures[11:15])))  # utime, stime, cutime, cstime


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


class MemoryWatch(threading.Thread):
    """The highest memory of a worker's processes and of its reading children while it is watched, in bytes."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root, self._is_over = root, threading.Event()
        self.worker = 0
        self.reader = 0

    def run(self) -> None:
        """Look until told to end."""
        while not self._is_over.wait(WATCH_SECONDS):
            for pid in tree(self._root):
                self._note(pid)

    def _note(self, pid: int) -> None:
        peak, words = peak_bytes(pid), title(pid)
        if READER_MARK in words:
            self.reader = max(self.reader, peak)
        elif words:
            self.worker = max(self.worker, peak)

    def end(self) -> None:
        """Stop looking."""
        self._is_over.set()
        self.join()


@contextmanager
def watched_memory(root: int) -> Iterator[MemoryWatch]:
    """Watch the tree of a worker; peaks of before are forgotten."""
    for pid in tree(root):
        with suppress(OSError):
            (PROC / str(pid) / "clear_refs").write_text(RESET_PEAK)
    watch = MemoryWatch(root)
    watch.start()
    try:
        yield watch
    finally:
        watch.end()
