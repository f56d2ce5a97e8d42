"""deploy/pgbouncer: what it says, and a real PgBouncer with it before the test's PostgreSQL (where one is installed)."""

import configparser
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections

from associations.profile.queries import current_profile
from saas.local import addresses
from saas.local.server_user import choose_user
from saas.tenancy.switching import AssociationRef, enter_association
from tests.browser.site import answers, unused_port
from tests.deploy.composed import DEPLOY, read_compose
from tests.deploy.running import Start, fetch
from tests.worker_process import wait_until

FOLDER = DEPLOY / "pgbouncer"
PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
PASSWORD = "s3cret"
needs_pgbouncer = pytest.mark.skipif(PGBOUNCER is None, reason="no PgBouncer on this machine")


def settings_of(name: str) -> configparser.SectionProxy:
    """What PgBouncer reads from the file and the one that it includes."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    text = text.replace("%include /etc/pgbouncer/pooling.ini", (FOLDER / "pooling.ini").read_text("utf-8"))
    pooler = configparser.ConfigParser(comment_prefixes=(";",), interpolation=None)
    pooler.read_string(text)
    return pooler["pgbouncer"]


@pytest.mark.parametrize("name", ["pgbouncer.ini", "container.ini"])
def test_it_keeps_sessions_and_cleans_them(name: str) -> None:
    pooler = settings_of(name)

    assert pooler["pool_mode"] == "session"
    assert pooler["server_reset_query"] == "DISCARD ALL"
    assert pooler["server_reset_query_always"] == "1"
    assert pooler["auth_type"] == "scram-sha-256"


def test_its_container_copies_what_exists_and_runs_as_nobody() -> None:
    service = read_compose()["services"]["pgbouncer"]
    image = (FOLDER / "Dockerfile").read_text(encoding="utf-8")

    assert service["build"]["context"] == FOLDER.name
    assert service["profiles"] == ["pooler"]
    assert settings_of("container.ini")["auth_file"] == f"/run/secrets/{service['secrets'][0]}"
    for copied in ("pooling.ini", "container.ini"):
        assert f"COPY {copied} /etc/pgbouncer/" in image
        assert (FOLDER / copied).exists()
    assert "\nUSER 10002:10002\n" in image


@pytest.fixture
def pooler(committed_db: None) -> Iterator[int]:
    """Its port. One connection to the server, so that whoever comes next gets the same."""
    here = tempfile.TemporaryDirectory(prefix="kartoteka-pooler-")
    folder, port = Path(here.name), unused_port()
    given = connections["default"].settings_dict
    main = (FOLDER / "pgbouncer.ini").read_text(encoding="utf-8")
    main = main.replace("host=127.0.0.1", f"host={given['HOST']}").replace(
        "dbname=kartoteka", f"dbname={given['NAME']}"
    )
    main = main.replace("= 6432", f"= {port}").replace("/etc/pgbouncer", here.name)
    pooling = (FOLDER / "pooling.ini").read_text(encoding="utf-8")
    pooling = pooling.replace("default_pool_size = 40", "default_pool_size = 1")
    pooling = pooling.replace("reserve_pool_size = 10", "reserve_pool_size = 0")
    for name, text in (("pgbouncer.ini", main), ("pooling.ini", pooling)):
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "userlist.txt").write_text(f'"{given["USER"]}" "{PASSWORD}"\n', encoding="utf-8")
    folder.chmod(0o755)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(PGBOUNCER), str(folder / "pgbouncer.ini")], stdout=log, stderr=log,
            **choose_user(addresses.locate()).popen_arguments(Path("/")),
        )  # fmt: skip
    try:
        wait_until(lambda: answers(port) or process.poll() is not None, because=(folder / "log").read_text)
        yield port
    finally:
        process.kill()
        process.wait(10)
        here.cleanup()


def address(port: int) -> str:
    return (
        f"postgresql://{connections['default'].settings_dict['USER']}:{PASSWORD}@127.0.0.1:{port}/kartoteka"
    )


@pytest.fixture(params=[False, True], ids=["path", "role and path"])
def through_pooler(pooler: int, request: pytest.FixtureRequest) -> Iterator[int]:
    """Django's own connection of this test goes through it, with and without roles of associations."""
    given = connection.settings_dict
    former = dict(given)
    given["ASSOCIATION_ROLES"] = request.param
    call_command("establish_roles", take_back=request.param, stdout=StringIO())
    connection.close()
    given |= {"HOST": "127.0.0.1", "PORT": str(pooler), "NAME": "kartoteka", "PASSWORD": PASSWORD}
    try:
        yield pooler
    finally:
        connection.close()
        given.clear()
        given.update(former)


def ask(one: psycopg.Connection[Any], statement: str) -> tuple[Any, ...]:
    return one.execute(statement).fetchone() or ()


@needs_pgbouncer
def test_nothing_of_a_session_reaches_the_next(pooler: int, sloneczna: AssociationRef) -> None:
    state = (
        "SELECT pg_backend_pid(), current_setting('search_path'), current_setting('role'),"
        " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())"
    )
    with psycopg.connect(address(pooler), autocommit=True) as first:
        clean = ask(first, state)
        ask(first, f"SELECT set_config('search_path', '{sloneczna.schema_name}', false), pg_advisory_lock(7)")
        assert ask(first, state) == (clean[0], sloneczna.schema_name, "none", 1)

    with psycopg.connect(address(pooler), autocommit=True) as second:
        assert ask(second, state) == clean


@needs_pgbouncer
def test_a_wrong_password_is_refused(pooler: int) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address(pooler).replace(PASSWORD, "guessed"))


@needs_pgbouncer
def test_associations_are_entered_one_after_the_other_through_it(
    through_pooler: int, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    seen = []
    for association in (sloneczna, lipowa, sloneczna):
        with enter_association(association):
            name = current_profile().name
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_schemas(false), inet_server_port() IS NULL, current_user")
                schemas, is_socket, role = cursor.fetchone()
        has_role = connection.settings_dict["ASSOCIATION_ROLES"]
        assert (schemas, is_socket) == ([association.schema_name], True)
        assert role.endswith(association.schema_name) == has_role
        seen.append(name)
        # As a request ends where KARTOTEKA_CONN_MAX_AGE is 0.
        connection.close()

    assert seen[0] == seen[2] != seen[1]


@needs_pgbouncer
def test_many_visitors_share_one_connection_and_each_sees_their_own_association(
    pooler: int, start: Start, tmp_path: Path
) -> None:
    port = unused_port()
    web = start(
        "web-a",
        DATABASE_URL=address(pooler),
        KARTOTEKA_CONN_MAX_AGE="0",
        KARTOTEKA_BIND=f"127.0.0.1:{port}",
        TMPDIR=str(tmp_path),
    )
    web.wait_for_port(port)

    def visit(place: int) -> tuple[str, bool, bool]:
        slug = ("sloneczna", "lipowa")[place % 2]
        status, text, _headers = fetch(port, "/logowanie/", Host=f"{slug}.localhost", Connection="close")
        assert status == 200
        return slug, "Słoneczna" in text, "Lipowa" in text

    with ThreadPoolExecutor(8) as visitors:
        seen = set(visitors.map(visit, range(60)))

    assert seen == {("sloneczna", True, False), ("lipowa", False, True)}
