"""The database server crashes between preview and publishing: unlogged staging is gone, the figures are not."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saas.local.addresses import ADMIN_ROLE, APP_ROLE, CHECKOUT, OWNER_ROLE
from tests.installation import crash_server
from tests.local.conftest import open_folder
from tests.local.test_servers import Clone, make_clone

__all__ = ["open_folder"]

PACKAGE = CHECKOUT / "samples" / "wspolnota"


@pytest.fixture
def servers(open_folder: Path) -> Iterator[Clone]:
    made = make_clone(open_folder / "clone")
    made.start()
    with made.connect(ADMIN_ROLE, "postgres") as admin:
        # Servers of tests may lose their last commits; a server of an operator does not.
        admin.execute("ALTER DATABASE kartoteka SET synchronous_commit = on")
    yield made
    made.command("forget")


def run(servers: Clone, part: str) -> Any:
    address = f"@/kartoteka?host={servers.instance.sockets}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KARTOTEKA")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.workers.importing.crashing", part, str(PACKAGE)],
        cwd=CHECKOUT,
        env={
            **kept,
            "DJANGO_SETTINGS_MODULE": "saas.settings",
            "DATABASE_URL": f"postgresql://{APP_ROLE}{address}",
            "DATABASE_OWNER_URL": f"postgresql://{OWNER_ROLE}{address}",
            # Nobody answers there: Redis only rings the bell.
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "KARTOTEKA_DATA": str(servers.folder / "data"),
            "KARTOTEKA_SECRET_KEY": "only for this test",
            "KARTOTEKA_DEMO": "1",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_crash_between_preview_and_publishing(servers: Clone) -> None:
    prepared = run(servers, "prepare")
    assert prepared["state"] == "ready"
    assert prepared["staged"] > 0
    assert sum(prepared["standing"].values()) == 0

    crash_server(servers.instance)
    servers.start()
    found = run(servers, "finish")

    assert (found["left"]["state"], found["left"]["staged"]) == ("ready", 0)
    assert found["left"]["standing"] == prepared["standing"]
    after = found["after"]
    assert (after["state"], after["failure"], after["disagreements"]) == ("published", "", 0)
    for dataset in ("charges", "postings", "balances", "readings", "settlements"):
        assert after["standing"][dataset] == prepared["seen"][dataset] > 0
