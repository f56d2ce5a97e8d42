"""Holding an association while its schema is replaced or dropped, and saying in a sentence why it did not work."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from django.db import DatabaseError, OperationalError, connections, transaction
from psycopg import sql

from saas.keeping.catalog import SchemaCatalog
from saas.keeping.errors import KeepingError
from saas.tenancy.errors import ProvisioningError
from saas.tenancy.locking import AssociationBusyError, lock_association

OWNER = "owner"
LOCK_TIMEOUT = "10s"
LOCK_NOT_AVAILABLE = {"55P03", "40P01"}


@contextmanager
def working_on(key: uuid.UUID | str) -> Iterator[None]:
    """Hold the association (its id, or the slug of one that is to be); raises KeepingError for all that fails."""
    try:
        with lock_association(key, using=OWNER):
            yield
    except (AssociationBusyError, ProvisioningError) as error:
        raise KeepingError("refused", str(error)) from None
    except (DatabaseError, psycopg.Error) as error:
        code = getattr(error.__cause__ or error, "sqlstate", None)
        if code in LOCK_NOT_AVAILABLE:
            raise KeepingError("busy", "The association is in use: nothing was changed, try again.") from None
        what = type(error.__cause__ or error).__name__
        raise KeepingError(
            "failed", f"The database did not take it ({what}): nothing was changed."
        ) from error
    except OSError as error:
        what = error.strerror or str(error)
        raise KeepingError("failed", f"The files were not written ({what}): nothing was changed.") from None


def hold_tables(schema_name: str) -> tuple[str, ...]:
    """Wait for whoever uses the tables, until the transaction ends; their names. At most LOCK_TIMEOUT for each.

    Whoever comes from now on waits and then finds the new ones. Without it a transaction could begin in the former
    schema and end in the new one of the same name.
    """
    names = _table_names(schema_name)
    _lock(schema_name, names, "ACCESS EXCLUSIVE")
    return names


def wait_for_writers(schema_name: str) -> None:
    """Wait for every transaction that has written in the schema to end; at most LOCK_TIMEOUT for each table.

    Raises KeepingError where one does not end. A lock is let go before the next is asked for: held together, they
    could make a deadlock with a request that writes in another order, and the request would lose.
    """
    for name in _table_names(schema_name):
        with waiting_briefly(name, using=OWNER):
            _lock(schema_name, [name], "SHARE")


@contextmanager
def waiting_briefly(table: str, *, using: str) -> Iterator[None]:
    """A transaction that waits at most LOCK_TIMEOUT for any lock; raises KeepingError where that is not enough."""
    try:
        with transaction.atomic(using=using):
            with connections[using].cursor() as cursor:
                cursor.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT)))
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) not in LOCK_NOT_AVAILABLE:
            raise
        raise KeepingError(
            "busy", f"A request of before still writes ({table}): run the command again in a while."
        ) from None


def _table_names(schema_name: str) -> tuple[str, ...]:
    return tuple(table.name for table in SchemaCatalog(schema_name, using=OWNER).tables())


def _lock(schema_name: str, names: Sequence[str], mode: str) -> None:
    """Lock the tables in the caller's transaction."""
    listed = sql.SQL(", ").join(sql.Identifier(schema_name, name) for name in names)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT)))
        cursor.execute(sql.SQL("LOCK TABLE {} IN " + mode + " MODE").format(listed))
