"""Which parts the program stands on answer: the database and its tables, Valkey, the disk. Tells names, no addresses.

Without the database or a table of its own a process can serve nobody. Without Valkey jobs wait for workers that look by
themselves, and on a full disk owners can still read: a balancer that took every process out for these would turn half
an outage into a whole one.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.conf import settings
from django.core.cache import cache as valkey
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from redis.exceptions import RedisError

from saas.tenancy.switching import enter_public

PROBE = b"kartoteka\n" * 500
"""Large enough to need a block of its own: an empty file can be made on a full disk."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part and whether it answers; `is_needed`: nothing can be served without it."""

    name: str
    is_ok: bool
    is_needed: bool


def check_parts() -> tuple[Part, ...]:
    """Every part, asked now."""
    return (
        Part("database", _holds(answers_database), is_needed=True),
        Part("migrations", _holds(has_public_tables), is_needed=True),
        Part("valkey", _holds(answers_valkey), is_needed=False),
        Part("disk", _holds(takes_files), is_needed=False),
    )


def answers_database() -> bool:
    """One statement, as the running program."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def has_public_tables() -> bool:
    """Whether every migration of the shared tables that this program knows is recorded. Later ones do no harm."""
    with enter_public(), connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return known_migrations() <= set(cursor.fetchall())


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """App and name of every migration of the shared apps: read once a process, the files do not change."""
    shared = {config.label for config in apps.get_app_configs() if config.name in settings.SHARED_APPS}
    loader = MigrationLoader(None)
    return frozenset(key for key in loader.disk_migrations if key[0] in shared)


def answers_valkey() -> bool:
    """A key that is read; whether it is there does not matter."""
    valkey.get("readiness")
    return True


def takes_files() -> bool:
    """Whether a small file can be written where uploads go; it is gone at once."""
    settings.FILES_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.FILES_DIR) as file:
        file.write(PROBE)
        file.flush()
    return True


def _holds(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except (DatabaseError, InterfaceError, RedisError, OSError):
        return False
