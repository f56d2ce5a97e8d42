"""Keys for programs: their rules, and the constraints behind them."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from associations.audit.actors import SYSTEM
from saas.staff.actions import change_password, create_staff, issue_link, use_link
from saas.staff.errors import StaffError
from saas.staff.granting import grant_access
from saas.staff.models import ApiToken, LinkPurpose, PlatformAudit, StaffUser
from saas.staff.tokens import NewToken, create_token, find_token, find_token_grant, list_tokens, revoke_token
from saas.tenancy.switching import AssociationRef

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(sloneczna: AssociationRef, lipowa: AssociationRef) -> StaffUser:
    """Manager of the cooperative, with a look at the community."""
    user = create_staff(actor=SYSTEM, email="anna@zarzadca.example", name="Anna Zarządca")
    grant_access(actor=SYSTEM, user=user, association=sloneczna, role="manager")
    grant_access(actor=SYSTEM, user=user, association=lipowa, role="reader")
    return user


def make(user: StaffUser, **changes: Any) -> NewToken:
    given: dict[str, Any] = {"name": "Program", "slugs": ["sloneczna"], "days": 30, "may_publish": True}
    return create_token(actor=SYSTEM, user=user, **(given | changes))


def test_token_is_found_by_its_secret_alone(user: StaffUser) -> None:
    made = make(user)

    assert made.secret.startswith("kt_")
    assert len(made.secret) == 46
    assert find_token(made.secret) == made.token
    assert [find_token(wrong) for wrong in ("", "kt_", made.secret[:-1], made.token.token_hash)] == [None] * 4


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "  "}, "no_name"),
        ({"days": 0}, "bad_days"),
        ({"days": 366}, "bad_days"),
        ({"slugs": []}, "no_grant"),
        ({"slugs": ["sloneczna", "lipowa"]}, "no_grant"),  # a reader does not import
        ({"slugs": ["nie-ma-takiej"]}, "no_grant"),
    ],
)
def test_impossible_token_is_refused(user: StaffUser, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(StaffError) as refused:
        make(user, **changes)

    assert refused.value.code == code
    assert not ApiToken.objects.exists()


def test_tokens_in_force_are_limited_and_ended_ones_do_not_count(
    user: StaffUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saas.staff.tokens.MOST_TOKENS", 2)
    first = make(user)
    make(user)

    with pytest.raises(StaffError, match="in force"):
        make(user)
    revoke_token(actor=SYSTEM, user=user, token_id=first.token.pk)
    make(user)

    assert len(list_tokens(user)) == 3


def test_token_is_revoked_once_and_by_its_owner_only(user: StaffUser) -> None:
    other = create_staff(actor=SYSTEM, email="ewa@zarzadca.example", name="Ewa Nowak")
    made = make(user)

    with pytest.raises(StaffError):
        revoke_token(actor=SYSTEM, user=other, token_id=made.token.pk)
    assert find_token(made.secret) is not None
    revoke_token(actor=SYSTEM, user=user, token_id=made.token.pk)
    with pytest.raises(StaffError):
        revoke_token(actor=SYSTEM, user=user, token_id=made.token.pk)

    assert find_token(made.secret) is None


def test_token_grants_no_more_than_its_owner_has_and_no_more_than_it_says(
    user: StaffUser, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    full, modest = make(user).token, make(user, may_publish=False).token

    def rights(token: ApiToken, slug: str = "sloneczna") -> tuple[bool, bool, bool] | None:
        grant = find_token_grant(token, slug)
        return (grant.can_upload, grant.can_publish, grant.can_manage) if grant else None

    assert (rights(full), rights(modest)) == ((True, True, True), (True, False, False))
    assert (rights(full, "lipowa"), rights(full, "nie-ma-takiej")) == (None, None)
    grant_access(actor=SYSTEM, user=user, association=sloneczna, role="bookkeeper")
    assert (rights(full), rights(modest)) == ((True, False, False), (True, False, False))


def test_making_and_revoking_stand_in_the_platforms_log(user: StaffUser) -> None:
    made = make(user)
    revoke_token(actor=SYSTEM, user=user, token_id=made.token.pk)

    acts = PlatformAudit.objects.filter(action__startswith="token.").order_by("id")
    assert [(act.action, act.target) for act in acts] == [
        ("token.created", str(made.token.pk)),
        ("token.revoked", str(made.token.pk)),
    ]
    assert made.secret not in str([act.details for act in acts])


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"expires_at": timezone.now() + dt.timedelta(days=400)}],
    ids=["no name", "longer than a year"],
)
def test_impossible_row_is_refused_by_the_database(user: StaffUser, change: dict[str, Any]) -> None:
    token = make(user).token

    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(**change)


def test_secret_is_unique(user: StaffUser) -> None:
    first, second = make(user).token, make(user).token

    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=second.pk).update(token_hash=first.token_hash)


def test_password_set_by_a_link_ends_the_keys_of_that_account_alone(user: StaffUser) -> None:
    other = create_staff(actor=SYSTEM, email="ewa@zarzadca.example", name="Ewa Nowak", is_operator=False)
    grant_access(
        actor=SYSTEM, user=other, association=user.grants.get(role="manager").association, role="manager"
    )
    own, foreign = make(user), make(other)
    link = issue_link(actor=SYSTEM, user=user, purpose=LinkPurpose.PASSWORD)
    assert find_token(own.secret) == own.token

    use_link(
        token=link.rstrip("/").rpartition("/")[2], purpose=LinkPurpose.PASSWORD, password="szare-niebo-22"
    )

    assert find_token(own.secret) is None
    assert find_token(foreign.secret) == foreign.token
    assert PlatformAudit.objects.get(action="password_link.used").details == {"ended_tokens": 1}


def test_password_changed_by_the_signed_in_leaves_the_keys(user: StaffUser) -> None:
    made = make(user)

    change_password(actor=SYSTEM, user=user, password="szare-niebo-22")

    assert find_token(made.secret) == made.token
