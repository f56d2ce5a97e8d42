"""Memory for the few statements that sort and group a whole file."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# A year's ledger of 12 000 premises (half a million postings) sorts in about 80 MB; longer files sort on disk.
SORT_MEMORY = "128MB"
# Of staged rows and groups only their number and the number of distinct codes matter: a small sample tells.
STAGING_STATISTICS = 10


@contextmanager
def sorting_in_memory() -> Iterator[None]:
    """A transaction, or a part of the present one, whose sorts and hashes stay in memory.

    Without compiling statements: they are few and long, and the server would compile each of them anew.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL work_mem = '{SORT_MEMORY}'")
            cursor.execute("SET LOCAL jit = off")
            cursor.execute(f"SET LOCAL default_statistics_target = {STAGING_STATISTICS}")
        yield
