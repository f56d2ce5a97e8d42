"""What the commands of keeping share: keys from files, errors as one sentence."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from pyrage.x25519 import Identity

from saas.keeping.errors import KeepingError
from saas.keeping.sealing import read_identity
from saas.tenancy.errors import ProvisioningError


@contextmanager
def said_plainly() -> Iterator[None]:
    """A broken rule ends the command with its sentence."""
    try:
        yield
    except (KeepingError, ProvisioningError) as error:
        raise CommandError(str(error)) from None


def identity_from(file_name: str | None) -> Identity | None:
    """The secret key in the named file; None where none is named. Raises KeepingError."""
    if not file_name:
        return None
    try:
        text = Path(file_name).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise KeepingError("bad_key", f"The key file {file_name} cannot be read.") from None
    return read_identity(text)


@contextmanager
def backup_at(name: str) -> Iterator[Path]:
    """The named backup; `-` is standard input, kept beside the other backups for as long as the command runs."""
    if name != "-":
        yield Path(name)
        return
    folder = Path(settings.BACKUP_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".received-") as file:
        try:
            shutil.copyfileobj(sys.stdin.buffer, file)
            file.flush()
        except OSError as error:
            raise KeepingError("not_written", f"The backup was not received: {error.strerror}.") from None
        yield Path(file.name)


def as_json(said: dict[str, Any]) -> str:
    """One JSON object."""
    return json.dumps(said, ensure_ascii=False)
