"""A whole installation beside the one of the tests: its own PostgreSQL and Valkey, its own files, asked by manage.py.

Its server keeps what was committed, and may be crashed (`pg_ctl stop -m immediate`) or left without room on its disk
while a command works; the test's own server goes on.
"""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from saas.local import addresses
from saas.local.addresses import Instance
from saas.local.binaries import find_binaries
from saas.local.server_user import choose_user
from saas.local.servers import forget_servers, start_servers
from tests.worker_process import CHECKOUT, wait_until

# To before a migration that no other one builds on: staged payments in a logged table.
WITHOUT_LAST = (
    "DELETE FROM {schema}.django_migrations WHERE app = 'payments' AND starts_with(name, '0002')",
    "ALTER TABLE {schema}.payments_stagedpayment SET LOGGED",
)
_numbers = itertools.count()


class Installation:
    """One that runs, with its shared tables made."""

    def __init__(self, name: str, files: Path, host: str) -> None:
        self.name = name
        self.instance = start_servers(name)
        self.data = files
        self.variables = {
            "DJANGO_SETTINGS_MODULE": "saas.settings",
            "DATABASE_URL": addresses.database_url(name),
            "DATABASE_OWNER_URL": addresses.owner_database_url(name),
            "REDIS_URL": addresses.redis_url(name),
            "KARTOTEKA_SECRET_KEY": "another-one-" + "z" * 40,
            "KARTOTEKA_DATA": str(files),
            "KARTOTEKA_HOST": host,
        }
        self.manage("migrate_public")

    @property
    def command(self) -> list[str]:
        """What runs its manage.py from anywhere."""
        words = [f"{name}={value}" for name, value in self.variables.items()]
        return ["env", *words, sys.executable, str(CHECKOUT / "manage.py")]

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """A command that works on its own."""
        return subprocess.Popen(
            [*self.command, *words], cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def manage(self, *words: str) -> str:
        """What the command printed; it must succeed."""
        process = self.begin(*words)
        said, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, f"{words}: {said}{complaint}"
        return said

    def complain(self, *words: str) -> str:
        """What the command complained of; it must fail by a sentence."""
        return complaint_of(self.begin(*words))

    def tables(self, slug: str) -> dict[str, Any]:
        """Rows and checksum of each table, read from a backup made now."""
        made = json.loads(self.manage("backup_association", slug, "--json"))
        Path(made["path"]).unlink()
        return dict(made["tables"])

    def states(self) -> dict[str, str]:
        """Each association's slug, and the state of its doors."""
        return {one["slug"]: one["state"] for one in json.loads(self.manage("list_associations", "--json"))}

    def migrate(self) -> dict[str, str]:
        """What became of each association; none may fail."""
        return dict(json.loads(self.manage("migrate_associations", "--json")))

    def go_back(self, slug: str) -> None:
        """Take the association to before the last migration of payments."""
        with self.connect() as admin:
            for statement in WITHOUT_LAST:
                admin.execute(statement.format(schema=f"a_{slug}").encode())

    def connect(self) -> psycopg.Connection[Any]:
        """The server's superuser in the platform's database; in autocommit."""
        url = addresses.role_url(addresses.ADMIN_ROLE, name=self.name)
        return psycopg.connect(url, connect_timeout=5, autocommit=True)

    def leftovers(self) -> set[str]:
        """Schemas and roles of associations, and files and folders that are hidden."""
        with self.connect() as admin:
            names = admin.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname ~ '^(a_|restoring)'"
                " UNION SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'kartoteka.')"
            ).fetchall()
        hidden = {path.name for path in self.data.rglob(".*") if path.name != ".local"}
        return {name for (name,) in names} | hidden

    @contextmanager
    def blocked_by(self, lock: str) -> Iterator[None]:
        """Another session holds the lock (`TABLE … IN … MODE`) until the server or the block ends."""
        with closing(self.connect()) as holder:
            holder.execute("BEGIN")
            holder.execute(f"LOCK {lock}".encode())
            yield

    def wait_for_a_waiting_session(self) -> None:
        """Until the command under way waits for a lock."""
        with self.connect() as watch:
            wait_until(lambda: watch.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone())

    def crash(self) -> None:
        """As if the power had failed."""
        crash_server(self.instance)

    def start_again(self) -> None:
        start_servers(self.name)


def crash_server(instance: Instance) -> None:
    """`pg_ctl stop -m immediate`: as if the power had failed."""
    user = choose_user(instance)
    program = find_binaries(instance, user).postgres / "pg_ctl"
    user.run([program, "stop", "-m", "immediate", "-w", "-s", "-D", instance.cluster], home=instance.home)


def complaint_of(process: subprocess.Popen[str]) -> str:
    """The last line of a command that ends by failing, and not by a traceback."""
    said, complaint = process.communicate(timeout=120)
    assert process.returncode == 1, f"{said}{complaint}"
    assert "Traceback" not in complaint
    return complaint.strip().splitlines()[-1].removeprefix("CommandError: ")


Install = Callable[..., Installation]


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Install]:
    """Makes an installation: `install("new.example")`."""
    made: list[str] = []

    def make(host: str = "new.example") -> Installation:
        made.append(f"other-{os.getpid()}-{next(_numbers)}")
        return Installation(made[-1], tmp_path / made[-1], host)

    yield make
    for name in made:
        forget_servers(name)
