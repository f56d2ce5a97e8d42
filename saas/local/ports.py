"""A free port on the addresses that browsers mean by `localhost` and `<slug>.localhost`."""

import socket

from saas.local.server_user import LocalServerError

PORTS_TRIED = 100


def loopback_hosts() -> list[str]:
    """127.0.0.1, and ::1 where the machine has it."""
    return ["127.0.0.1", "::1"] if can_bind("::1", 0) else ["127.0.0.1"]


def free_port(first: int) -> int:
    """`first`, or the next port that nobody listens on at any of the loopback addresses."""
    hosts = loopback_hosts()
    for port in range(first, first + PORTS_TRIED):
        if all(can_bind(host, port) for host in hosts):
            return port
    raise LocalServerError(f"No free port from {first} to {first + PORTS_TRIED - 1}")


def can_bind(host: str, port: int) -> bool:
    """Whether a server could listen there."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError:
        return False
    return True


def bind_address(host: str, port: int) -> str:
    """The form that gunicorn reads."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
