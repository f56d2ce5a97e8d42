"""The whole product for a browser: gunicorn on the test's database, beside it the worker that the fixtures start."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from saas.local.ports import bind_address, loopback_hosts
from tests.worker_process import CHECKOUT, program_environment, wait_until

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]


class Site:
    """The web server's addresses and what it has logged."""

    def __init__(self, port: int, log: Path) -> None:
        self.port = port
        self.log = log

    def url(self, path: str = "/", *, slug: str = "") -> str:
        """An address at the apex, or at an association's door."""
        return f"http://{slug}{'.' if slug else ''}localhost:{self.port}{path}"

    @property
    def text(self) -> str:
        return self.log.read_text(errors="replace")


@contextlib.contextmanager
def serve_site(folder: Path) -> Iterator[Site]:
    """Two processes of `saas.wsgi:application` on the database that this test uses."""
    hosts, port = loopback_hosts(), unused_port()
    binds = [word for host in hosts for word in ("--bind", bind_address(host, port))]
    command = [sys.executable, "-m", "gunicorn", "saas.wsgi:application", *binds, "--no-control-socket"]
    command += ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--graceful-timeout", "2"]
    site = Site(port, folder / "web.log")
    with site.log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=program_environment(KARTOTEKA_DEMO="1", KARTOTEKA_PORT=str(port)),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(lambda: answers(port) or process.poll() is not None, seconds=60, because=site.text)
        assert process.poll() is None, site.text
        yield site
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def unused_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0
