"""A bar on the operator's terminal; nothing at all where the output is a file."""

from typing import Any, Final

WIDTH: Final = 40


class ProgressBar:
    """`total` steps on the stream, drawn anew with each `step`."""

    def __init__(self, stream: Any, total: int) -> None:
        self._stream, self._total, self._done = stream, total, 0
        self._is_shown = total > 0 and stream.isatty()

    def step(self, note: str = "") -> None:
        """One more is done."""
        self._done += 1
        if self._is_shown:
            filled = WIDTH * self._done // self._total
            self._stream.write(
                f"\r[{'#' * filled:.<{WIDTH}}] {self._done}/{self._total} {note}\033[K", ending=""
            )

    def end(self) -> None:
        """Leave the line."""
        if self._is_shown:
            self._stream.write("")
