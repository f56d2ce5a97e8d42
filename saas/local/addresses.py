"""Where the embedded servers of this checkout live and how they are reached. Reads only, changes nothing.

The settings import it when DATABASE_URL or REDIS_URL are unset. Every function speaks of one instance:
the one named by KARTOTEKA_LOCAL ("demo" unless told otherwise; tests use "test").
"""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parents[2]
DATABASE = "kartoteka"
OWNER_ROLE = "kartoteka_owner"
APP_ROLE = "kartoteka_app"
ADMIN_ROLE = "postgres"

# sun_path holds 108 bytes; PostgreSQL adds its file name (and makes a .lock beside it, which has no limit).
LONGEST_SOCKET = 107
POSTGRES_SOCKET = ".s.PGSQL.5432"
VALKEY_SOCKET = "valkey.sock"


@dataclass(frozen=True, slots=True)
class Instance:
    """One pair of embedded servers: `home` holds data and logs, `sockets` their Unix sockets."""

    name: str
    base: Path
    home: Path
    sockets: Path

    @property
    def cluster(self) -> Path:
        """The data directory of PostgreSQL."""
        return self.home / "postgres"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / VALKEY_SOCKET


def is_open(folder: Path) -> bool:
    """Whether any user may pass through `folder` and all its parents (those that exist)."""
    return all(
        step.stat().st_mode & stat.S_IXOTH for step in (folder, *folder.parents) if os.path.lexists(step)
    )


def locate(name: str | None = None, *, checkout: Path = CHECKOUT) -> Instance:
    """The instance `name`; raises ValueError for a name that is none.

    Root cannot run PostgreSQL and hands it to an unprivileged user. Where that user cannot reach the
    checkout (a clone under a home of mode 700), the servers live under /var/tmp: no mode is ever widened.
    """
    name = name or os.environ.get("KARTOTEKA_LOCAL") or "demo"
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,29}", name):
        raise ValueError(f"KARTOTEKA_LOCAL: {name!r} is not a name of small letters, digits, - and _")
    digest = hashlib.sha256(f"{checkout}:{os.geteuid()}".encode()).hexdigest()[:10]
    base = checkout / ".local"
    if os.geteuid() == 0 and not is_open(base):
        base = Path("/var/tmp") / f"otwarta-kartoteka-{digest}"  # noqa: S108 - its owner is checked before use
    home = base / f"{name}-servers"  # .local/<name> itself is for the files of the program
    sockets = home / "run"
    if len(os.fsencode(sockets / POSTGRES_SOCKET)) > LONGEST_SOCKET:
        sockets = Path("/tmp") / f"otwarta-kartoteka-{digest}-{name}"  # noqa: S108 - the same
    return Instance(name=name, base=base, home=home, sockets=sockets)


def database_url(name: str | None = None) -> str:
    """The database as the running program sees it: the role without DDL."""
    return role_url(APP_ROLE, name=name)


def owner_database_url(name: str | None = None) -> str:
    """The database as provisioning and migrations see it."""
    return role_url(OWNER_ROLE, name=name)


def admin_database_url(name: str | None = None) -> str:
    """The server's superuser, in the database `postgres`: creates roles and databases."""
    return role_url(ADMIN_ROLE, name=name, database="postgres")


def role_url(role: str, *, name: str | None = None, database: str = DATABASE) -> str:
    """The address of `database` for `role` over the instance's Unix socket."""
    return f"postgresql://{role}@/{database}?host={quote(str(locate(name).sockets), safe='')}"


def redis_url(name: str | None = None) -> str:
    """Valkey in the form that redis-py reads."""
    return f"unix://{quote(str(locate(name).valkey_socket))}?db=0"


def broker_url(name: str | None = None) -> str:
    """Valkey in the form that Celery reads."""
    return f"redis+socket://{quote(str(locate(name).valkey_socket))}?virtual_host=0"
