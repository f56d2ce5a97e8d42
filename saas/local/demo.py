"""`make demo`: the whole product on one machine, from nothing to two associations with data.

Starts the embedded servers, a worker and the web server, seeds them on the first run, and ends
everything on Ctrl-C. What it keeps lies in .local/demo* (see addresses.py for a checkout that root
alone can reach).
"""

import argparse
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from saas.local import postgres, valkey
from saas.local.addresses import CHECKOUT, locate
from saas.local.children import Children
from saas.local.ports import bind_address, free_port, loopback_hosts
from saas.local.processes import read_pid, wait_until_gone
from saas.local.seeding import migrate, seed, with_addresses
from saas.local.server_user import LocalServerError
from saas.local.servers import forget_servers, start_servers, stop_servers
from saas.local.stopping import MakeWatch, StopRequestedError, StopSignal
from saas.local.visitor import wait_for_web

INSTANCE = "demo"
LOCAL = CHECKOUT / ".local"
FILES = LOCAL / INSTANCE
DESCRIPTION = LOCAL / "demo.json"
SUPERVISOR = LOCAL / "demo.pid"
FIRST_PORT = 8000
WATCH_SECONDS = 0.5


def main(arguments: list[str] | None = None) -> int:
    """Run the demo until it is stopped; exit code 0 after a stop, 1 where it could not start."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="stop the demo and delete its data")
    if parser.parse_args(arguments).reset:
        return reset()
    try:
        with only_one():
            run(StopSignal())
    except StopRequestedError:
        say("stopped")
        return 0
    except LocalServerError as error:
        print(f"demo: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


def run(stop: StopSignal) -> None:
    """Start, seed on the first run, announce, watch; whatever happens, leave no process behind."""
    started = time.monotonic()
    children = Children(folder=CHECKOUT, environment={}, logs=FILES / "log")
    try:
        with stop.held():
            is_first = not DESCRIPTION.exists()
            if is_first:
                forget()  # an interrupted first run: half-made data is of no use
            children.environment = prepare_environment()
            start_servers(INSTANCE)
        migrate_if_needed(children, is_first=is_first)
        port = free_port(int(os.environ.get("KARTOTEKA_PORT") or FIRST_PORT))
        with stop.held():
            start_services(children, port)
        if is_first:
            say("first run: creating two associations …")
            demo = seed(children, port=port, say=say)
        else:
            demo = with_addresses(json.loads(DESCRIPTION.read_text()), port)
        wait_for_web(port)
        write_description(demo)
        announce(demo, seconds=time.monotonic() - started)
        watch(children, stop)
    finally:
        stop.ignore()
        children.stop()
        stop_servers(INSTANCE)


def prepare_environment() -> dict[str, str]:
    """The environment of every process; servers named for another purpose are not the demo's to fill.

    A mail server (`KARTOTEKA_MAIL_…`) is handed on: the demo has none of its own, and mails are part of what it shows.
    """
    (FILES / "log").mkdir(parents=True, exist_ok=True)
    secret = FILES / "secret_key"
    if not secret.exists():
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MAKEFLAGS", "MAKELEVEL"}
        and (not name.startswith("KARTOTEKA_") or name.startswith("KARTOTEKA_MAIL_"))
    }
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "saas.settings",
        "KARTOTEKA_DATA": str(FILES),
        "KARTOTEKA_DEMO": "1",
        "KARTOTEKA_LOCAL": INSTANCE,
        "KARTOTEKA_SECRET_KEY_FILE": str(secret),
        "PYTHONUNBUFFERED": "1",
    }


def migrate_if_needed(children: Children, *, is_first: bool) -> None:
    """Migrate where a migration file has changed since the last time: a second start takes seconds."""
    digest = hashlib.sha256(b"with roles of associations")
    for file in sorted(CHECKOUT.glob("*/**/migrations/*.py")):
        digest.update(f"{file.relative_to(CHECKOUT)}\n".encode() + file.read_bytes())
    stamp = FILES / "migrated"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        say("preparing the database …")
        migrate(children, is_first=is_first)
        stamp.write_text(digest.hexdigest())


def start_services(children: Children, port: int) -> None:
    """The worker, which reads and publishes files, and the web server of both doors."""
    python = (sys.executable, "-m")
    children.start_service(
        "worker",
        [*python, "celery", "-A", "saas", "worker", "-c", "2", "--loglevel", "INFO", "--without-gossip"],
    )
    binds = [word for host in loopback_hosts() for word in ("--bind", bind_address(host, port))]
    children.start_service(
        "web",
        [
            *(*python, "gunicorn", "saas.wsgi:application", *binds, "--no-control-socket"),
            *("--workers", "2", "--worker-class", "gthread", "--threads", "4", "--graceful-timeout", "5"),
        ],
    )


def write_description(demo: dict[str, Any]) -> None:
    """demo.json for people and programs, whole or not at all; it holds passwords."""
    partial = DESCRIPTION.with_suffix(".json.new")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(demo, ensure_ascii=False, indent=2) + "\n")
    partial.replace(DESCRIPTION)


def announce(demo: dict[str, Any], *, seconds: float) -> None:
    """Tell where everything is; programs wait for the line that begins with `ready`."""
    urls = [demo["apex"], *(one["url"] for one in demo["associations"])]
    say(f"ready after {seconds:.0f} s: {' '.join(urls)}")
    say(f"logins and passwords: {DESCRIPTION}; manager: {demo['manager']['email']}; Ctrl-C stops the demo")


def watch(children: Children, stop: StopSignal) -> None:
    """Keep everything alive until a stop is asked for."""
    make = MakeWatch()
    while not make.is_stopping():
        time.sleep(WATCH_SECONDS)
        with stop.held():
            for name in children.revive():
                say(f"{name} has ended and was started again; see {FILES / 'log' / name}.log")
            instance = locate(INSTANCE)
            if postgres.running_pid(instance) is None or valkey.running_pid(instance) is None:
                say("a database server has ended and is started again")
                start_servers(INSTANCE)
    raise StopRequestedError


@contextmanager
def only_one() -> Iterator[None]:
    """Refuse a second demo of the same checkout; the lock goes with the process."""
    LOCAL.mkdir(exist_ok=True)
    with SUPERVISOR.open("a+") as file:
        if not lock(file):
            raise LocalServerError("the demo of this checkout runs already; its addresses: " + addresses())
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
        file.truncate(0)


def lock(file: TextIO) -> bool:
    """Whether the lock is ours now."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def addresses() -> str:
    """What demo.json knows of a running demo."""
    try:
        demo = json.loads(DESCRIPTION.read_text())
    except OSError:
        return "not ready yet"
    return " ".join([demo["apex"], *(one["url"] for one in demo["associations"])])


def reset() -> int:
    """Stop a running demo and delete its data."""
    if SUPERVISOR.exists():
        with SUPERVISOR.open("a+") as file:
            if not lock(file):
                stop_supervisor()
    forget()
    SUPERVISOR.unlink(missing_ok=True)
    say("the demo's data is gone; make demo starts anew")
    return 0


def stop_supervisor() -> None:
    """End the running demo as Ctrl-C would."""
    pid = read_pid(SUPERVISOR)
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    if not wait_until_gone(pid, seconds=40):
        raise LocalServerError(f"The running demo (process {pid}) does not end")


def forget() -> None:
    """Delete servers, files and demo.json."""
    forget_servers(INSTANCE)
    DESCRIPTION.unlink(missing_ok=True)
    if FILES.exists():
        shutil.rmtree(FILES)


def say(text: str) -> None:
    """One line for whoever watches, at once even into a pipe."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
