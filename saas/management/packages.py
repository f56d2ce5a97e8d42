"""Packages of files named on the command line: what a browser would have uploaded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import CommandError

CHUNK = 1024 * 1024
NOT_DATA = frozenset({"control.json"})


@dataclass(slots=True)
class LocalFile:
    """A file of this machine, in the form that create_batch takes."""

    path: Path
    name: str | None
    size: int | None

    def chunks(self) -> Iterator[bytes]:
        """The content, piece by piece."""
        with self.path.open("rb") as source:
            while piece := source.read(CHUNK):
                yield piece


def find_packages(paths: Sequence[str]) -> list[list[LocalFile]]:
    """Each folder is one package, all files named singly are another; raises CommandError for a bad path.

    Left out of a folder are hidden files and control.json (figures that tests compare with).
    """
    packages: list[list[LocalFile]] = []
    singles: list[LocalFile] = []
    for text in paths:
        path = Path(text)
        if path.is_dir():
            packages.append(_files_of(path))
        elif path.is_file():
            singles.append(_local(path))
        else:
            raise CommandError(f"There is no file or folder {text!r}.")
    return [*packages, singles] if singles else packages


def _files_of(folder: Path) -> list[LocalFile]:
    found = [
        _local(path)
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.startswith(".") and path.name not in NOT_DATA
    ]
    if not found:
        raise CommandError(f"The folder {str(folder)!r} holds no files.")
    return found


def _local(path: Path) -> LocalFile:
    return LocalFile(path=path, name=path.name, size=path.stat().st_size)
