"""The processes that a supervisor starts, each with its descendants in a group; none survives it."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from saas.local.server_user import LocalServerError

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 8
# A service that lives shorter than this, so many times in a row, will not come up at all.
SHORT_LIFE_SECONDS = 10
SHORT_LIVES = 3


class CommandFailedError(LocalServerError):
    """A short command that ended with an error; the message holds what it said."""


@dataclass(slots=True)
class Service:
    """A process that is meant to live as long as its supervisor."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes]
    started_at: float = field(default_factory=time.monotonic)
    short_lives: int = 0


class Children:
    """All processes of one supervisor; `stop` ends every one, whatever state it is in."""

    def __init__(self, *, folder: Path, environment: Mapping[str, str], logs: Path) -> None:
        self.folder = folder
        self.environment = dict(environment)
        self.logs = logs
        self.services: list[Service] = []
        self.commands: set[subprocess.Popen[str]] = set()
        self.is_stopping = False
        self.lock = threading.Lock()

    def start_service(self, name: str, command: Sequence[str]) -> None:
        """Start a service from the main thread; what it says goes to a log of its name."""
        log = self.logs / f"{name}.log"
        self.services.append(Service(name, command, log, self._spawn(command, log)))

    def _spawn(self, command: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends all in order
                preexec_fn=end_with_parent,  # noqa: PLW1509 - services are started before any thread
            )

    def run_command(self, *command: str, stdin: str | None = None) -> str:
        """Run a short command inside `threads`; return what it printed, raise CommandFailedError.

        Not in the main thread: there a signal may arrive between a process's start and its being known.
        """
        with self.lock:
            if self.is_stopping:
                raise CommandFailedError("stopped")
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            self.commands.add(process)
        try:
            said, complained = process.communicate(stdin)
        finally:
            with self.lock:
                self.commands.discard(process)
        if process.returncode:
            words = " ".join(command[1:4])
            raise CommandFailedError(f"{words} failed ({process.returncode}):\n{(said + complained).strip()}")
        return said

    def revive(self) -> list[str]:
        """Start services that have ended anew and name them; raise when one does not stay up."""
        ended = [service for service in self.services if service.process.poll() is not None]
        for service in ended:
            kill_group(service.process.pid, signal.SIGKILL)
            lived = time.monotonic() - service.started_at
            service.short_lives = service.short_lives + 1 if lived < SHORT_LIFE_SECONDS else 1
            if service.short_lives >= SHORT_LIVES:
                raise LocalServerError(f"{service.name} does not stay up:\n{log_tail(service.log)}")
            service.process = self._spawn(service.command, service.log)
            service.started_at = time.monotonic()
        return [service.name for service in ended]

    def stop(self) -> None:
        """Ask everything to end, kill what has not ended after a few seconds, with all descendants."""
        with self.lock:
            self.is_stopping = True
            services = [service.process for service in self.services]
            processes: list[subprocess.Popen[Any]] = [*services, *self.commands]
        for process in processes:
            if process.poll() is None:
                kill_group(process.pid, signal.SIGTERM, leader_only=True)
        deadline = time.monotonic() + GRACE_SECONDS
        for process in processes:
            with suppress(subprocess.TimeoutExpired):  # killed below
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            kill_group(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def threads(children: Children) -> Iterator[ThreadPoolExecutor]:
    """Where short commands are run; a failure or a request to stop ends all of them at once."""
    pool = ThreadPoolExecutor(max_workers=4)
    try:
        yield pool
    except BaseException:
        children.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def kill_group(leader: int, sign: signal.Signals, *, leader_only: bool = False) -> None:
    """Signal a group of processes (or its leader); one that is gone is fine."""
    try:
        if leader_only:
            os.kill(leader, sign)
        else:
            os.killpg(leader, sign)
    except (ProcessLookupError, PermissionError):  # macOS says the latter of a group of zombies
        return


def end_with_parent() -> None:
    """Called in a child before its program starts: Linux ends it when the supervisor is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def log_tail(log: Path, *, lines: int = 15) -> str:
    """The last lines of a log, for an error message."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
