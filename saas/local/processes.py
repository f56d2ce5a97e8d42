"""What the system knows about a process that a pid file names: whether it is the server or a stranger."""

import os
import signal
import subprocess
import time
from pathlib import Path


def command_of(pid: int) -> str:
    """The command line of a living process; empty where there is none (a zombie has none either)."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        if Path("/proc/self").exists():
            return ""
    shown = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)],  # noqa: S607 - systems without /proc keep ps in several places
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.strip()


def is_taken(pid: int) -> bool:
    """Whether the system still knows the number: a living process of any user, or a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def pids_working_in(folder: Path) -> list[int]:
    """Living processes whose working directory is `folder` (none found where there is no /proc)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
        except OSError:
            continue  # it has ended meanwhile, or is another user's
    return found


def read_pid(file: Path) -> int | None:
    """The number on the first line of a pid file; None where there is none."""
    try:
        first = file.read_text().split("\n", 1)[0].strip()
    except OSError:
        return None
    return int(first) if first.isdigit() and int(first) > 1 else None


def wait_until_gone(pid: int, *, seconds: float) -> bool:
    """Whether the process ends within `seconds`."""
    deadline = time.monotonic() + seconds
    while command_of(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def end_process(pid: int, *, seconds: float = 10) -> None:
    """Ask the process to end, and kill it when it does not within `seconds`."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return
        if wait_until_gone(pid, seconds=seconds):
            return
