"""The embedded PostgreSQL of one instance: create its cluster, start and stop it."""

import psycopg

from saas.local.addresses import ADMIN_ROLE, POSTGRES_SOCKET, Instance, admin_database_url
from saas.local.binaries import Binaries
from saas.local.processes import (
    command_of,
    end_process,
    is_taken,
    pids_working_in,
    read_pid,
    wait_until_gone,
)
from saas.local.roles import ensure_database, ensure_roles
from saas.local.server_user import LocalServerError, ServerUser

# Throw-away data may be lost with the machine; the demo's is kept.
FORGETFUL_INSTANCES = ("test",)


def start_postgres(instance: Instance, user: ServerUser, binaries: Binaries) -> None:
    """Start the server if it is not running, and see that roles and database exist. Takes < 3 s."""
    if not is_running(instance):
        if not (instance.cluster / "PG_VERSION").exists():
            create_cluster(instance, user, binaries)
        forget_stale_locks(instance)
        write_configuration(instance)
        user.run(
            [
                *(binaries.postgres / "pg_ctl", "start", "-w", "-t", "60", "-s"),
                *("-D", instance.cluster, "-l", instance.home / "postgres.log"),
            ],
            home=instance.home,
        )
    with psycopg.connect(admin_database_url(instance.name), autocommit=True) as admin:
        ensure_roles(admin)
        ensure_database(admin)


def stop_postgres(instance: Instance, user: ServerUser, binaries: Binaries) -> None:
    """End all connections and stop the server; nothing happens where none runs."""
    pid = running_pid(instance)
    if pid is None:
        return
    try:
        user.run(
            [
                *(binaries.postgres / "pg_ctl", "stop", "-m", "fast", "-w", "-t", "30", "-s"),
                *("-D", instance.cluster),
            ],
            home=instance.home,
        )
    except LocalServerError:
        end_process(pid)
    wait_until_gone(pid, seconds=5)


def is_running(instance: Instance) -> bool:
    """Whether the server lives and answers."""
    if running_pid(instance) is None:
        return False
    try:
        psycopg.connect(admin_database_url(instance.name), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def running_pid(instance: Instance) -> int | None:
    """The server's process; a pid file that names a dead process or a stranger counts as none."""
    pid = read_pid(instance.cluster / "postmaster.pid")
    return pid if pid is not None and str(instance.cluster) in command_of(pid) else None


def create_cluster(instance: Instance, user: ServerUser, binaries: Binaries) -> None:
    """Make the data directory: UTF-8, sorted by code point alike on every machine."""
    user.run(
        [
            *(binaries.postgres / "initdb", "--no-sync", "--no-instructions", "-D", instance.cluster),
            *("-U", ADMIN_ROLE, "--auth=trust", "--encoding=UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        ],
        home=instance.home,
    )


def write_configuration(instance: Instance) -> None:
    """Write the settings anew for every start: the checkout may have moved since the last one."""
    settings = {
        "listen_addresses": "''",
        "unix_socket_directories": quote_setting(str(instance.sockets)),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": "'128MB'",
        "logging_collector": "off",
        "timezone": "'UTC'",
        "lc_messages": "'C'",
    }
    if instance.name.startswith(FORGETFUL_INSTANCES):
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    file = instance.cluster / "postgresql.conf"
    file.write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
    file.chmod(0o644)  # written by root, read by the server's user; the folder is private


def quote_setting(value: str) -> str:
    """A text in postgresql.conf; a list of folders additionally quotes each of its members."""
    member = '"' + value.replace('"', '""') + '"'
    return "'" + member.replace("'", "''") + "'"


def forget_stale_locks(instance: Instance) -> None:
    """Remove lock files after a kill whose number still names something: a stranger, or a zombie.

    PostgreSQL itself deals with numbers that nobody has; one that was given away, or that nobody reaps
    (a container without an init), would block it for ever. Children of the killed server are waited for
    first: they leave by themselves, and two servers must never share the data.
    """
    pid = running_pid(instance)  # living, but not answering: shutting down, or stuck
    if pid is not None and not wait_until_gone(pid, seconds=15):
        end_process(pid)
    for orphan in pids_working_in(instance.cluster):
        if not wait_until_gone(orphan, seconds=5):
            end_process(orphan, seconds=1)
    for lock in (instance.cluster / "postmaster.pid", instance.sockets / f"{POSTGRES_SOCKET}.lock"):
        pid = read_pid(lock)
        if pid is not None and is_taken(pid):
            lock.unlink(missing_ok=True)
