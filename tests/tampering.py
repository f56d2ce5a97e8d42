"""What no role of the running program may do: change published rows, to see that the program notices it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from saas.local.addresses import APP_ROLE, OWNER_ROLE

ROLE = "kartoteka_test_tamperer"


def ensure_tamperer(admin: psycopg.Connection[Any]) -> None:
    """A role of the test server alone: it has the owner's rights, and only a test takes it, by name."""
    role = sql.Identifier(ROLE)
    if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
        admin.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
    admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(OWNER_ROLE), role))
    admin.execute(
        sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(role, sql.Identifier(APP_ROLE))
    )


@contextmanager
def tampering() -> Iterator[None]:
    """Inside an association: the statements of the block, in the test's own transaction, may do anything with rows."""
    given: Any = connection
    with given.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
    try:
        yield
    finally:
        given.search_path_set_schemas = None  # the next statement enters the association anew
