"""One operator at a time on one association: backing up, restoring, migrating, moving, erasing."""

import hashlib
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

PAUSE_SECONDS = 0.1


class AssociationBusyError(Exception):
    """Somebody else is working on the association as a whole."""


@contextmanager
def lock_association(
    key: uuid.UUID | str, *, using: str = "owner", wait_seconds: float = 0.0
) -> Iterator[None]:
    """Hold the association (its id, or the slug of one that is to be) until the block is left.

    Raises AssociationBusyError where another session still holds it after `wait_seconds`. An advisory lock of the
    session: take it before the transaction begins, so that the transaction sees what the former holder left. It may
    be taken again by the session that holds it, and ends with the connection.
    """
    number = _number_of(key)
    deadline = time.monotonic() + wait_seconds
    while not _try_lock(number, using):
        if time.monotonic() >= deadline:
            raise AssociationBusyError("Another operator is working on this association: try again later.")
        time.sleep(PAUSE_SECONDS)
    try:
        yield
    finally:
        # A connection that was lost or closed has let go by itself.
        if connections[using].connection is not None and connections[using].is_usable():
            with connections[using].cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def _try_lock(number: int, using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        row = cursor.fetchone()
    return bool(row and row[0])


def _number_of(key: uuid.UUID | str) -> int:
    digest = hashlib.sha256(f"association {key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
