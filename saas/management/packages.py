"""Packages of files of this machine: what a browser would have uploaded.

A package is checked as a whole, so the order of its files is nobody's concern. Files beyond the limits of one package
are divided into several in the order in which datasets refer to each other (split_package).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from associations.imports.actions import MAX_FILES
from workers.reading import InputFile, ReadRequest, read_files
from workers.reading_events import TableFound

CHUNK = 1024 * 1024
NOT_DATA = frozenset({"control.json"})
REGISTRIES = ("premises", "people", "accounts")
"""What figures refer to comes first, in this order."""


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


def split_package(files: list[LocalFile]) -> list[list[LocalFile]]:
    """The files as one package where they fit into one, else as several: registries first, figures last.

    A later package refers to what the earlier brought: each must be published before the next is checked.
    """
    if _fits(files):
        return [files]
    packages: list[list[LocalFile]] = []
    for _rank, file in sorted(((rank_of(file), file) for file in files), key=_by_rank):
        if packages and _fits([*packages[-1], file]):
            packages[-1].append(file)
        else:
            packages.append([file])
    return packages


def rank_of(file: LocalFile) -> int:
    """The place in REGISTRIES of the first dataset in the file; behind them all for figures and unknown tables."""
    reading = read_files(ReadRequest([InputFile(1, file.path, file.name or "")]))
    try:
        found = next((event.dataset for event in reading if isinstance(event, TableFound)), "")
    finally:
        reading.close()
    return REGISTRIES.index(found) if found in REGISTRIES else len(REGISTRIES)


def _by_rank(ranked: tuple[int, LocalFile]) -> tuple[int, str]:
    return ranked[0], ranked[1].name or ""


def _fits(files: Sequence[LocalFile]) -> bool:
    return len(files) <= MAX_FILES and sum(file.size or 0 for file in files) <= settings.UPLOAD_MAX_BYTES


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
