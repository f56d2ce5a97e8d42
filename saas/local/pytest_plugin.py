"""Points a test run at the embedded test servers before Django reads its settings, and starts them."""

import os

import pytest

os.environ.setdefault("KARTOTEKA_LOCAL", "test")


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once, in the process that distributes the tests, unless others are named."""
    is_worker = hasattr(config, "workerinput")
    is_named = bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
    if is_worker or is_named or config.option.help or config.option.collectonly:
        return
    from saas.local.servers import start_servers

    start_servers()
