"""The embedded Valkey of one instance. It keeps nothing on disk: PostgreSQL holds the truth."""

import time

import redis

from saas.local.addresses import Instance, redis_url
from saas.local.binaries import Binaries
from saas.local.processes import command_of, end_process, read_pid
from saas.local.server_user import LocalServerError, ServerUser


def start_valkey(instance: Instance, user: ServerUser, binaries: Binaries) -> None:
    """Start the server if it does not answer."""
    if is_answering(instance):
        return
    stop_valkey(instance)
    log = instance.home / "valkey.log"
    user.run(
        [
            *(binaries.valkey, "--port", "0", "--save", "", "--appendonly", "no"),
            *("--unixsocket", instance.valkey_socket, "--unixsocketperm", "700"),
            *("--dir", instance.home, "--pidfile", instance.home / "valkey.pid", "--logfile", log),
            *("--daemonize", "yes"),  # in a session of its own: a Ctrl-C is the supervisor's to deal with
        ],
        home=instance.home,
    )
    deadline = time.monotonic() + 10
    while not is_answering(instance):
        if time.monotonic() > deadline:
            raise LocalServerError(f"Valkey did not start; see {log}")
        time.sleep(0.02)


def stop_valkey(instance: Instance) -> None:
    """Stop the server; nothing happens where none runs."""
    file = instance.home / "valkey.pid"
    pid = running_pid(instance)
    if pid is not None:
        end_process(pid)
    file.unlink(missing_ok=True)


def running_pid(instance: Instance) -> int | None:
    """The server's process; a stranger that was given its number counts as none."""
    pid = read_pid(instance.home / "valkey.pid")
    # Valkey shows its socket in the process title.
    return pid if pid is not None and str(instance.valkey_socket) in command_of(pid) else None


def is_answering(instance: Instance) -> bool:
    """Whether a server answers at the instance's socket."""
    try:
        with redis.Redis.from_url(
            redis_url(instance.name), socket_connect_timeout=2, socket_timeout=2
        ) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
