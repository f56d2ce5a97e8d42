"""The files of an association that a backup takes along: all below its folder but what lives for a day at most."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

# Letters with starter passwords must not outlive their hour; notices in bulk can be printed again.
PASSING = ("letters", "notices")


def folder_of(schema_name: str) -> Path:
    """Where the files of the association lie."""
    return Path(settings.FILES_DIR) / schema_name


def list_files(schema_name: str) -> Iterator[Path]:
    """Every kept file in a fixed order; links are not followed."""
    root = folder_of(schema_name)
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        if here == root:
            folders[:] = [name for name in folders if name not in PASSING]
        folders.sort()
        for name in sorted(names):
            path = here / name
            if path.is_file() and not path.is_symlink():
                yield path
