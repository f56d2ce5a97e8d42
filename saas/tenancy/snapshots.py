"""One page, one PDF, one answer: one moment. Wholly the old figures or wholly the new while a publication lands."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction
from psycopg import IsolationLevel


@contextmanager
def read_snapshot(*, using: str = "default") -> Iterator[None]:
    """REPEATABLE READ READ ONLY around the reads of one answer, rendering included.

    Enter it after the session and the account are loaded and leave it before anything is written. Inside another
    transaction (tests that roll back) it is a plain nested block: isolation is decided by the outer one.
    """
    connection = connections[using]
    if connection.in_atomic_block:
        with transaction.atomic(using=using):
            yield
        return
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    session = connection.connection
    # psycopg says both in its BEGIN: no statement more than any other transaction takes.
    session.isolation_level, session.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        with transaction.atomic(using=using):
            yield
    finally:
        if not session.closed:
            session.isolation_level, session.read_only = None, None
