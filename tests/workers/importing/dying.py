"""`python -m tests.workers.importing.dying N`: runs the next job, killed by SIGKILL before its N-th step.

A step is a statement, or a commit (one step in front of it, one behind). Says how many there were where it lives on.
"""

import os
import signal
import sys
from typing import Any

import django


def main() -> None:
    """Run one job, or as much of it as there is time for."""
    django.setup()
    from django.db import connection

    from workers.running import run_one_job

    last, taken = int(sys.argv[1]), 0

    def step() -> None:
        nonlocal taken
        taken += 1
        if taken == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def count_statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        step()
        return execute(sql, params, many, context)

    commit = connection.commit

    def count_commit() -> None:
        step()
        commit()
        step()

    connection.commit = count_commit  # type: ignore[method-assign]
    with connection.execute_wrapper(count_statement):
        if not run_one_job():
            raise SystemExit("there was no job")
    sys.stdout.write(str(taken))


if __name__ == "__main__":
    main()
