"""How a supervisor is asked to end: Ctrl-C, SIGTERM, a closed terminal, or a make that is gone."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequestedError(BaseException):
    """Not an Exception, so that nothing on the way out swallows it."""


class StopSignal:
    """Raises StopRequestedError in the main thread, once, and not while a process is being started."""

    def __init__(self) -> None:
        self.is_requested = False
        self.is_held = False
        for sign in SIGNALS:
            signal.signal(sign, self._handle)

    def _handle(self, _sign: int, _frame: FrameType | None) -> None:
        self.ignore()
        self.is_requested = True
        if not self.is_held:
            raise StopRequestedError

    @staticmethod
    def ignore() -> None:
        """From now on nothing disturbs the way out: an impatient second Ctrl-C must not leave orphans."""
        for sign in SIGNALS:
            signal.signal(sign, signal.SIG_IGN)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Put a request off until the block is done: what it starts is then known and can be ended."""
        self.is_held = True
        try:
            yield
        finally:
            self.is_held = False
        if self.is_requested:
            raise StopRequestedError


class MakeWatch:
    """Notices that the make above is being stopped.

    make waits for its recipe and hands on SIGTERM only: one that is killed, or interrupted alone (a
    terminal interrupts all), would leave the supervisor running.
    """

    def __init__(self) -> None:
        self.make = os.getppid() if "MAKELEVEL" in os.environ else None
        self.was_interrupted = self._holds_interrupt()

    def is_stopping(self) -> bool:
        """Whether make is gone, or in its handler of an interrupt."""
        if self.make is None:
            return False
        return os.getppid() != self.make or (self._holds_interrupt() and not self.was_interrupted)

    def _holds_interrupt(self) -> bool:
        """Linux says which signals a process holds back: SIGINT while it handles one."""
        try:
            lines = Path(f"/proc/{self.make}/status").read_text().splitlines()
        except OSError:
            return False
        mask = next((int(line.split()[1], 16) for line in lines if line.startswith("SigBlk:")), 0)
        return bool(mask & 1 << (signal.SIGINT - 1))
