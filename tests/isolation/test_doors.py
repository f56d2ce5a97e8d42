"""A session is worth something at its own door and association, and nowhere else."""

import pytest
from django.db import connection

from saas.tenancy.switching import AssociationRef, enter_association, enter_public
from tests.cast import APEX, Member, Role
from tests.isolation.asking import ask_at
from tests.samples_database import Samples

HERE, THERE = "sloneczna.localhost", "lipowa.localhost"


def is_let_in(member: Member, host: str, address: str) -> bool:
    """Whether the session opens the page; a refusal is a redirect to the sign-in page."""
    answer = ask_at(member, host, address)
    if answer.response.status_code == 302:
        assert answer.response.headers["Location"].startswith("/logowanie/")
        return False
    assert answer.response.status_code == 200
    return True


def ledger_of(member: Member) -> str:
    return f"/lokal/{member.holding_id}/kartoteka/"


def test_session_opens_its_own_door(samples: Samples) -> None:
    owner, other, manager = samples[Role.OWNER], samples[Role.OTHER_OWNER], samples[Role.MANAGER]

    assert is_let_in(owner, HERE, ledger_of(owner))
    assert is_let_in(other, THERE, ledger_of(other))
    assert is_let_in(manager, APEX, "/a/sloneczna/")


@pytest.mark.parametrize(
    ("role", "host"),
    [
        (Role.OWNER, THERE),
        (Role.OTHER_OWNER, HERE),
        (Role.MANAGER, HERE),
        (Role.MANAGER, THERE),
    ],
)
def test_cookie_moved_by_hand_is_worth_nothing(samples: Samples, role: Role, host: str) -> None:
    """The holding's key is the same in both associations."""
    assert not is_let_in(samples[role], host, ledger_of(samples[Role.OWNER]))


@pytest.mark.parametrize("role", [Role.OWNER, Role.OTHER_OWNER])
@pytest.mark.parametrize("address", ["/", "/konto/", "/a/sloneczna/", "/a/lipowa/"])
def test_owner_is_a_stranger_at_the_apex(samples: Samples, role: Role, address: str) -> None:
    assert not is_let_in(samples[role], APEX, address)


def copy_session(member: Member, source: AssociationRef | None, target: AssociationRef) -> None:
    """Write the very same session into the other association's table, as a restored backup or a bug might."""
    table = "owners_ownersession" if source else "staff_staffsession"
    with enter_association(source) if source else enter_public(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT session_data, expire_date FROM {table} WHERE session_key = %s", [member.session]
        )
        data, expires = cursor.fetchone()
    with enter_association(target), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO owners_ownersession (session_key, session_data, expire_date, created_at, last_seen_at,"
            " device) VALUES (%s, %s, %s, now(), now(), '')",
            [member.session, data, expires],
        )


def test_session_copied_into_the_other_association_is_refused(samples: Samples) -> None:
    """Even where its account exists there with equal keys: a session names its association."""
    owner, other = samples[Role.OWNER], samples[Role.OTHER_OWNER]
    copy_session(other, samples.lipowa, samples.sloneczna)
    with enter_association(samples.lipowa), connection.cursor() as cursor:
        cursor.execute("SELECT id, password FROM owners_owneraccount WHERE login = %s", [other.login])
        key, password = cursor.fetchone()
    with enter_association(samples.sloneczna), connection.cursor() as cursor:
        cursor.execute("DELETE FROM owners_starterpasswordissue")
        cursor.execute("DELETE FROM owners_ownersession WHERE account_id IS NOT NULL")
        cursor.execute(
            "UPDATE owners_owneraccount SET id = %s, password = %s WHERE login = %s",
            [key, password, owner.login],
        )

    assert not is_let_in(other, HERE, ledger_of(owner))


def test_staff_session_copied_into_an_association_is_refused(samples: Samples) -> None:
    copy_session(samples[Role.MANAGER], None, samples.sloneczna)

    assert not is_let_in(samples[Role.MANAGER], HERE, ledger_of(samples[Role.OWNER]))


@pytest.mark.parametrize("host", ["lipowa.localhost.example", "nieznana.localhost", "127.0.0.1", "sloneczna"])
def test_unknown_host_opens_nothing(samples: Samples, host: str) -> None:
    answer = ask_at(samples[Role.OWNER], host, ledger_of(samples[Role.OWNER]))

    assert answer.response.status_code == 404
