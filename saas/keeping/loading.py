"""Filling an association's empty tables from a backup, and proving that they hold what the backup says."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from django.db import connections
from psycopg import sql
from pyrage.x25519 import Identity

from saas.keeping.archives import PIECE, open_archive
from saas.keeping.catalog import SchemaCatalog, fix_text_forms, read_checksums
from saas.keeping.contents import FILE_MEMBER, TABLE_MEMBER, Checksum, Head, TableShape
from saas.keeping.errors import DamagedBackupError, KeepingError
from saas.keeping.references import references_aside
from saas.keeping.verifying import VerifiedBackup
from saas.tenancy.provisioning import build_tables, is_older
from saas.tenancy.switching import AssociationRef, enter_association

OWNER = "owner"


class Content(Protocol):
    """A member's content."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to so many bytes."""


def load_backup(
    association: AssociationRef,
    path: Path,
    identity: Identity | None,
    backup: VerifiedBackup,
    files_to: Path,
) -> dict[str, Checksum]:
    """Build the tables in the association's empty schema as the backup's release had them, fill them, compare.

    Returns the checksums read back from the tables. In the caller's transaction on the owner's connection. Files go
    below `files_to`. Raises KeepingError where what stands in the end differs from the manifest, DamagedBackupError
    where the file is no longer the one verified.
    """
    head = backup.head
    build_tables(association, head.migrations)
    with enter_association(association, using=OWNER):
        fix_text_forms(using=OWNER)
        _compare_shapes(head.tables, SchemaCatalog(association.schema_name, using=OWNER).tables())
        # Migrations that follow must find no check outstanding: a deferred one ends with the transaction alone.
        with references_aside(association.schema_name) if is_older(head.migrations) else nullcontext():
            _empty(association.schema_name, head.tables)
            _fill(association.schema_name, path, identity, head, files_to)
        _set_sequences(association.schema_name, head)
        found = read_checksums(association.schema_name, head.tables, using=OWNER)
    wrong = sorted(name for name, table in backup.tables.items() if found.get(name) != table)
    if wrong:
        raise KeepingError("differs", f"Restored tables differ from the backup: {', '.join(wrong[:3])}.")
    return found


def _compare_shapes(wanted: Iterable[TableShape], built: Iterable[TableShape]) -> None:
    """A table or column by hand has no migration: it cannot be restored, and must not be lost silently."""

    def by_name(tables: Iterable[TableShape]) -> dict[str, TableShape]:
        return {table.name: replace(table, columns=tuple(sorted(table.columns))) for table in tables}

    there, here = by_name(wanted), by_name(built)
    names = sorted(name for name in there.keys() | here.keys() if there.get(name) != here.get(name))
    if names:
        raise KeepingError(
            "other_tables",
            f"These tables differ from what the backup's migrations make: {', '.join(names[:3])}.",
        )


def _empty(schema_name: str, tables: Iterable[TableShape]) -> None:
    """Migrations write rows of their own (two funds, what was applied)."""
    with connections[OWNER].cursor() as cursor:
        for table in reversed(list(tables)):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(schema_name, table.name)))


def _fill(schema_name: str, path: Path, identity: Identity | None, head: Head, files_to: Path) -> None:
    shapes = {table.name: table for table in head.tables}
    with open_archive(path, identity) as archive:
        for name, source in archive.members():
            if table := TABLE_MEMBER.fullmatch(name):
                _copy_rows(schema_name, shapes[table[1]], source)
            elif file := FILE_MEMBER.fullmatch(name):
                _write_file(files_to / file[1], source)
        # A file that was exchanged since it was verified ends here.
        if archive.manifest is None:
            raise DamagedBackupError("it was cut short")


def _copy_rows(schema_name: str, table: TableShape, source: Content) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(schema_name, table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    with connections[OWNER].cursor() as cursor, cursor.copy(statement) as copy:
        while data := source.read(PIECE):
            copy.write(data)


def _write_file(path: Path, source: Content) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as target:
        while data := source.read(PIECE):
            target.write(data)


def _set_sequences(schema_name: str, head: Head) -> None:
    with connections[OWNER].cursor() as cursor:
        for one in head.sequences:
            table = sql.Identifier(schema_name, one.table).as_string(None)
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s)::regclass, %s, %s)",
                [table, one.column, one.last_value, one.is_called],
            )
