"""The previous release's own processes go on working while and after this release migrates the database."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from saas.local.ports import free_port
from saas.local.server_user import LocalServerError
from saas.local.visitor import Visitor, set_own_password
from tests.databases import borrowed_database, create_empty_database, drop_database
from tests.saas.tenancy.previous_release import (
    environment_of,
    issue_login,
    manage,
    previous_revision,
    sign_in,
    unpack,
)
from tests.samples_database import SAMPLES
from tests.worker_process import CHECKOUT, empty_queue, wait_until

FILES = ("lokale.csv", "osoby.csv", "konta.csv", "salda.csv", "ksiegowania-2026-204-1.csv")
LATER = "ksiegowania-2026-204-2.csv"
OWNER, HOST, OWN = "17000410", "sloneczna.localhost", "trzy-zielone-okna-7"
# Tokens of forms, and the address of a style sheet of this very release, differ from one answer to the next.
PASSING = re.compile(r'value="[A-Za-z0-9]{64}"')


@pytest.fixture
def former(tmp_path: Path) -> Path:
    """The previous release in a folder; skips where git has none, or where its packages are gone from this one."""
    revision, why = previous_revision()
    if not revision:
        pytest.skip(f"There is no previous release to run: {why}.")
    folder = tmp_path / "former"
    folder.mkdir()
    unpack(revision, folder)
    return folder


@pytest.fixture
def empty_database(
    django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path
) -> Iterator[None]:
    """A database that nobody has migrated, and a queue and a folder of files of its own."""
    name = f"{connections['default'].settings_dict['NAME']}_former"
    settings.CELERY_TASK_DEFAULT_QUEUE = f"test-{name}"
    settings.FILES_DIR = tmp_path / "data" / "files"
    settings.JOB_POLL_SECONDS = 1
    with django_db_blocker.unblock():
        drop_database(name)
        create_empty_database(name)
        try:
            with borrowed_database(name):
                yield
        finally:
            drop_database(name)
            empty_queue()


class Processes:
    """A web server and a worker of the release in the folder."""

    def __init__(self, folder: Path, port: int, logs: Path) -> None:
        web = ("gunicorn", "saas.wsgi:application", "--bind", f"127.0.0.1:{port}", "--no-control-socket")
        worker = ("celery", "-A", "saas", "worker", "-c", "1", "--without-gossip", "--without-mingle")
        self._logs = [logs / "web.log", logs / "worker.log"]
        self._running = [
            self._start(words, folder, log) for words, log in zip((web, worker), self._logs, strict=True)
        ]

    @staticmethod
    def _start(words: tuple[str, ...], folder: Path, log: Path) -> subprocess.Popen[bytes]:
        with log.open("wb") as out:
            return subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=folder, env=environment_of(folder), stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def logs(self) -> str:
        """What both have said."""
        return "".join(log.read_text(errors="replace") for log in self._logs)

    def end(self) -> None:
        """Both, and wait for them."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Any]:
    """`serve(folder, port)` starts both and waits for the door; they end with the test."""
    started: list[Processes] = []

    def start(folder: Path, port: int) -> None:
        started.append(Processes(folder, port, tmp_path))
        wait_until(lambda: is_open(port), seconds=40, because=started[-1].logs)

    yield start
    for processes in started:
        processes.end()


def migrations_of(folder: Path) -> set[str]:
    """Those of associations' tables, by app and name."""
    return {path.relative_to(folder).as_posix() for path in folder.glob("associations/*/migrations/0*.py")}


def is_open(port: int) -> bool:
    try:
        Visitor("localhost", port).open("/healthz")
    except (OSError, LocalServerError):
        return False
    return True


def accounting(visitor: Visitor) -> str:
    """The owner's accounting of the year by accounts, without what passes."""
    visitor.open("/start/")
    link = re.search(r'href="([^"]+/ksiegowosc/)', visitor.page)
    assert link, visitor.page
    visitor.open(link[1])
    return PASSING.sub("", visitor.page)


def migrate_as_this_release() -> dict[str, str]:
    """Shared tables, then the associations'; what became of each of them."""
    manage(CHECKOUT, "migrate_public")
    return dict(json.loads(manage(CHECKOUT, "migrate_associations", "--json")))


def import_files(folder: Path, *names: str) -> list[str]:
    """States of the packages after publishing."""
    files = [str(SAMPLES / "spoldzielnia" / name) for name in names]
    said = json.loads(manage(folder, "import_files", "sloneczna", *files, "--publish", "--json"))
    return [one["state"] for one in said["packages"]]


def test_previous_release_serves_and_imports_in_tables_of_this_one(
    former: Path, empty_database: None, serve: Any
) -> None:
    port = free_port(18500)
    manage(former, "migrate_public")
    manage(
        former, "create_association", "--name", "SM Słoneczna", "--slug", "sloneczna", "--kind", "cooperative"
    )
    serve(former, port)
    assert import_files(former, *FILES) == ["published"]
    login, starter = issue_login(former, "sloneczna", OWNER)
    set_own_password(HOST, port, login=login, starter=starter, own=OWN)
    before = sign_in(HOST, port, login, OWN)
    ledger = accounting(before)
    assert "204-1" in ledger
    assert "204-2" not in ledger
    backup = json.loads(manage(former, "backup_association", "sloneczna", "--json"))

    with ThreadPoolExecutor(1) as beside:
        migrating = beside.submit(migrate_as_this_release)
        read = [accounting(before)]
        while not migrating.done():
            read.append(accounting(before))
    told = migrating.result()
    assert set(read) == {ledger}
    assert len(read) > 10
    has_migrated = bool(migrations_of(CHECKOUT) - migrations_of(former))
    assert told["sloneczna"] in ({"migrated"} if has_migrated else {"ok", "role made"})
    assert json.loads(manage(CHECKOUT, "migrate_associations", "--check", "--json")) == {"sloneczna": "ok"}

    # The same processes go on: a session from before, a new sign-in, an import that is published and read.
    assert accounting(before) == ledger
    assert accounting(sign_in(HOST, port, login, OWN)) == ledger
    assert import_files(former, LATER) == ["published"]
    assert "204-2" in accounting(before)

    # Its backup is restored by this release, which brings the tables up to itself.
    restored = json.loads(
        manage(CHECKOUT, "restore_association", backup["path"], "--slug", "kopia", "--open", "--json")
    )
    assert restored["state"] == "active"
    assert json.loads(manage(CHECKOUT, "migrate_associations", "--check", "--json"))["kopia"] == "ok"
