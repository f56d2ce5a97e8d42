"""Exchanging an association's folder of files together with its schema.

A folder cannot be renamed inside a transaction. So the exchange happens just before the commit, under the name of the
act's token, and the act's row (Restoration, ErasureCertificate) is written in that transaction: whoever finds a former
folder later knows by the row whether the transaction was kept, and goes forward or back.
"""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from saas.keeping.kept_files import folder_of
from saas.keeping.models import ErasureCertificate, Restoration

OWNER = "owner"
FORMER, COMING = ".former", ".coming"


def coming_folder(schema_name: str, token: uuid.UUID) -> Path:
    """Where the files of an act are gathered before they take the association's folder."""
    return Path(settings.FILES_DIR) / f"{COMING}.{token.hex}.{schema_name}"


@contextmanager
def gathering(schema_name: str, token: uuid.UUID) -> Iterator[Path]:
    """The coming folder, for as long as files are gathered; what was not exchanged in the end is deleted."""
    coming = coming_folder(schema_name, token)
    try:
        yield coming
    finally:
        shutil.rmtree(coming, ignore_errors=True)


def _former_folder(schema_name: str, token: uuid.UUID) -> Path:
    return Path(settings.FILES_DIR) / f"{FORMER}.{token.hex}.{schema_name}"


@contextmanager
def exchanged(schema_name: str, token: uuid.UUID) -> Iterator[None]:
    """Put the coming folder (if any) in the association's place, and back where the block fails.

    Enter it last in the transaction and leave it after the commit (ExitStack); then finish_exchange(). A process or a
    server that dies in between leaves settle_folders() to do.
    """
    live, former = folder_of(schema_name), _former_folder(schema_name, token)
    coming = coming_folder(schema_name, token)
    # So that a former folder without files always means: nothing was exchanged yet.
    live.mkdir(parents=True, exist_ok=True)
    former.mkdir()
    try:
        live.rename(former / "files")
        if coming.exists():
            coming.rename(live)
        yield
    except BaseException:
        # Where the server was lost in the very commit, only its row knows.
        with suppress(DatabaseError):
            if not _was_kept(token):
                _put_back(live, former)
        raise


def finish_exchange(schema_name: str, token: uuid.UUID) -> None:
    """The act was committed: delete the former files. Raises OSError where that fails; settle_folders() tries again."""
    former = _former_folder(schema_name, token)
    if former.exists():
        shutil.rmtree(former)


def settle_folders(schema_name: str) -> int:
    """End what a process that died in the middle left: how many exchanges were finished or taken back.

    Only while the association is held (saas.tenancy.locking): nobody else exchanges its folder then.
    """
    root, settled = Path(settings.FILES_DIR), 0
    if not root.is_dir():
        return 0
    for former in sorted(root.glob(f"{FORMER}.*.{schema_name}")):
        token = uuid.UUID(former.name.split(".")[2])
        if _was_kept(token):
            finish_exchange(schema_name, token)
        else:
            _put_back(folder_of(schema_name), former)
        settled += 1
    for coming in sorted(root.glob(f"{COMING}.*.{schema_name}")):
        shutil.rmtree(coming, ignore_errors=True)
    return settled


def _was_kept(token: uuid.UUID) -> bool:
    acts = (Restoration, ErasureCertificate)
    return any(act.objects.using(OWNER).filter(pk=token).exists() for act in acts)


def _put_back(live: Path, former: Path) -> None:
    """As it was before the exchange: the former files in their place, whatever took it gone."""
    before = former / "files"
    if before.exists():
        shutil.rmtree(live, ignore_errors=True)
        before.rename(live)
    shutil.rmtree(former, ignore_errors=True)
    with suppress(OSError):
        live.rmdir()  # where there were none
