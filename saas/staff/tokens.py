"""Keys for programs (dostęp dla programów): made, shown once, revoked, and recognised when they come in.

A token is 256 random bits behind `kt_`; its plain SHA-256 is kept, for it cannot be guessed. Whatever it asks for
is judged by the grants of its owner at that moment (find_token_grant).
"""

import datetime as dt
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from associations.audit.actors import Actor
from saas.staff import roles
from saas.staff.access import StaffGrant, find_grant, list_grants
from saas.staff.errors import StaffError
from saas.staff.links import hash_token
from saas.staff.models import ApiToken, StaffUser
from saas.staff.platform_audit import record_platform_act
from saas.tenancy.models import Association

PREFIX = "kt_"
LONGEST_DAYS = 365
MOST_TOKENS = 50
USE_NOTED_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made; `secret` is kept nowhere."""

    token: ApiToken
    secret: str


@transaction.atomic
def create_token(
    *, actor: Actor, user: StaffUser, name: str, slugs: Sequence[str], days: int, may_publish: bool
) -> NewToken:
    """A token of the user for these associations, valid for so many days.

    Raises StaffError for an empty name, no association, one in which the user may not import, a validity outside
    1 to 365 days, and more than 50 tokens in force.
    """
    name = name.strip()
    if not name:
        raise StaffError("no_name", "The name is empty.")
    if not 1 <= days <= LONGEST_DAYS:
        raise StaffError("bad_days", f"A token is valid for 1 to {LONGEST_DAYS} days.")
    open_to = {grant.association.slug: grant for grant in importing_grants(user)}
    if not slugs or any(slug not in open_to for slug in slugs):
        raise StaffError("no_grant", "The user may not import into every association named.")
    if tokens_in_force(user).count() >= MOST_TOKENS:
        raise StaffError("too_many", f"There are {MOST_TOKENS} tokens in force already.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name[:100],
        token_hash=hash_token(secret),
        may_publish=may_publish,
        expires_at=timezone.now() + dt.timedelta(days=days),
    )
    token.associations.set(Association.objects.filter(slug__in=slugs).order_by("slug"))
    record_platform_act(
        actor=actor,
        action="token.created",
        target=str(token.id),
        associations=sorted(slugs),
        may_publish=may_publish,
        days=days,
    )
    return NewToken(token, secret)


@transaction.atomic
def revoke_token(*, actor: Actor, user: StaffUser, token_id: uuid.UUID) -> None:
    """End a token of the user at once. Raises StaffError where it is not theirs or has ended already."""
    ended = ApiToken.objects.filter(pk=token_id, user=user, revoked_at=None).update(revoked_at=timezone.now())
    if not ended:
        raise StaffError("no_token", "There is no such token in force.")
    record_platform_act(actor=actor, action="token.revoked", target=str(token_id))


def end_all_tokens(user: StaffUser) -> int:
    """End every token of the user that is in force; how many. The caller's transaction and log entry hold it."""
    return tokens_in_force(user).update(revoked_at=timezone.now())


def importing_grants(user: StaffUser) -> tuple[StaffGrant, ...]:
    """The grants under which the user may upload: what a token can be made for."""
    return tuple(grant for grant in list_grants(user) if grant.can_upload)


def tokens_in_force(user: StaffUser) -> QuerySet[ApiToken]:
    """The user's tokens that are neither revoked nor expired, the latest first."""
    return ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=timezone.now())


def list_tokens(user: StaffUser) -> list[ApiToken]:
    """The user's tokens, ended ones too, with their associations; the latest first."""
    return list(
        ApiToken.objects.filter(user=user).prefetch_related("associations").order_by("-created_at", "id")
    )


def find_token(secret: str) -> ApiToken | None:
    """The token in force behind the secret, of an account that has not ended; notes that it was used."""
    if not secret.startswith(PREFIX):
        return None
    now = timezone.now()
    in_force = ApiToken.objects.select_related("user").filter(
        token_hash=hash_token(secret), revoked_at=None, expires_at__gt=now, user__is_active=True
    )
    token = in_force.first()
    if token is not None:
        rarely = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
        ApiToken.objects.filter(rarely, pk=token.pk).update(last_used_at=now)
    return token


def find_token_grant(token: ApiToken, slug: str) -> StaffGrant | None:
    """What the token may do in the association: its owner's grant there, or less; None where it may not enter.

    Not in the token's scope, no such association, no grant, a grant that ended: all alike.
    """
    if not token.associations.filter(slug=slug).exists():
        return None
    grant = find_grant(token.user, slug)
    if grant is None:
        return None
    return grant if token.may_publish else _without_publishing(grant)


def _without_publishing(grant: StaffGrant) -> StaffGrant:
    """A manager's grant without the right to publish is a bookkeeper's."""
    role = roles.BOOKKEEPER if grant.role == roles.MANAGER else grant.role
    return replace(grant, role=role, may_publish=False)
