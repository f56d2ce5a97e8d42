"""What every association says of itself, each asked inside its schema: state, size, whether its tables are behind."""

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from saas.tenancy.listing import all_refs
from saas.tenancy.switching import AssociationRef, enter_association, enter_public

UNREADABLE = "unreadable"
LARGEST = 10
OF_ITSELF = """
    SELECT state, (SELECT count(*) FROM premises_premises WHERE is_current),
           array(SELECT app || '.' || name FROM django_migrations)
      FROM profile_associationprofile"""
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


def ask_associations() -> tuple[AskedAssociation, ...]:
    """Every association by slug: one statement inside each, about a millisecond."""
    return tuple(_ask(association) for association in all_refs())


def largest_associations() -> tuple[StoredAssociation, ...]:
    """The ten that take the most: one look at the catalog, which knows sizes without opening a file."""
    with enter_public(), connection.cursor() as cursor:
        cursor.execute(STORED, [LARGEST])
        return tuple(StoredAssociation(slug, int(stored)) for slug, stored in cursor.fetchall())


@cache
def tenant_migrations() -> frozenset[str]:
    """`app.name` of every migration of an association's tables that this program knows; read once a process."""
    own = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    return frozenset(f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations if app in own)


def _ask(association: AssociationRef) -> AskedAssociation:
    try:
        with enter_association(association), connection.cursor() as cursor:
            cursor.execute(OF_ITSELF)
            row = cursor.fetchone()
    except DatabaseError:
        row = None
    if row is None:
        return AskedAssociation(association.slug, UNREADABLE, 0, is_behind=False)
    state, premises, recorded = row
    return AskedAssociation(
        association.slug, state, premises, is_behind=not tenant_migrations() <= frozenset(recorded)
    )
