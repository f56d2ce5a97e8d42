"""A drop folder that the watcher may not open: only that association waits."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from saas.management.drop_folders import watched_folders
from saas.tenancy.switching import AssociationRef

NOBODY = 65_534


@contextmanager
def without_privileges() -> Iterator[None]:
    """Root may open everything: as somebody else for the while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.usefixtures("committed_db")
def test_folder_that_cannot_be_opened_keeps_no_other_waiting(
    settings: Any, lipowa: AssociationRef, sloneczna: AssociationRef
) -> None:
    with TemporaryDirectory(dir="/tmp") as root:
        Path(root).chmod(0o755)
        for association, mode in ((lipowa, 0o000), (sloneczna, 0o755)):
            (Path(root) / association.slug).mkdir()
            (Path(root) / association.slug).chmod(mode)
        settings.DROP_DIR = root

        with without_privileges():
            found = [association.slug for association, _folder in watched_folders()]

    assert found == ["sloneczna"]
