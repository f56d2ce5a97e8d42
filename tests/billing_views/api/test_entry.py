"""Who gets in by a token, and that nothing is learnt without one."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from associations.audit.actors import SYSTEM
from associations.imports.models import BatchState, ImportBatch
from associations.profile.models import AssociationProfile
from billing_views.api.urls import urlpatterns
from saas.staff.granting import grant_access, revoke_access
from saas.staff.models import ApiToken, Grant, StaffSignInFailure
from saas.staff.tokens import revoke_token
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.api.conftest import MakeBatch, MakeProgram, Program
from tests.billing_views.manager.workspace.conftest import SignIn, sign_in
from tests.told_headers import told_by

__all__ = ["sign_in"]
OPEN = {"api_schema", "api_docs"}
RESOURCES = ("", "1/", "1/problems/", "1/declarations/", "1/publish/", "1/undo/", "1/cancel/")


def test_every_address_asks_for_a_token_but_the_description() -> None:
    entries = {pattern.name: pattern.callback.entry for pattern in urlpatterns}  # type: ignore[attr-defined]

    assert {name for name, entry in entries.items() if entry != "api"} == OPEN
    assert len(entries) == len(RESOURCES) + len(OPEN)


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("secret", ["", "kt_nieznany", "Basic abc", "zzz"])
def test_without_a_token_in_force_nothing_opens(
    db: None, sloneczna: AssociationRef, resource: str, secret: str
) -> None:
    headers = {"host": "localhost"} | ({"authorization": f"Bearer {secret}"} if secret else {})
    client = Client(headers=headers)

    answers = [
        client.generic(method, f"/api/v1/associations/sloneczna/imports/{resource}")
        for method in ("GET", "POST", "PUT", "DELETE")
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert answers[0].headers["WWW-Authenticate"].startswith("Bearer")
    assert answers[0].headers["Content-Type"] == "application/problem+json"
    assert answers[0].json()["code"] == "no_token"


def test_session_of_the_portal_is_no_token(sign_in: SignIn, sloneczna: AssociationRef) -> None:
    manager = sign_in(sloneczna)

    assert manager.get("/a/sloneczna/importy/").status_code == 200
    assert manager.get("/api/v1/associations/sloneczna/imports/").status_code == 401


def end_by_expiry(program: Program) -> None:
    ApiToken.objects.update(created_at=timezone.now() - dt.timedelta(days=9), expires_at=timezone.now())


def end_by_revoking(program: Program) -> None:
    revoke_token(actor=SYSTEM, user=program.user, token_id=program.token.pk)


def end_with_the_account(program: Program) -> None:
    program.user.is_active = False
    program.user.save()


@pytest.mark.parametrize("end", [end_by_expiry, end_by_revoking, end_with_the_account])
def test_ended_token_is_as_good_as_none(program: Program, end: Any) -> None:
    before = program.get().status_code

    end(program)

    assert (before, program.get().status_code) == (200, 401)


def end_grant(program: Program, association: AssociationRef) -> None:
    revoke_access(actor=SYSTEM, user=program.user, association=association)


def let_grant_expire(program: Program, association: AssociationRef) -> None:
    Grant.objects.filter(user=program.user).update(expires_at=timezone.now() - dt.timedelta(seconds=1))


@pytest.mark.parametrize("end", [end_grant, let_grant_expire])
def test_token_opens_no_more_than_the_grant_of_its_owner(
    program: Program, sloneczna: AssociationRef, end: Any
) -> None:
    missing = Program(program.user, program.token, program.secret, slug="nie-ma-takiej")

    end(program, sloneczna)

    assert [program.get().status_code, program.get().content] == [404, missing.get().content]


@pytest.mark.parametrize(("role", "status"), [("bookkeeper", 200), ("reader", 403), ("office", 403)])
def test_role_is_read_with_every_request(
    program: Program, sloneczna: AssociationRef, role: str, status: int
) -> None:
    grant_access(actor=SYSTEM, user=program.user, association=sloneczna, role=role)

    assert program.get().status_code == status


@pytest.mark.parametrize("resource", RESOURCES)
def test_association_beyond_the_token_is_answered_as_a_missing_one(
    db: None,
    sloneczna: AssociationRef,
    lipowa: AssociationRef,
    make_program: MakeProgram,
    make_batch: MakeBatch,
    resource: str,
) -> None:
    program = make_program(sloneczna)
    # The same person works there too, but not with this token.
    grant_access(actor=SYSTEM, user=program.user, association=lipowa, role="manager")
    with enter_association(lipowa):
        ImportBatch.objects.create(pk=1, created_by_name="A")
    there = Program(program.user, program.token, program.secret, slug="lipowa")
    nowhere = Program(program.user, program.token, program.secret, slug="nie-ma-takiej")

    for method in ("get", "post", "put"):
        foreign, missing = there.ask(method, resource), nowhere.ask(method, resource)
        assert foreign.status_code == 404
        assert (foreign.content, told_by(foreign)) == (missing.content, told_by(missing))


@pytest.mark.parametrize("resource", RESOURCES[1:])
def test_batch_of_another_association_is_missing(
    program: Program, lipowa: AssociationRef, make_batch: MakeBatch, resource: str
) -> None:
    with enter_association(lipowa):
        ImportBatch.objects.create(pk=7, created_by_name="A", state=BatchState.READY)

    foreign, missing = (program.get(resource.replace("1", number)) for number in ("7", "8"))

    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert foreign.status_code in {404, 405}


def test_suspended_association_answers_503(program: Program, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.update(state="suspended")

    answer = program.get()

    assert (answer.status_code, answer.json()["code"]) == (503, "suspended")
    assert answer.headers["Retry-After"] == "3600"


def test_association_that_moves_is_read_and_not_written(program: Program, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.update(state="read_only")

    answer = program.ask("post")

    assert program.get().status_code == 200
    assert (answer.status_code, answer.json()["code"]) == (503, "read_only")
    assert answer.headers["Retry-After"] == "120"


def test_an_archived_association_has_a_code_of_its_own(program: Program, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.update(state="archived")

    answer = program.get()

    assert (answer.status_code, answer.json()["code"]) == (503, "archived")


def test_many_wrong_tokens_bring_a_pause_but_not_to_the_right_one(program: Program) -> None:
    wrong = Program(program.user, program.token, "kt_" + "x" * 43)

    answers = [wrong.get() for _ in range(31)]

    assert [answer.status_code for answer in answers] == [401] * 30 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert answers[-1].json()["detail"].startswith("Zbyt wiele prób.")
    assert program.get().status_code == 200
    assert StaffSignInFailure.objects.count() == 30


def test_use_is_noted_and_the_secret_is_kept_nowhere(program: Program) -> None:
    program.get()

    token = ApiToken.objects.get()
    assert token.last_used_at is not None
    assert program.secret not in str(vars(token))


def test_nothing_may_be_kept_by_caches(program: Program) -> None:
    assert program.get().headers["Cache-Control"] == "no-store"
    assert program.get("999/").headers["Cache-Control"] == "no-store"
