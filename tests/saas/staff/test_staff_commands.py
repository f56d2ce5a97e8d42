"""create_manager, create_operator, grant_manager, revoke_manager, issue_password_link."""

import io
import json
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from pytest_django import Settings

from saas.staff.access import find_grant
from saas.staff.models import LinkPurpose, StaffUser
from saas.staff.queries import find_link_owner, find_staff
from saas.tenancy.switching import AssociationRef

pytestmark = pytest.mark.usefixtures("db")


def run(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def run_json(command: str, *arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(command, *arguments, "--json"))
    return answer


def test_create_manager_prints_an_invitation_that_works() -> None:
    answer = run_json("create_manager", "jan@biuro.example", "--name", "Jan Biurowy")

    token = answer["invitation"].rstrip("/").rpartition("/")[2]
    user = find_link_owner(token, LinkPurpose.INVITATION)
    assert user is not None
    assert (user.email, user.name, str(user.id)) == ("jan@biuro.example", "Jan Biurowy", answer["id"])
    assert len(mail.outbox) == 0


def test_create_manager_mails_the_invitation_where_mail_is_set_up(settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example"

    answer = run_json("create_manager", "jan@biuro.example", "--name", "Jan", "--invite")

    assert [letter.to for letter in mail.outbox] == [["jan@biuro.example"]]
    assert answer["invitation"] in mail.outbox[0].body


def test_create_manager_takes_a_password_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("zielone-jabłko-7\nmore\n"))

    answer = run_json("create_manager", "jan@biuro.example", "--name", "Jan", "--password-stdin")

    user = find_staff("jan@biuro.example")
    assert user is not None
    assert user.check_password("zielone-jabłko-7")
    assert answer["invitation"] is None


@pytest.mark.parametrize("password", ["", "krótkie", "1234567890123"])
def test_create_manager_refuses_a_weak_password(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))

    with pytest.raises(CommandError):
        run("create_manager", "jan@biuro.example", "--name", "Jan", "--password-stdin")

    assert not StaffUser.objects.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("jan@biuro.example", "--name", "Jan"),
        ("bez-malpy", "--name", "Jan"),
        ("nowy@biuro.example", "--name", ""),
        ("nowy@biuro.example",),
        ("nowy@biuro.example", "--name", "N", "--invite", "--password-stdin"),
    ],
)
def test_create_manager_says_what_is_wrong(arguments: tuple[str, ...]) -> None:
    run("create_manager", "jan@biuro.example", "--name", "Jan")

    with pytest.raises(CommandError):
        run("create_manager", *arguments)

    assert StaffUser.objects.count() == 1


def test_grant_and_revoke(sloneczna: AssociationRef) -> None:
    run("create_manager", "jan@biuro.example", "--name", "Jan")
    user = find_staff("jan@biuro.example")
    assert user is not None

    given = run_json(
        "grant_manager", "JAN@biuro.example", "sloneczna", "--role", "bookkeeper", "--may-publish"
    )
    grant = find_grant(user, "sloneczna")
    revoked = run_json("revoke_manager", "jan@biuro.example", "sloneczna")

    assert given == {
        "email": "jan@biuro.example",
        "slug": "sloneczna",
        "role": "bookkeeper",
        "may_publish": True,
        "expires_at": None,
    }
    assert grant is not None
    assert grant.can_publish
    assert revoked == {"email": "jan@biuro.example", "slug": "sloneczna", "revoked": True}
    assert find_grant(user, "sloneczna") is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("grant_manager", "nikt@biuro.example", "sloneczna"),
        ("grant_manager", "jan@biuro.example", "nie-ma"),
        ("grant_manager", "jan@biuro.example", "sloneczna", "--role", "king"),
        ("grant_manager", "jan@biuro.example", "sloneczna", "--hours", "-1"),
        ("grant_manager", "op@portal.example", "sloneczna"),
        ("revoke_manager", "jan@biuro.example", "sloneczna"),
        ("revoke_manager", "nikt@biuro.example", "sloneczna"),
        ("issue_password_link", "nikt@biuro.example"),
    ],
)
def test_bad_input_is_refused(arguments: tuple[str, ...]) -> None:
    run("create_manager", "jan@biuro.example", "--name", "Jan")
    run("create_operator", "op@portal.example", "--name", "Olga")

    with pytest.raises(CommandError):
        run(*arguments)


def test_operator_is_granted_hours(sloneczna: AssociationRef) -> None:
    run("create_operator", "op@portal.example", "--name", "Olga")

    run("grant_manager", "op@portal.example", "sloneczna", "--role", "reader", "--hours", "2")

    operator = find_staff("op@portal.example")
    assert operator is not None
    assert operator.is_operator
    assert find_grant(operator, "sloneczna") is not None


def test_password_link_works_and_can_reset_the_second_factor() -> None:
    run("create_manager", "jan@biuro.example", "--name", "Jan")
    StaffUser.objects.update(totp_seed="ab", totp_confirmed_at="2026-11-22T12:00:00Z")

    link = run_json("issue_password_link", "jan@biuro.example", "--reset-second-factor")["link"]

    token = link.rstrip("/").rpartition("/")[2]
    user = find_link_owner(token, LinkPurpose.PASSWORD)
    assert user is not None
    assert not user.has_totp
