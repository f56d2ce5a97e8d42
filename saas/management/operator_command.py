"""What every operator command is: it ends with one sentence and a code where the machine is not as it must be.

Broken rules are each command's own to say. A bug still raises.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, ProgrammingError
from psycopg import errors

# COPY raises psycopg's own classes, past Django's translation.
DATABASE_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


class OperatorCommand(BaseCommand):
    """Raises CommandError where the database does not answer or was not migrated, or a disk takes nothing."""

    def execute(self, *args: Any, **options: Any) -> Any:
        """As Django's, checks of the system included."""
        with machine_troubles_said():
            result = super().execute(*args, **options)
            _write_out()
            return result


@contextmanager
def machine_troubles_said() -> Iterator[None]:
    """What the database or the disk refused, as CommandError; `--traceback` shows where it was."""
    try:
        yield
    except DATABASE_AWAY as error:
        raise CommandError(_of_database(error)) from error
    except (ProgrammingError, psycopg.ProgrammingError) as error:
        if not isinstance(error.__cause__ or error, errors.UndefinedTable | errors.UndefinedColumn):
            raise
        raise CommandError(
            "The database lacks a table or column of this release: run migrate_public, then migrate_associations."
        ) from error
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise CommandError(
            f"A file or connection failed ({where}{error.strerror or type(error).__name__}): see to it and run the "
            "command again."
        ) from error


def _write_out() -> None:
    """Send what was printed; left to Python's own end, a full disk would be a traceback there."""
    try:
        sys.stdout.flush()
    except OSError as error:
        # What still waits goes nowhere, or Python would try again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise CommandError(
            f"The command did its work; what it tells of it could not be written ({error.strerror})."
        ) from error


def _of_database(error: Exception) -> str:
    """Of an error that a statement met only its class: texts of those quote rows."""
    cause = error.__cause__ or error
    if getattr(cause, "sqlstate", None):
        return f"The database refused it ({type(cause).__name__}): see to it and run the command again."
    said = (str(error).strip().splitlines() or [type(cause).__name__])[0].rstrip(":.")
    return f"The database does not answer ({said}): run the command again when it does."
