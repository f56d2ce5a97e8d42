"""Notices in bulk wait here for their download: one ZIP of PDFs a run, below the schema's folder, for a day.

The folder is named `notices`; backups may leave it out: whatever lies there can be printed again.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from uuid import uuid4
from zipfile import ZipFile

from django.conf import settings

LIFETIME_SECONDS = 24 * 3600
UNFINISHED = ".part"


def new_file(schema_name: str, run_id: int) -> Path:
    """Where a worker writes; what a worker that died left of the same run is deleted."""
    folder = _folder(schema_name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for leftover in folder.glob(f"{run_id}-*{UNFINISHED}"):
        leftover.unlink(missing_ok=True)
    return folder / f"{run_id}-{uuid4().hex}{UNFINISHED}"


def keep_file(path: Path) -> str:
    """Give a complete file the name under which it is found; called in the transaction that ends the run."""
    kept = path.with_suffix(".zip")
    path.rename(kept)
    return kept.name


def find_file(schema_name: str, file_name: str) -> Path | None:
    """The run's file, None where its day is over. `file_name` is the run's own, never from an address."""
    path = _folder(schema_name) / file_name
    return path if file_name and _is_fresh(path) else None


@contextmanager
def open_part(path: Path, number: int) -> Iterator[tuple[IO[bytes], int]]:
    """The PDF of that number and its size; IndexError where there is none."""
    with ZipFile(path) as archive:
        entry = archive.infolist()[number - 1]
        with archive.open(entry) as content:
            yield content, entry.file_size


def remove_stale_notices() -> int:
    """Delete what is older than a day, of every association; how many files."""
    removed = 0
    for path in Path(settings.FILES_DIR).glob("*/notices/*"):
        if not _is_fresh(path):
            with suppress(OSError):
                path.unlink()
                removed += 1
    return removed


def _folder(schema_name: str) -> Path:
    return Path(settings.FILES_DIR) / schema_name / "notices"


def _is_fresh(path: Path) -> bool:
    try:
        return path.stat().st_mtime > time.time() - LIFETIME_SECONDS
    except FileNotFoundError:
        return False
