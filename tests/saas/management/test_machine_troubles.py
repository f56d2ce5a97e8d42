"""Operator commands without a database, or without room on the disk: one sentence, another code than 0, no traceback."""

import json
import pkgutil
import resource
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from saas.management import commands
from saas.management.operator_command import OperatorCommand
from saas.tenancy.switching import AssociationRef
from tests.databases import borrowed_database, create_empty_database, drop_database
from tests.samples_database import Samples
from tests.worker_process import CHECKOUT, program_environment

NOWHERE = "postgresql://nobody@127.0.0.1:1/kartoteka"
WORDS = [
    ("create_association", "--name", "WM Nowa", "--slug", "nowa", "--kind", "community"),
    ("list_associations",),
    ("platform_status",),
    ("backup_association", "lipowa"),
    ("restore_association", "/dev/null", "--in-place", "lipowa"),
    ("move_association", "lipowa", "--there", "true"),
    ("migrate_associations",),
    ("migrate_public",),
    ("import_files", "lipowa", "samples"),
    ("create_manager", "ktos@zarzadca.example", "--name", "Ktoś"),
    ("erase_association", "lipowa", "--confirm", "lipowa"),
    ("tidy_up",),
]


def operate(
    *words: str, bytes_of_a_file: int | None = None, tell: Any = subprocess.PIPE, **more: str
) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        if bytes_of_a_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_of_a_file, bytes_of_a_file))

    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=CHECKOUT,
        env=program_environment(**more),
        stdout=tell,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=limit,
    )


def test_every_command_is_an_operators_command() -> None:
    names = [one.name for one in pkgutil.iter_modules(commands.__path__)]

    plain = [
        name
        for name in names
        if not issubclass(import_module(f"{commands.__name__}.{name}").Command, OperatorCommand)
    ]

    assert len(names) > 25
    assert plain == []


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words[0])
def test_without_a_database_a_command_ends_with_one_sentence(
    committed_db: None, words: tuple[str, ...]
) -> None:
    done = operate(*words, DATABASE_URL=NOWHERE, DATABASE_OWNER_URL=NOWHERE)

    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("CommandError: The database does not answer (connection")
    assert line.endswith(".")


@pytest.mark.parametrize(
    "words", [("list_associations",), ("platform_status",), ("tidy_up",)], ids=lambda words: words[0]
)
def test_a_database_that_nobody_has_migrated_is_told_in_one_sentence(
    django_db_setup: None, django_db_blocker: Any, words: tuple[str, ...]
) -> None:
    name = f"{connections['default'].settings_dict['NAME']}_bare"
    with django_db_blocker.unblock():
        drop_database(name)
        create_empty_database(name)
        try:
            with borrowed_database(name):
                done = operate(*words)
        finally:
            drop_database(name)

    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(
        "CommandError: The database lacks a table or column of this release: run migrate_public"
    )


@pytest.mark.parametrize(
    "words", [("list_associations",), ("suspend_association", "lipowa")], ids=lambda words: words[0]
)
def test_a_report_that_finds_no_room_is_told_in_one_sentence(
    lipowa: AssociationRef, committed_db: None, words: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("w") as full:
        done = operate(*words, tell=full, PYTHONUNBUFFERED="")
        at_once = operate(*words, tell=full, PYTHONUNBUFFERED="1")

    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line == (
        "CommandError: The command did its work; what it tells of it could not be written "
        "(No space left on device)."
    )
    assert at_once.returncode == 1
    (line,) = at_once.stderr.strip().splitlines()
    assert "(No space left on device)" in line
    listed = json.loads(operate("list_associations", "--json").stdout)
    (state,) = (one["state"] for one in listed if one["slug"] == "lipowa")
    assert state == ("suspended" if words[0] == "suspend_association" else "active")


def files_kept() -> set[Path]:
    return {path for path in Path(settings.FILES_DIR).rglob("*") if path.is_file()}


def test_an_import_with_a_full_disk_ends_with_one_sentence_and_keeps_nothing(
    samples_db: Samples, tmp_path: Path
) -> None:
    large: Any = tmp_path / "lokale.csv"
    large.write_text("kod;budynek\n" + "1;1\n" * 40_000, encoding="utf-8")
    before = files_kept()

    done = operate("import_files", "lipowa", str(large), bytes_of_a_file=50_000)

    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert "File too large" in line
    assert line.endswith("see to it and run the command again.")
    assert files_kept() == before
