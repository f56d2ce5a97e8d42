"""What a backup says of itself: its first member (head) and its last (manifest), as values and as JSON.

A backup is a tar archive, compressed with gzip and possibly sealed (saas.keeping.sealing):

    head.json              whose it is, the migrations its tables had, tables with columns, sequences
    schema.sql             the tables' DDL, to be read by people and by psql; restoring builds tables by migrations
    tables/<table>/<n>     rows as COPY text, some megabytes each
    files/<path>           kept files below the association's folder
    manifest.json          length and SHA-256 of every member before it; rows and checksum of every table
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from saas.keeping.errors import DamagedBackupError, KeepingError

FORMAT = 1
PRODUCT = "otwarta-kartoteka"
HEAD, DDL, MANIFEST = "head.json", "schema.sql", "manifest.json"
TABLE_MEMBER = re.compile(r"tables/([a-z][a-z0-9_]{0,62})/([0-9]{6})")
# Relative, without empty parts and parts that lead elsewhere.
FILE_MEMBER = re.compile(r"files/((?!\.{1,2}(?:/|$))[^/\0]+(?:/(?!\.{1,2}(?:/|$))[^/\0]+)*)")


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table and its columns in order; rows of an unlogged one (staging) are not kept."""

    name: str
    columns: tuple[str, ...]
    is_logged: bool


@dataclass(frozen=True, slots=True)
class SequenceState:
    """Where the numbers of a column stand: setval's two arguments."""

    table: str
    column: str
    last_value: int
    is_called: bool


@dataclass(frozen=True, slots=True)
class Checksum:
    """Rows of a table and a sum over them that does not depend on their order."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Whose backup it is and what its tables were."""

    association_id: str
    slug: str
    schema_name: str
    name: str
    kind: str
    state: str
    made_at: str
    domains: tuple[str, ...]
    migrations: tuple[tuple[str, str], ...]
    server_version: str
    tables: tuple[TableShape, ...]
    sequences: tuple[SequenceState, ...]
    left_out: tuple[str, ...]

    def to_json(self) -> bytes:
        """As the first member."""
        said = {"product": PRODUCT, "format": FORMAT, **asdict(self)}
        return json.dumps(said, ensure_ascii=False, indent=1).encode()


@dataclass(frozen=True, slots=True)
class Member:
    """A part of the archive as it was written."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive must hold to be whole."""

    members: tuple[Member, ...]
    tables: Mapping[str, Checksum]

    def to_json(self) -> bytes:
        """As the last member."""
        said = {
            "members": [[member.name, member.size, member.sha256] for member in self.members],
            "tables": {name: [table.rows, table.digest] for name, table in self.tables.items()},
        }
        return json.dumps(said, ensure_ascii=False).encode()


def read_head(data: bytes) -> Head:
    """The head; raises KeepingError where a newer program wrote it, or it is none."""
    said = _load(data)
    if said.pop("product", None) != PRODUCT:
        raise DamagedBackupError("it is not a backup of an association")
    written = said.pop("format", None)
    if not isinstance(written, int) or written > FORMAT:
        raise KeepingError(
            "newer_release",
            f"The backup is of format {written}, this release reads up to {FORMAT}: install a newer release.",
        )
    try:
        said["tables"] = tuple(
            TableShape(table["name"], tuple(table["columns"]), bool(table["is_logged"]))
            for table in said["tables"]
        )
        said["sequences"] = tuple(SequenceState(**sequence) for sequence in said["sequences"])
        said["migrations"] = tuple((app, name) for app, name in said["migrations"])
        for name in ("domains", "left_out"):
            said[name] = tuple(said[name])
        return Head(**said)
    except (KeyError, TypeError, ValueError):
        raise DamagedBackupError("its head is incomplete") from None


def read_manifest(data: bytes) -> Manifest:
    """The manifest; raises DamagedBackupError."""
    said = _load(data)
    try:
        return Manifest(
            tuple(Member(name, size, digest) for name, size, digest in said["members"]),
            {name: Checksum(rows, digest) for name, (rows, digest) in said["tables"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise DamagedBackupError("its manifest is incomplete") from None


def _load(data: bytes) -> dict[str, Any]:
    try:
        said = json.loads(data)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise DamagedBackupError("its description cannot be read")
    return said
