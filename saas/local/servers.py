"""Both embedded servers of an instance together: started, stopped and asked under one lock."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from saas.local import postgres, valkey
from saas.local.addresses import Instance, locate
from saas.local.binaries import find_binaries
from saas.local.server_user import choose_user, prepare_folders


def start_servers(name: str | None = None) -> Instance:
    """Start what does not run yet; safe to call twice and from several processes at once."""
    instance = locate(name)
    user = choose_user(instance)
    prepare_folders(instance, user)
    with locked(instance):
        binaries = find_binaries(instance, user)
        postgres.start_postgres(instance, user, binaries)
        valkey.start_valkey(instance, user, binaries)
    return instance


def stop_servers(name: str | None = None) -> None:
    """Stop both; nothing happens where none runs."""
    instance = locate(name)
    if not instance.home.exists():
        return
    user = choose_user(instance)
    with locked(instance):
        valkey.stop_valkey(instance)
        postgres.stop_postgres(instance, user, find_binaries(instance, user))


def forget_servers(name: str | None = None) -> None:
    """Stop both and delete everything they kept."""
    instance = locate(name)
    stop_servers(name)
    for folder in (instance.home, instance.sockets):
        if folder.exists():
            shutil.rmtree(folder)
    if instance.base.exists() and {entry.name for entry in instance.base.iterdir()} <= {"programs"}:
        shutil.rmtree(instance.base)  # nothing but copies of the programs is left


def describe_servers(name: str | None = None) -> dict[str, bool]:
    """Which of the two run."""
    instance = locate(name)
    return {"postgres": postgres.is_running(instance), "valkey": valkey.is_answering(instance)}


@contextmanager
def locked(instance: Instance) -> Iterator[None]:
    """Let one process at a time start or stop the instance; the lock goes with the process."""
    with (instance.home / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
