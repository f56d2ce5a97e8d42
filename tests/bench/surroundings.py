"""The bench's own servers: PostgreSQL, Valkey, a Celery worker and gunicorn, started as the demo starts them."""

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from saas.local import postgres
from saas.local.addresses import CHECKOUT, locate
from saas.local.children import Children
from saas.local.ports import free_port
from saas.local.server_user import LocalServerError
from saas.local.servers import forget_servers, start_servers

INSTANCE = "bench"
FOLDER = CHECKOUT / ".local" / INSTANCE
FIRST_PORT = 8900


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What runs while the bench measures."""

    children: Children
    port: int
    generated: Path
    worker_pid: int
    web_pid: int
    database_pid: int


def prepare_environment() -> None:
    """Point this process, before Django reads its settings, and all that it starts at the bench's servers."""
    foreign = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MAKEFLAGS", "MAKELEVEL"}
    for name in [name for name in os.environ if name in foreign or name.startswith("KARTOTEKA_")]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "KARTOTEKA_DATA": str(FOLDER),
        "KARTOTEKA_DEMO": "1",
        "KARTOTEKA_LOCAL": INSTANCE,
        "KARTOTEKA_LOG_LEVEL": "WARNING",
    }


@contextmanager
def only_one() -> Iterator[None]:
    """Refuse a second bench of the same checkout: they would measure each other."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LocalServerError("A bench of this checkout runs already.") from None
        yield


@contextmanager
def running() -> Iterator[Surroundings]:
    """Fresh servers; whatever happens, none of them and nothing of their data is left."""
    children = Children(folder=CHECKOUT, environment=os.environ, logs=FOLDER / "log")
    try:
        forget()
        children.logs.mkdir(parents=True)
        start_servers(INSTANCE)
        _migrate()
        port = free_port(FIRST_PORT)
        python = (sys.executable, "-m")
        worker = [
            *python,
            "celery",
            "-A",
            "saas",
            "worker",
            "-c",
            "2",
            "--loglevel",
            "WARNING",
            "--without-gossip",
        ]
        web = [*python, "gunicorn", "tests.bench.wsgi:application", "--bind", f"127.0.0.1:{port}"]
        children.start_service("worker", worker)
        children.start_service("web", [*web, "--workers", "1", "--no-control-socket"])
        worker_pid, web_pid = (service.process.pid for service in children.services)
        yield Surroundings(
            children=children,
            port=port,
            generated=FOLDER / "generated",
            worker_pid=worker_pid,
            web_pid=web_pid,
            database_pid=postgres.running_pid(locate(INSTANCE)) or 0,
        )
    finally:
        children.stop()
        forget()


def _migrate() -> None:
    from saas.tenancy.provisioning import migrate_public

    migrate_public()


def forget() -> None:
    """Stop the servers and delete what they and the bench kept; results stay."""
    _close_connections()
    forget_servers(INSTANCE)
    for name in ("backups", "files", "generated", "log"):
        shutil.rmtree(FOLDER / name, ignore_errors=True)


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
