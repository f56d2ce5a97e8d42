"""Personal keys (klucze osobiste): made, shown once, ended, and recognised when an owner's program comes in.

A key is 256 random bits behind `ko_`; its plain SHA-256 is kept, for it cannot be guessed. It opens what its owner's
account opens at that moment and nothing else; it stands in the association's schema, so that it is unknown elsewhere.
"""

import datetime as dt
import hashlib
import secrets
import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.owners.models import OwnerAccount, OwnerToken

PREFIX = "ko_"
LONGEST_DAYS = 365
LONGEST_NAME = 100
MOST_TOKENS = 10
USE_NOTED_EVERY = dt.timedelta(minutes=1)


class TokenRuleError(Exception):
    """A broken rule of personal keys; `code` names it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class NewToken:
    """A key that was just made; `secret` exists here, on one page, and nowhere else."""

    token: OwnerToken
    secret: str = field(repr=False)


@transaction.atomic
def create_token(*, actor: Actor, account: OwnerAccount, name: str, days: int) -> NewToken:
    """A key of the account, valid for so many days.

    Raises TokenRuleError: `no_name`, `bad_days` (outside 1 to 365), `account_closed` (ended, or with a starter
    password), `too_many` (ten keys are in force).
    """
    name = " ".join(name.split())
    if not name:
        raise TokenRuleError("no_name", "The name is empty.")
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenRuleError("bad_days", f"A key is valid for 1 to {LONGEST_DAYS} days.")
    locked = OwnerAccount.objects.select_for_update().get(pk=account.pk)
    if not locked.is_active or locked.must_change_password:
        raise TokenRuleError("account_closed", "The account has no password of its own.")
    if tokens_in_force(locked).count() >= MOST_TOKENS:
        raise TokenRuleError("too_many", f"There are {MOST_TOKENS} keys in force already.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = OwnerToken.objects.create(
        account=locked,
        name=name[:LONGEST_NAME],
        token_hash=hash_secret(secret),
        expires_at=timezone.now() + dt.timedelta(days=days),
    )
    record_act(actor=actor, action="owner_token.created", target=f"token:{token.pk}", days=days)
    return NewToken(token, secret)


@transaction.atomic
def revoke_token(*, actor: Actor, account: OwnerAccount, token_id: uuid.UUID) -> None:
    """End a key of the account at once. Raises TokenRuleError (`no_token`): not theirs, unknown, or over."""
    if not tokens_in_force(account).filter(pk=token_id).update(revoked_at=timezone.now()):
        raise TokenRuleError("no_token", "There is no such key in force.")
    record_act(actor=actor, action="owner_token.revoked", target=f"token:{token_id}")


def end_tokens(account_id: uuid.UUID) -> int:
    """End every key of the account that is in force; how many. For actions that close or hand over the account."""
    return OwnerToken.objects.filter(account=account_id, revoked_at=None).update(revoked_at=timezone.now())


def tokens_in_force(account: OwnerAccount) -> QuerySet[OwnerToken]:
    """The account's keys that are neither revoked nor expired, the latest first."""
    return OwnerToken.objects.filter(account=account, revoked_at=None, expires_at__gt=timezone.now())


def list_tokens(account: OwnerAccount) -> list[OwnerToken]:
    """The account's keys, ended ones too, the latest first. One query."""
    return list(OwnerToken.objects.filter(account=account).order_by("-created_at", "id"))


def find_token_owner(secret: str) -> OwnerAccount | None:
    """The account (with its person) whose key in force this is; None for anything else. Notes that it was used."""
    if not secret.startswith(PREFIX):
        return None
    now = timezone.now()
    in_force = OwnerToken.objects.select_related("account__person").filter(
        token_hash=hash_secret(secret), revoked_at=None, expires_at__gt=now, account__is_active=True
    )
    token = in_force.first()
    if token is None:
        return None
    rarely = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    OwnerToken.objects.filter(rarely, pk=token.pk).update(last_used_at=now)
    return token.account


def hash_secret(secret: str) -> str:
    """How a key is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()
