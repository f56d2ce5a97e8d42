"""Personal keys: what makes one, what ends one, and what opens nothing."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from associations.audit.models import AuditEntry
from associations.owners.actions import (
    change_password,
    deactivate_account,
    issue_starter_password,
    owner_actor,
)
from associations.owners.models import OwnerAccount, OwnerToken
from associations.owners.tokens import (
    MOST_TOKENS,
    NewToken,
    TokenRuleError,
    create_token,
    find_token_owner,
    list_tokens,
    revoke_token,
)
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.owner.account.conftest import CLERK, OWN_PASSWORD
from tests.factories import make_person


@pytest.fixture
def account(in_sloneczna: AssociationRef) -> OwnerAccount:
    """Somebody with a password of her own."""
    return make_account("17000010")


def make_account(code: str) -> OwnerAccount:
    person = make_person(code, "Rutkowska Maria")
    issue_starter_password(actor=CLERK, person=person)
    account = OwnerAccount.objects.select_related("person").get(person=person)
    change_password(account=account, new_password=OWN_PASSWORD)
    return account


def make_token(account: OwnerAccount, *, name: str = "Arkusz domowy", days: int = 30) -> NewToken:
    return create_token(actor=owner_actor(account), account=account, name=name, days=days)


def test_key_opens_its_owners_account_and_is_kept_as_a_hash(account: OwnerAccount) -> None:
    made = make_token(account)

    assert find_token_owner(made.secret) == account
    assert made.secret.startswith("ko_")
    assert len(made.secret) == 46
    assert made.secret not in str(OwnerToken.objects.values())
    assert made.secret not in repr(made)
    assert made.token.expires_at - timezone.now() <= dt.timedelta(days=30)


def test_key_is_in_the_log_without_its_secret_or_name(account: OwnerAccount) -> None:
    made = make_token(account)
    revoke_token(actor=owner_actor(account), account=account, token_id=made.token.pk)

    entries = AuditEntry.objects.filter(action__startswith="owner_token.").order_by("id")
    assert [(entry.action, entry.target, entry.details) for entry in entries] == [
        ("owner_token.created", f"token:{made.token.pk}", {"days": 30}),
        ("owner_token.revoked", f"token:{made.token.pk}", {}),
    ]


@pytest.mark.parametrize(
    "secret", ["", "ko_", "ko_nic", "kt_" + "a" * 43, "ko_" + "a" * 43, "ko_\x00", "ko_ż"]
)
def test_other_texts_open_nothing(account: OwnerAccount, secret: str) -> None:
    make_token(account)

    assert find_token_owner(secret) is None


def test_use_is_noted_once_a_minute(account: OwnerAccount) -> None:
    made = make_token(account)
    assert list_tokens(account)[0].last_used_at is None

    find_token_owner(made.secret)
    first = list_tokens(account)[0].last_used_at
    find_token_owner(made.secret)
    OwnerToken.objects.update(last_used_at=timezone.now() - dt.timedelta(minutes=2))
    find_token_owner(made.secret)
    last = list_tokens(account)[0].last_used_at

    assert first is not None
    assert last is not None
    assert last > first


def test_expired_key_opens_nothing(account: OwnerAccount) -> None:
    made = make_token(account)
    OwnerToken.objects.update(expires_at=timezone.now())

    assert find_token_owner(made.secret) is None


def test_revoked_key_opens_nothing_and_the_other_still_does(account: OwnerAccount) -> None:
    gone, kept = make_token(account), make_token(account, name="Telefon")

    revoke_token(actor=owner_actor(account), account=account, token_id=gone.token.pk)

    assert find_token_owner(gone.secret) is None
    assert find_token_owner(kept.secret) == account


def test_starter_password_from_the_office_ends_every_key(account: OwnerAccount) -> None:
    made, other = make_token(account), make_token(make_account("17000011"))

    issue_starter_password(actor=CLERK, person=account.person)

    assert find_token_owner(made.secret) is None
    assert find_token_owner(other.secret) is not None


def test_closing_the_access_ends_every_key_for_good(account: OwnerAccount) -> None:
    made = make_token(account)

    deactivate_account(actor=CLERK, account=account)
    OwnerAccount.objects.update(is_active=True)

    assert find_token_owner(made.secret) is None


def test_key_outlives_a_change_of_password_by_its_owner(account: OwnerAccount) -> None:
    made = make_token(account)

    change_password(account=account, new_password="czerwony tramwaj w deszczu")

    assert find_token_owner(made.secret) == account


@pytest.mark.parametrize(
    ("name", "days", "code"), [(" ", 30, "no_name"), ("A", 0, "bad_days"), ("A", 366, "bad_days")]
)
def test_impossible_key_is_refused(account: OwnerAccount, name: str, days: int, code: str) -> None:
    with pytest.raises(TokenRuleError) as refused:
        make_token(account, name=name, days=days)

    assert refused.value.code == code
    assert not OwnerToken.objects.exists()


def test_account_with_a_starter_password_gets_no_key(account: OwnerAccount) -> None:
    issue_starter_password(actor=CLERK, person=account.person)

    with pytest.raises(TokenRuleError) as refused:
        make_token(account)

    assert refused.value.code == "account_closed"


def test_ten_keys_are_enough_and_ended_ones_do_not_count(account: OwnerAccount) -> None:
    made = [make_token(account, name=f"Klucz {number}") for number in range(MOST_TOKENS)]
    with pytest.raises(TokenRuleError) as refused:
        make_token(account)

    revoke_token(actor=owner_actor(account), account=account, token_id=made[0].token.pk)
    make_token(account)

    assert refused.value.code == "too_many"
    assert len(list_tokens(account)) == MOST_TOKENS + 1


def test_anothers_and_an_unknown_key_cannot_be_revoked(account: OwnerAccount) -> None:
    other = make_account("17000011")
    foreign = make_token(other)

    for token_id in (foreign.token.pk, uuid.UUID(int=1)):
        with pytest.raises(TokenRuleError):
            revoke_token(actor=owner_actor(account), account=account, token_id=token_id)

    assert find_token_owner(foreign.secret) == other


def test_key_is_unknown_in_another_association(
    db: None, lipowa: AssociationRef, account: OwnerAccount
) -> None:
    made = make_token(account)

    with enter_association(lipowa):
        assert find_token_owner(made.secret) is None
