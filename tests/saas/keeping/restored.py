"""What tests of restoring compare: rows, schemas, files; and how they lose the server."""

from collections.abc import Callable
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections

from saas.keeping.contents import Checksum
from saas.local import addresses
from saas.tenancy.switching import AssociationRef

Checksums = Callable[[AssociationRef], dict[str, Checksum]]
# Notices that nobody prints any more are said to have failed.
CHANGED_BY_RESTORING = {
    "charges_noticerun",
    "profile_associationprofile",
    "audit_auditentry",
    "owners_ownersession",
}


def schemas() -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'")
        return {str(row[0]) for row in cursor.fetchall()}


def files_of(schema: str) -> dict[str, bytes]:
    root = Path(settings.FILES_DIR) / schema
    return {
        str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()
    }


def hidden_folders() -> list[str]:
    return [path.name for path in Path(settings.FILES_DIR).iterdir() if path.name.startswith(".")]


def differing(before: dict[str, Checksum], after: dict[str, Checksum]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def lose_the_server() -> None:
    pid = connections["owner"].connection.info.backend_pid
    with psycopg.connect(addresses.admin_database_url(), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
