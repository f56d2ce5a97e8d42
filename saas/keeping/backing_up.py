"""Making a backup: one snapshot of an association's tables, and its files, as one stream into one file."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone
from psycopg import sql
from pyrage.x25519 import Recipient

from associations.profile.queries import current_profile
from saas.keeping.archives import ArchiveWriter
from saas.keeping.catalog import SchemaCatalog, fix_text_forms, read_checksums
from saas.keeping.contents import DDL, HEAD, Checksum, Head, TableShape
from saas.keeping.errors import KeepingError
from saas.keeping.kept_files import PASSING, folder_of, list_files
from saas.tenancy.locking import AssociationBusyError, lock_association
from saas.tenancy.models import Association, Domain
from saas.tenancy.snapshots import read_snapshot
from saas.tenancy.switching import AssociationRef, enter_association, enter_public

OWNER = "owner"
# COPY raises psycopg's own classes, past Django's translation.
LOST = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
PIECE = 4 * 1024 * 1024
"""Rows of one member: so much of a table is held in memory at a time."""
LEFT_OUT = ("rows of staging tables", *(f"files/{name}" for name in PASSING))


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenBackup:
    """A backup as it lies on the disk; `made_at` is the moment that it shows."""

    path: Path
    made_at: dt.datetime
    size: int
    sha256: str
    is_sealed: bool
    files: int
    tables: dict[str, Checksum]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables.values())


def back_up(
    association: AssociationRef,
    target: Path,
    *,
    recipients: Sequence[Recipient] = (),
    using: str = OWNER,
    wait_seconds: float = 0.0,
) -> WrittenBackup:
    """Write the association as it stands at one moment to `target`, sealed to `recipients` where there are any.

    Reads only, with the rights of either role; requests and imports go on meanwhile. Cost follows the association's
    size, not the number of associations. Raises KeepingError: a file of that name exists, the disk does not take it,
    another operator works on the association. Whatever fails leaves no file.
    """
    try:
        with (
            enter_public(using=using),
            lock_association(association.id, using=using, wait_seconds=wait_seconds),
            read_snapshot(using=using),
            ArchiveWriter(target, recipients) as archive,
        ):
            return _write(association, archive, is_sealed=bool(recipients), using=using)
    except AssociationBusyError as error:
        raise KeepingError("busy", str(error)) from None
    except LOST as error:
        raise KeepingError("lost", "The database was lost meanwhile: nothing was written.") from error
    except OSError as error:
        raise KeepingError("not_written", f"The backup was not written: {error.strerror or error}.") from None


def _write(
    association: AssociationRef, archive: ArchiveWriter, *, is_sealed: bool, using: str
) -> WrittenBackup:
    made_at = timezone.now()
    domains = _read_domains(association, using)
    fix_text_forms(using=using)
    with enter_association(association, using=using):
        catalog = SchemaCatalog(association.schema_name, using=using)
        head = _describe(association, catalog, domains, made_at, using)
        archive.add(HEAD, head.to_json())
        archive.add(DDL, catalog.ddl().encode())
        checksums = read_checksums(association.schema_name, head.tables, using=using)
        for table in head.tables:
            if table.is_logged and checksums[table.name].rows:
                _add_rows(archive, association.schema_name, table, using)
    files = _add_files(archive, association.schema_name)
    archive.finish(checksums)
    return WrittenBackup(
        path=archive.path,
        made_at=made_at,
        size=archive.size,
        sha256=archive.sha256,
        is_sealed=is_sealed,
        files=files,
        tables=checksums,
    )


def _read_domains(association: AssociationRef, using: str) -> tuple[str, ...]:
    rows = Association.objects.using(using).filter(
        pk=association.id, schema_name=association.schema_name, slug=association.slug
    )
    if not rows.exists():
        raise KeepingError("gone", f"{association.slug} is not there under this name any more.")
    domains = Domain.objects.using(using).filter(tenant_id=association.id).order_by("-is_primary", "domain")
    return tuple(domains.values_list("domain", flat=True))


def _describe(
    association: AssociationRef,
    catalog: SchemaCatalog,
    domains: tuple[str, ...],
    made_at: dt.datetime,
    using: str,
) -> Head:
    tables = catalog.tables()
    if not tables:
        raise KeepingError("no_tables", f"The schema {association.schema_name} holds no tables.")
    profile = current_profile(using=using)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        migrations = tuple((str(app), str(name)) for app, name in cursor.fetchall())
    return Head(
        association_id=str(association.id),
        slug=association.slug,
        schema_name=association.schema_name,
        name=profile.name,
        kind=profile.kind,
        state=profile.state,
        made_at=made_at.isoformat(),
        domains=domains,
        migrations=migrations,
        server_version=connections[using].connection.info.parameter_status("server_version") or "",
        tables=tables,
        sequences=catalog.sequences(),
        left_out=LEFT_OUT,
    )


def _add_rows(archive: ArchiveWriter, schema_name: str, table: TableShape, using: str) -> None:
    for number, piece in enumerate(_read_rows(schema_name, table, using)):
        archive.add(f"tables/{table.name}/{number:06d}", piece)


def _read_rows(schema_name: str, table: TableShape, using: str) -> Iterator[bytes]:
    """COPY text in pieces of whole rows."""
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(
        sql.Identifier(schema_name, table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    held = bytearray()
    with connections[using].cursor() as cursor, cursor.copy(statement) as copy:
        for data in copy:
            held += data
            if len(held) >= PIECE:
                yield bytes(held)
                held.clear()
    if held:
        yield bytes(held)


def _add_files(archive: ArchiveWriter, schema_name: str) -> int:
    """How many there were. One that is deleted meanwhile (an upload given up) is left out: no row needs it."""
    count, root = 0, folder_of(schema_name)
    for path in list_files(schema_name):
        try:
            source = path.open("rb")
        except FileNotFoundError:
            continue
        with source:
            size = source.seek(0, 2)
            source.seek(0)
            archive.add_file(f"files/{path.relative_to(root).as_posix()}", source, size)
        count += 1
    return count
