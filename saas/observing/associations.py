"""What every association says of itself: state, size, whether its tables are behind.

The owner role asks a hundred of them in one statement. The running program, which by itself reads no association, enters
each, and so does everybody on a Citus cluster, where no statement may read two associations.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from saas.cluster.citus import read_stored
from saas.tenancy.listing import all_refs
from saas.tenancy.switching import AssociationRef, enter_association, enter_public

UNREADABLE = "unreadable"
LARGEST = 10
RUNTIME, OWNER = "default", "owner"
# A statement locks all tables and indexes that it reads until it ends, about ten of each association.
AT_ONCE = 100
# Whoever waits for the lock of one that is being migrated holds those of the others: no longer than migrations notice,
# and less than PostgreSQL takes to look for a deadlock.
PATIENCE = "SET LOCAL lock_timeout = '500ms'"
KNOWN = "WITH known AS MATERIALIZED (SELECT {names}::text[] AS names)"
OF_ITSELF = """
    SELECT {slug}, state, (SELECT count(*) FROM {schema}premises_premises WHERE is_current),
           (SELECT count(DISTINCT app || '.' || name) FROM {schema}django_migrations
             WHERE app || '.' || name = ANY ((SELECT names FROM known)::text[]))
      FROM {schema}profile_associationprofile"""
STORED = """
    SELECT a.slug, sum(c.relpages::bigint) * current_setting('block_size')::int
      FROM tenancy_association a
      JOIN pg_namespace n ON n.nspname = a.schema_name
      JOIN pg_class c ON c.relnamespace = n.oid
     GROUP BY a.slug ORDER BY 2 DESC, a.slug LIMIT %s"""


@dataclass(frozen=True, slots=True)
class AskedAssociation:
    """One association; `unreadable` and no premises where its schema does not answer (a move, a failed migration)."""

    slug: str
    state: str
    premises: int
    is_behind: bool


@dataclass(frozen=True, slots=True)
class StoredAssociation:
    """How much an association takes at the database server, in bytes, as of its last VACUUM or ANALYZE."""

    slug: str
    stored_bytes: int


def ask_associations(*, using: str = RUNTIME) -> tuple[AskedAssociation, ...]:
    """Every association by slug; `using="owner"` for commands and the background, which may read all of them at once."""
    refs = all_refs()
    if settings.CITUS or using == RUNTIME:
        return tuple(_ask_inside(association) for association in refs)
    asked: list[AskedAssociation] = []
    for first in range(0, len(refs), AT_ONCE):
        with enter_public(using=using):
            asked += _ask_together(refs[first : first + AT_ONCE], using)
        if not connections[using].in_atomic_block:
            # What a session has read of the catalog it keeps: the next hundred are asked by another.
            connections[using].close()
    return tuple(asked)


def largest_associations(*, using: str = RUNTIME) -> tuple[StoredAssociation, ...]:
    """The ten that take the most: one look at the catalog, which knows sizes without opening a file.

    On a Citus cluster every node looks into its own.
    """
    if settings.CITUS:
        return _largest_of_cluster(using)
    with enter_public(using=using), connections[using].cursor() as cursor:
        cursor.execute(STORED, [LARGEST])
        return tuple(StoredAssociation(slug, int(stored)) for slug, stored in cursor.fetchall())


@cache
def tenant_migrations() -> frozenset[str]:
    """`app.name` of every migration of an association's tables that this program knows; read once a process."""
    own = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    return frozenset(f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations if app in own)


def _largest_of_cluster(using: str) -> tuple[StoredAssociation, ...]:
    with enter_public(using=using):
        stored = read_stored(using=using)
    known = ((-stored[ref.schema_name], ref.slug) for ref in all_refs() if ref.schema_name in stored)
    return tuple(StoredAssociation(slug, -size) for size, slug in sorted(known)[:LARGEST])


def _ask_together(refs: Sequence[AssociationRef], using: str) -> list[AskedAssociation]:
    """In one statement; where one of them does not answer, in halves, so that the others still do."""
    parts = ((ref.slug, sql.SQL("{}.").format(sql.Identifier(ref.schema_name))) for ref in refs)
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(PATIENCE)
            cursor.execute(_statement(parts))
            found = {row[0]: _describe(*row) for row in cursor.fetchall()}
    except DatabaseError:
        if len(refs) == 1:
            return [AskedAssociation(refs[0].slug, UNREADABLE, 0, is_behind=False)]
        middle = len(refs) // 2
        return _ask_together(refs[:middle], using) + _ask_together(refs[middle:], using)
    gone = AskedAssociation("", UNREADABLE, 0, is_behind=False)
    return [found.get(ref.slug, replace(gone, slug=ref.slug)) for ref in refs]


def _ask_inside(association: AssociationRef) -> AskedAssociation:
    try:
        with enter_association(association), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PATIENCE)
            cursor.execute(_statement([(association.slug, sql.SQL(""))]))
            row = cursor.fetchone()
    except DatabaseError:
        row = None
    return _describe(*row) if row else AskedAssociation(association.slug, UNREADABLE, 0, is_behind=False)


def _statement(parts: Iterable[tuple[str, sql.Composable]]) -> sql.Composed:
    """One for all parts; each is a slug and where its tables are looked for, `schema.` or wherever one stands."""
    known = sql.SQL(KNOWN).format(names=sql.Literal(sorted(tenant_migrations())))
    asked = (sql.SQL(OF_ITSELF).format(slug=sql.Literal(slug), schema=schema) for slug, schema in parts)
    return known + sql.SQL(" UNION ALL ").join(asked)


def _describe(slug: str, state: str, premises: int, recorded: int) -> AskedAssociation:
    return AskedAssociation(slug, state, premises, is_behind=recorded < len(tenant_migrations()))
