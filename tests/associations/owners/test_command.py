"""`manage.py issue_starter_password`."""

import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError, call_command

from associations.owners.models import OwnerAccount, StarterPasswordIssue
from associations.owners.passwords import is_right_password
from associations.premises.models import Person
from saas.tenancy.switching import AssociationRef, set_public

pytestmark = pytest.mark.usefixtures("person")


def run(*arguments: str) -> str:
    set_public()
    out = io.StringIO()
    call_command("issue_starter_password", *arguments, stdout=out)
    return out.getvalue()


def test_command_prints_what_a_program_reads(in_sloneczna: AssociationRef, person: Person) -> None:
    from saas.tenancy.switching import enter_association

    answer = json.loads(run("sloneczna", "17000010", "--json"))

    assert set(answer) == {"slug", "person_code", "login", "password", "expires_at"}
    assert (answer["slug"], answer["person_code"]) == ("sloneczna", "17000010")
    assert dt.datetime.fromisoformat(answer["expires_at"]).tzinfo is not None
    with enter_association(in_sloneczna):
        account = OwnerAccount.objects.get(login=answer["login"])
        assert account.person_id == person.pk
        assert is_right_password(account, answer["password"])


def test_command_records_who_received_it(in_sloneczna: AssociationRef) -> None:
    from saas.tenancy.switching import enter_association

    text = run("sloneczna", "17000010", "--new-login", "--received-by", "Maria Rutkowska")

    assert text.startswith("login:")
    with enter_association(in_sloneczna):
        issue = StarterPasswordIssue.objects.get()
        assert (issue.received_by, issue.is_identity_checked) == ("Maria Rutkowska", True)


@pytest.mark.parametrize(
    ("slug", "code", "message"),
    [
        ("nie-ma-takiej", "17000010", "There is no association"),
        ("sloneczna", "99", "No person 99"),
        ("lipowa", "17000010", "No person 17000010"),
    ],
)
def test_unknown_association_or_person_is_said(slug: str, code: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(slug, code, "--json")
