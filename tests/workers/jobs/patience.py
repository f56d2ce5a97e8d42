"""A handler that takes its time and fails on request.

What it does is counted in the association's audit log, when it began in the file that PATIENT_LOG names.
"""

import os
import time
from pathlib import Path

from django.db import OperationalError, connection

from associations.audit.actions import record_act
from associations.audit.actors import SYSTEM
from associations.imports.models import BatchState, ImportBatch
from workers.jobs import JobContext, JobStoppedError


def work_patiently(context: JobContext) -> None:
    """Options: `steps` of 50 ms each, `is_deaf` and `is_deaf_at_end` (one long statement), `sleeps_at_end`,
    `fails`, `state`.
    """
    options = context.options
    _note(f"begin {context.batch_id} {os.getpid()}")
    ImportBatch.objects.filter(pk=context.batch_id).update(state=options.get("state", BatchState.READING))
    if options.get("fails") == "passing":
        raise OperationalError("the database of a test is away for a moment: Jan Kowalski 12,34")
    if options.get("fails") == "refused":
        raise JobStoppedError("Plik jest pusty.", code="empty")
    if options.get("fails") == "bug":
        raise KeyError("Jan Kowalski 12,34")
    if options.get("is_deaf"):
        _sleep_in_a_statement(options["is_deaf"])
    steps = options.get("steps", 1)
    for step in range(steps):
        context.report("reading", step, steps)
        time.sleep(0.05)
    with context.finishing():
        record_act(actor=SYSTEM, action="test.worked", target=str(context.batch_id))
        ImportBatch.objects.filter(pk=context.batch_id).update(state=BatchState.READY)
        time.sleep(options.get("sleeps_at_end", 0))
        _sleep_in_a_statement(options.get("is_deaf_at_end", 0))
    _note(f"end {context.batch_id} {os.getpid()}")


def count_many_rows(context: JobContext) -> None:
    """A job that was taken for small and has more rows than a small one may have."""
    context.count_rows(50_000)
    context.count_rows(50_001)
    with context.finishing():
        ImportBatch.objects.filter(pk=context.batch_id).update(state=BatchState.READY)


def _sleep_in_a_statement(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])


def _note(line: str) -> None:
    if os.environ.get("PATIENT_LOG"):
        with Path(os.environ["PATIENT_LOG"]).open("a") as file:
            file.write(line + "\n")
