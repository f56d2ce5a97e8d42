"""Folders for clones of the checkout."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, as a checkout under /srv or /opt is."""
    folder = Path(tempfile.mkdtemp(prefix="kartoteka-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
