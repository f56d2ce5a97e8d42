"""A press in a process of its own: papers as JSON come in, a PDF goes out, and the memory of both goes with the process.

typst remembers what it has set for later; over thousands of papers that is gigabytes. A worker therefore starts a press for
each chunk: `python -m billing_views.printouts.press <target>`, the JSON at its standard input. No Django.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from billing_views.printouts.paper import Letterhead, Paper, compile_papers, write_down

SECONDS = 300
ROOT = Path(__file__).parents[2]


class PressError(Exception):
    """The press made no PDF; texts of its errors may quote names and are not passed on."""


class Press:
    """One chunk being set while its caller reads the next. Ends with its `with` block, whatever happens."""

    def __init__(self, head: Letterhead, papers: Sequence[Paper], title: str, place: Path) -> None:
        """`place`: where the files of its work may lie; their names begin like it and end with `.part`."""
        source, target = (place.with_name(f"{place.name}.{kind}.part") for kind in ("json", "pdf"))
        source.write_text(write_down(head, papers, title), encoding="utf-8")
        self._source, self._target = source, target
        with source.open("rb") as content:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "billing_views.printouts.press", str(target)],
                stdin=content,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
            )

    def finish(self) -> Path:
        """Wait for the PDF; raises PressError where there is none."""
        try:
            if self._process.wait(SECONDS) != 0:
                raise PressError
        except subprocess.TimeoutExpired as error:
            raise PressError from error
        return self._target

    def stop(self) -> None:
        """End it and delete what it worked on."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._source.unlink(missing_ok=True)
        self._target.unlink(missing_ok=True)


def main() -> None:
    """Set what stands at the standard input."""
    Path(sys.argv[1]).write_bytes(compile_papers(sys.stdin.read()))


if __name__ == "__main__":
    main()
