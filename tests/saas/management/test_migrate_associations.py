"""Associations are brought to the program's state one by one; a broken one does not stop the others."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from saas.tenancy.switching import AssociationRef, enter_association
from tests.installation import WITHOUT_LAST

pytestmark = pytest.mark.usefixtures("committed_db")


def migrate(*args: str, **options: Any) -> dict[str, str]:
    out = StringIO()
    call_command("migrate_associations", *args, json=True, stdout=out, **options)
    return dict(json.loads(out.getvalue()))


def go_back(association: AssociationRef) -> None:
    with enter_association(association, using="owner"), connections["owner"].cursor() as cursor:
        for statement in WITHOUT_LAST:
            cursor.execute(statement.format(schema=association.schema_name))


def is_migrated(association: AssociationRef) -> bool:
    with enter_association(association), connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT relpersistence = 'u' FROM pg_class WHERE oid = 'payments_stagedpayment'::regclass"
        )
        return bool(cursor.fetchone()[0])


def test_only_what_is_behind_is_migrated(sloneczna: AssociationRef) -> None:
    go_back(sloneczna)

    assert migrate() == {"lipowa": "ok", "sloneczna": "migrated"}
    assert is_migrated(sloneczna)
    assert migrate() == {"lipowa": "ok", "sloneczna": "ok"}


def test_check_says_what_is_behind_and_changes_nothing(sloneczna: AssociationRef) -> None:
    go_back(sloneczna)

    with pytest.raises(CommandError, match="Not every association"):
        migrate(check=True)

    assert not is_migrated(sloneczna)


def test_broken_association_is_named_and_the_others_go_on(
    sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    go_back(lipowa)
    go_back(sloneczna)
    with enter_association(lipowa, using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE payments_stagedpayment RENAME TO elsewhere")
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("migrate_associations", json=True, stdout=out)

    assert json.loads(out.getvalue()) == {"lipowa": "failed: UndefinedTable", "sloneczna": "migrated"}


def test_unknown_slug_is_refused() -> None:
    with pytest.raises(CommandError, match="nieznana"):
        migrate("nieznana")
