"""Fixtures of the operator commands."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from tests.worker_process import start_worker, worker

__all__ = ["start_worker", "worker"]
Run = Callable[..., str]


@pytest.fixture
def run() -> Run:
    """`run("list_associations", "--json")` → what it printed on stdout."""

    def run_command(*words: str, **options: Any) -> str:
        out = StringIO()
        call_command(*words, stdout=out, **options)
        return out.getvalue()

    return run_command
