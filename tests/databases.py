"""Databases of the test run: templates made once, copies for every test process.

Inside: the template with two empty associations and how a database is copied and used. Not inside: the
template with both samples imported (samples_database), fixtures (conftest).
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from saas.local import addresses
from saas.local.roles import grant_privileges
from tests.tampering import ensure_tamperer

ALIASES = ("default", "owner")
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
TEMPLATE = f"kartoteka_template_{RUN}"
FORGOTTEN_AFTER = "2 hours"
# Roles belong to the server, and rights travel with a copied database: all databases of a run share the template's.
ROLE_PREFIX = TEMPLATE


def admin_connection(database: str = "postgres") -> psycopg.Connection[Any]:
    """A superuser's connection to the test cluster."""
    return psycopg.connect(addresses.admin_database_url(), dbname=database, autocommit=True)


def recreate_database(name: str, *, template: str) -> None:
    """Drop the database with all its connections and copy it from the template."""
    close_connections()
    with admin_connection() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(addresses.OWNER_ROLE)
            )
        )
        admin.execute(
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                sql.Identifier(name), sql.Identifier(addresses.APP_ROLE)
            )
        )


def drop_database(name: str) -> None:
    """Drop the database with all its connections, if it is there."""
    close_connections()
    with admin_connection() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def drop_forgotten_databases() -> None:
    """Drop what runs of hours ago left behind: their templates, and copies of runs that were killed."""
    with admin_connection() as admin:
        forgotten = admin.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^(test_kartoteka|kartoteka_template)_'"
            " AND (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - %s::interval",
            [FORGOTTEN_AFTER],
        ).fetchall()
        for (name,) in forgotten:
            # Another run that starts at this moment may be dropping the same one.
            with suppress(psycopg.Error):
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        left = admin.execute(
            "SELECT rolname FROM pg_roles WHERE rolname ~ '^kartoteka_template_[^.]*\\.'"
            " AND NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = split_part(rolname, '.', 1))"
        ).fetchall()
        for (role,) in left:
            with suppress(psycopg.Error):
                admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def use_database(name: str) -> None:
    """Point both aliases at the database."""
    close_connections()
    for alias in ALIASES:
        for given in (connections[alias].settings_dict, settings.DATABASES[alias]):
            given.update(NAME=name, ROLE_PREFIX=ROLE_PREFIX)


def close_connections() -> None:
    """Let no connection of this process keep a database busy."""
    for alias in ALIASES:
        connections[alias].close()


@contextmanager
def borrowed_database(name: str) -> Iterator[None]:
    """Use the database, outside all associations, and go back to the one before."""
    from saas.tenancy.hosts import forget_hosts
    from saas.tenancy.switching import set_public

    former = connections["default"].settings_dict["NAME"]
    use_database(name)
    forget_hosts()
    try:
        yield
    finally:
        for alias in ALIASES:
            set_public(using=alias)
        forget_hosts()
        use_database(former)


@contextmanager
def made_once(folder: Path, name: str) -> Iterator[bool]:
    """Whether this process is the first of the run to come here; the others wait until it is done."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / f"{name}.done"
        yield not done.exists()
        done.touch()


def shared_folder(factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder that all test processes of this run have in common."""
    base = factory.getbasetemp()
    return base if worker_id == "master" else base.parent


def build_template() -> None:
    """Public tables and two associations with equal primary keys, through the program's own provisioning."""
    drop_forgotten_databases()
    with admin_connection() as admin:
        ensure_tamperer(admin)
    build_database(TEMPLATE)


def create_empty_database(name: str) -> None:
    """A database with the rights of both roles, that nobody has migrated."""
    with admin_connection() as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(addresses.OWNER_ROLE)
            )
        )
    with admin_connection(name) as admin:
        grant_privileges(admin)


def build_database(name: str) -> None:
    """A database with public tables and two associations; it stays the one in use, without open connections."""
    from associations.audit.actors import SYSTEM
    from saas.tenancy.provisioning import NewAssociation, create_association, migrate_public

    create_empty_database(name)
    use_database(name)
    migrate_public()
    for slug, title, kind in (
        ("sloneczna", "Spółdzielnia Mieszkaniowa „Słoneczna”", "cooperative"),
        ("lipowa", "Wspólnota Mieszkaniowa Lipowa 12", "community"),
    ):
        create_association(NewAssociation(name=title, slug=slug, kind=kind), actor=SYSTEM)
    close_connections()
