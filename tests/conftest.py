"""Fixtures of the whole suite: a real PostgreSQL database per test process, copied from one template.

`db` (pytest-django) wraps a test in a transaction. A test that needs commits (workers, servers, other connections)
takes `committed_db`: its database is thrown away and copied anew afterwards.
"""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from saas.local import addresses
from saas.local.roles import grant_privileges
from saas.tenancy.switching import AssociationRef, enter_association, set_public

ALIASES = ("default", "owner")
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
TEMPLATE = f"kartoteka_template_{RUN}"


def admin_connection(database: str = "postgres") -> psycopg.Connection[Any]:
    """A superuser's connection to the test cluster."""
    return psycopg.connect(addresses.admin_database_url(), dbname=database, autocommit=True)


def recreate_database(name: str, *, template: str) -> None:
    """Drop the database with all its connections and copy it from the template."""
    for alias in ALIASES:
        connections[alias].close()
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


def use_database(name: str) -> None:
    """Point both aliases at the database."""
    for alias in ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


def build_template() -> None:
    """Public tables and two associations with equal primary keys, through the program's own provisioning."""
    from associations.audit.actors import SYSTEM
    from saas.tenancy.provisioning import NewAssociation, create_association, migrate_public

    with admin_connection() as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(TEMPLATE), sql.Identifier(addresses.OWNER_ROLE)
            )
        )
    with admin_connection(TEMPLATE) as admin:
        grant_privileges(admin)
    use_database(TEMPLATE)
    migrate_public()
    for slug, name, kind in (
        ("sloneczna", "Spółdzielnia Mieszkaniowa „Słoneczna”", "cooperative"),
        ("lipowa", "Wspólnota Mieszkaniowa Lipowa 12", "community"),
    ):
        create_association(NewAssociation(name=name, slug=slug, kind=kind), actor=SYSTEM)
    for alias in ALIASES:
        connections[alias].close()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[None]:
    """One template per run, made by whoever comes first; one copy per test process."""
    shared = (
        tmp_path_factory.getbasetemp().parent if worker_id != "master" else tmp_path_factory.getbasetemp()
    )
    name = f"test_kartoteka_{RUN}_{worker_id}"
    with django_db_blocker.unblock():
        with Path(shared / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = shared / "template.done"
            if not done.exists():
                build_template()
                done.touch()
        recreate_database(name, template=TEMPLATE)
        use_database(name)
        yield
        for alias in ALIASES:
            connections[alias].close()
        with admin_connection() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database whose commits are real; thrown away afterwards."""
    name = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            recreate_database(name, template=TEMPLATE)


@pytest.fixture(autouse=True)
def _closed_doors() -> Iterator[None]:
    """Every test begins outside all associations, with nothing remembered of the one before."""
    from saas.tenancy.hosts import forget_hosts

    set_public()
    set_public(using="owner")
    forget_hosts()
    yield
    set_public()
    set_public(using="owner")


def find_ref(slug: str) -> AssociationRef:
    from saas.tenancy.models import Association

    row = Association.objects.get(slug=slug)
    return AssociationRef(id=row.id, slug=row.slug, schema_name=row.schema_name)


@pytest.fixture
def sloneczna(request: pytest.FixtureRequest) -> AssociationRef:
    """The cooperative of the template (not entered). Ask for `db` or `committed_db` too."""
    return find_ref("sloneczna")


@pytest.fixture
def lipowa(request: pytest.FixtureRequest) -> AssociationRef:
    """The community of the template (not entered). Ask for `db` or `committed_db` too."""
    return find_ref("lipowa")


@pytest.fixture
def in_sloneczna(db: None, sloneczna: AssociationRef) -> Iterator[AssociationRef]:
    """Inside the cooperative, in a transaction that is rolled back."""
    with enter_association(sloneczna):
        yield sloneczna
