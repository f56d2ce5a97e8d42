"""One page, one PDF, one answer: one moment. Wholly the old figures or wholly the new while a publication lands."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def read_snapshot() -> Iterator[None]:
    """REPEATABLE READ READ ONLY around the reads of one answer, rendering included.

    Enter it after the session and the account are loaded and leave it before anything is written. Inside another
    transaction (tests that roll back) it is a plain nested block: isolation is decided by the outer one.
    """
    is_nested = connection.in_atomic_block
    with transaction.atomic():
        if not is_nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
