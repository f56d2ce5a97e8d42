"""Associations with owners to visit, and the database that stays small beside the one that grows."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connections
from psycopg import sql

from associations.owners.actions import issue_starter_password
from associations.owners.models import OwnerAccount
from associations.owners.sessions import SessionStore
from associations.premises.models import Holding, HoldingMember, Person, Premises, Title, TitleKind
from associations.profile.models import AssociationProfile
from saas.local import addresses
from saas.local.visitor import wait_for_web
from saas.tenancy.listing import all_refs
from saas.tenancy.sessions import ASSOCIATION_KEY
from saas.tenancy.switching import AssociationRef, enter_association
from tests.bench.actor import BENCH
from tests.bench.bench_imports import ImportBench
from tests.bench.bench_pages import LEDGER, Site, open_site
from tests.bench.plan import Plan
from tests.bench.queueing import Importer
from tests.bench.surroundings import INSTANCE, Surroundings

FEW = "kartoteka_few"
ALIASES = ("default", "owner")
PREMISES, YEAR = 20, 2026
LATER = "later_0001_column"
PAGES = ("kartoteka", "oplaty", "ksiegowosc", "przelew")


def import_figures(around: Surroundings, number: int) -> list[Site]:
    """A year of figures in the first so many associations, and an owner's ledger in each."""
    sites = []
    for association in _associations(range(number)):
        importer = Importer(around, association)
        list(ImportBench("", importer, Plan(PREMISES, YEAR, YEAR, by_month=True), all_months=True).run())
        site = open_site(association.slug, association, around.port, YEAR)
        sites.append(replace(site, paths={LEDGER: site.paths[LEDGER]}))
    return sites


def owners_of(numbers: Sequence[int]) -> list[Site]:
    """An owner of one premises without figures, signed in, in each of the associations; four pages of theirs."""
    return [_plant_owner(association) for association in _associations(numbers)]


def _associations(numbers: Sequence[int]) -> list[AssociationRef]:
    wanted = {f"osiedle-{number}" for number in numbers}
    return [ref for ref in all_refs() if ref.slug in wanted]


def _plant_owner(association: AssociationRef) -> Site:
    with enter_association(association):
        premises = Premises.objects.create(code="1", sort_key="1")
        person = Person.objects.create(code="1", name="Jan Próbny", sort_key="probny")
        Title.objects.create(premises=premises, person=person, kind=TitleKind.values[0])
        holding = Holding.objects.create(premises=premises)
        HoldingMember.objects.create(holding=holding, person=person)
        login = issue_starter_password(actor=BENCH, person=person).login
        OwnerAccount.objects.filter(login=login).update(must_change_password=False)
        account = OwnerAccount.objects.get(login=login)
        session = SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = "associations.owners.backends.OwnerBackend"
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session[ASSOCIATION_KEY] = str(association.id)
        session.create()
    paths = {page: f"/lokal/{holding.pk}/{page}/" for page in PAGES}
    cookie = f"sesja={session.session_key}"
    return Site(association.slug, f"{association.slug}.localhost", cookie, paths)


@contextmanager
def copied_database(around: Surroundings) -> Iterator[int]:
    """A copy of the database as it is now, with a web process of its own; the port of that."""
    main = addresses.DATABASE
    _close()
    with psycopg.connect(addresses.admin_database_url(INSTANCE), autocommit=True) as admin:
        name, copy = sql.Identifier(main), sql.Identifier(FEW)
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [main]
        )
        owner = sql.Identifier(addresses.OWNER_ROLE)
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(copy, name, owner))
        for database in (name, copy):
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(database))
        admin.execute(
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                copy, sql.Identifier(addresses.APP_ROLE)
            )
        )
    around.children.environment |= {
        "DATABASE_URL": addresses.role_url(addresses.APP_ROLE, name=INSTANCE, database=FEW),
        "DATABASE_OWNER_URL": addresses.role_url(addresses.OWNER_ROLE, name=INSTANCE, database=FEW),
        "KARTOTEKA_ROLE_PREFIX": main,
        "KARTOTEKA_SECRET_KEY": settings.SECRET_KEY,
    }
    port = around.port + 1
    web = [sys.executable, "-m", "gunicorn", "tests.bench.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    around.children.start_service("web of few", [*web, "--workers", "1", "--no-control-socket"])
    wait_for_web(port)
    yield port


@contextmanager
def inside_database(name: str) -> Iterator[None]:
    """Point this process at the copy; its roles are those of the database that it was copied from."""
    _use(name)
    try:
        yield
    finally:
        _use(addresses.DATABASE)


def _use(name: str) -> None:
    _close()
    for alias in ALIASES:
        connections[alias].settings_dict.update(NAME=name, ROLE_PREFIX=addresses.DATABASE)
        connections[alias].ensure_connection()


def _close() -> None:
    for alias in ALIASES:
        connections[alias].close()


def take_column_away() -> None:
    """Put every association back to before `later_column`, so that adding it can be measured again."""
    table = AssociationProfile._meta.db_table
    with connections["owner"].cursor() as cursor:
        for association in all_refs():
            cursor.execute(
                sql.SQL(
                    "ALTER TABLE {schema}.{table} DROP COLUMN motto; "
                    "DELETE FROM {schema}.django_migrations WHERE app = 'profile' AND name = {last}"
                ).format(
                    schema=sql.Identifier(association.schema_name),
                    table=sql.Identifier(table),
                    last=sql.Literal(LATER),
                )
            )
