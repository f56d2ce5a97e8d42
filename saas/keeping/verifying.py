"""Whether a backup is whole and unaltered, and what is in it: without any database."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyrage.x25519 import Identity

from saas.keeping.archives import PIECE, open_archive
from saas.keeping.contents import DDL, FILE_MEMBER, HEAD, TABLE_MEMBER, Checksum, Head, read_head
from saas.keeping.errors import DamagedBackupError, KeepingError
from saas.tenancy.schema_script import unknown_migrations


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedBackup:
    """What a whole backup holds."""

    head: Head
    tables: Mapping[str, Checksum]
    files: int
    file_bytes: int

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables.values())


def verify_backup(path: Path, identity: Identity | None = None) -> VerifiedBackup:
    """Read all of it and compare lengths, checksums, rows and completeness with what it says of itself.

    Raises DamagedBackupError where anything differs, KeepingError for a newer release's (of its format or its tables), a
    sealed one without its key, another key, or a file that cannot be read.
    """
    try:
        with open_archive(path, identity) as archive:
            head, rows, sizes = None, dict[str, int](), list[int]()
            for name, source in archive.members():
                if head is None:
                    head = read_head(source.read() if name == HEAD else b"")
                elif table := TABLE_MEMBER.fullmatch(name):
                    rows[table[1]] = rows.get(table[1], 0)
                    while data := source.read(PIECE):
                        rows[table[1]] += data.count(b"\n")
                elif FILE_MEMBER.fullmatch(name):
                    while source.read(PIECE):
                        continue
                    sizes.append(source.size)
                elif name != DDL:
                    raise DamagedBackupError("it holds what no backup does")
            if head is None or archive.manifest is None:
                raise DamagedBackupError("it is empty")
            tables = archive.manifest.tables
    except OSError as error:
        raise KeepingError("not_read", f"{path} cannot be read: {error.strerror or error}.") from None
    _compare(head, tables, rows)
    _check_release(head)
    return VerifiedBackup(head=head, tables=tables, files=len(sizes), file_bytes=sum(sizes))


def _compare(head: Head, tables: Mapping[str, Checksum], rows: Mapping[str, int]) -> None:
    """Newlines inside values are escaped in COPY text: every one of them ends a row."""
    if (
        set(tables) != {table.name for table in head.tables if table.is_logged}
        or not rows.keys() <= tables.keys()
    ):
        raise DamagedBackupError("its tables are not those that it names")
    wrong = [name for name, table in tables.items() if rows.get(name, 0) != table.rows]
    if wrong:
        raise DamagedBackupError(f"rows are missing in {', '.join(sorted(wrong)[:3])}")


def _check_release(head: Head) -> None:
    """Raise KeepingError where a newer release made the backup: its tables are not known here."""
    unknown = unknown_migrations(head.migrations)
    if unknown:
        names = ", ".join(f"{app}.{name}" for app, name in unknown[:3])
        raise KeepingError(
            "newer_release", f"The backup is of a newer release (it has {names}): install that release first."
        )
