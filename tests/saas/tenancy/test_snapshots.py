"""What a page reads is one moment that nothing writes to, and the connection is as before afterwards."""

import pytest
from django.db import InternalError, connection

from associations.premises.models import Premises
from saas.tenancy.snapshots import read_snapshot
from saas.tenancy.switching import AssociationRef, enter_association

pytestmark = pytest.mark.usefixtures("committed_db")


def _shown(setting: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        return str(cursor.fetchone()[0])


def test_a_snapshot_is_repeatable_read_and_read_only(sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        with read_snapshot():
            inside = _shown("transaction_isolation"), _shown("transaction_read_only")
        after = _shown("transaction_isolation"), _shown("transaction_read_only")

    assert inside == ("repeatable read", "on")
    assert after == ("read committed", "off")


def test_nothing_can_be_written_in_a_snapshot_and_everything_after_it(sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        with pytest.raises(InternalError, match="read-only"), read_snapshot():
            Premises.objects.update(number="1")

        assert Premises.objects.update(number="1") == Premises.objects.count()


def test_a_snapshot_that_fails_leaves_an_ordinary_connection(sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        with pytest.raises(ZeroDivisionError), read_snapshot():
            raise ZeroDivisionError

        assert _shown("transaction_isolation") == "read committed"


def test_a_connection_that_was_lost_before_is_opened_anew(sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            first = cursor.fetchone()[0]
        connection.close()

        with read_snapshot():
            isolation = _shown("transaction_isolation")
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid(), current_schema()")
                second, schema = cursor.fetchone()

    assert (isolation, schema) == ("repeatable read", sloneczna.schema_name)
    assert second != first
