"""Where uploaded files lie: below the schema's folder, under opaque names, served through a view only."""

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection

from associations.imports.models import ImportFile


class UploadedFile(Protocol):
    """What a browser upload and a file named on the command line have in common."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]:
        """The content, piece by piece."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it was written: size in bytes and digest."""

    stored_as: str
    size: int
    sha256: str


def schema_folder() -> Path:
    """The folder of the association that the connection points at."""
    return Path(settings.FILES_DIR) / str(connection.schema_name)  # type: ignore[attr-defined]  # django-tenants' own


def path_of(file: ImportFile) -> Path:
    """Where the bytes of an imported file lie."""
    return schema_folder() / file.stored_as


def store_file(batch_id: int, number: int, upload: UploadedFile) -> StoredFile:
    """Write the upload below the batch's folder."""
    stored_as = f"imports/{batch_id}/{number}"
    path = schema_folder() / stored_as
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as target:
        for chunk in upload.chunks():
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return StoredFile(stored_as=stored_as, size=size, sha256=digest.hexdigest())


def kept_batches(*, before: dt.datetime) -> set[int]:
    """Numbers under which files lie that were put there before this moment, whether there is such a batch or not."""
    root, limit = schema_folder() / "imports", before.timestamp()
    found = root.iterdir() if root.is_dir() else ()
    return {int(one.name) for one in found if one.name.isdecimal() and one.stat().st_mtime < limit}


def drop_batch_files(batch_id: int) -> None:
    """Forget what a failed upload left behind."""
    shutil.rmtree(schema_folder() / "imports" / str(batch_id), ignore_errors=True)
