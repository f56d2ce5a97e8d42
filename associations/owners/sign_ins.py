"""Sign-ins (logowania) and open sessions as their owner sees them, and what is written about them.

A device is known by its short name („Firefox, Windows"): a cookie that outlives sessions would know it better, and
would follow people around.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from associations.audit.actions import record_act
from associations.notifications.models import MessageKind
from associations.notifications.outbox import tell_about_account
from associations.owners.actions import OwnerRuleError, owner_actor
from associations.owners.models import OwnerAccount, OwnerSession, SignInEvent, SignInOutcome

KEPT = dt.timedelta(days=366)
"""Twelve months."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session in force. `handle` names it in addresses: the key itself would open it."""

    handle: str
    device: str
    created_at: dt.datetime
    last_seen_at: dt.datetime
    is_current: bool


@transaction.atomic
def record_sign_in(*, account: OwnerAccount, device: str) -> None:
    """That somebody signed in; from a device that the last twelve months do not know, its owner is told.

    The first sign-in of all is nobody's news.
    """
    known = SignInEvent.objects.filter(
        account=account, outcome=SignInOutcome.DONE, at__gt=timezone.now() - KEPT
    )
    is_new = known.exists() and not known.filter(device=device).exists()
    event = SignInEvent.objects.create(account=account, outcome=SignInOutcome.DONE, device=device)
    if is_new:
        tell_about_account(
            account_id=account.pk,
            kind=MessageKind.NEW_DEVICE,
            about=f"sign_in:{event.pk}",
            details={"device": device, "at": event.at.isoformat()},
        )


def record_failed_sign_in(
    *, login: str, device: str, outcome: SignInOutcome = SignInOutcome.WRONG_PASSWORD
) -> None:
    """That a password was wrong, or has expired, where there is an account with this login; else nothing."""
    account = OwnerAccount.objects.filter(login=login, is_active=True).first()
    if account is not None:
        SignInEvent.objects.create(account=account, outcome=outcome, device=device)


def record_wrong_code(*, account: OwnerAccount, device: str) -> None:
    """That the password was right and the code was not."""
    SignInEvent.objects.create(account=account, outcome=SignInOutcome.WRONG_CODE, device=device)


@transaction.atomic
def end_session(*, account: OwnerAccount, handle: str) -> OpenSession:
    """Sign one device out. Raises OwnerRuleError (`no_session`): it has ended already or is another's."""
    for row in OwnerSession.objects.filter(account_id=account.pk):
        if constant_time_compare(handle_of(row.session_key), handle):
            ended = _describe(row, "")
            row.delete()
            record_act(actor=owner_actor(account), action="session.ended", target=f"account:{account.pk}")
            return ended
    raise OwnerRuleError("no_session", "There is no such session.")


def open_sessions(account_id: uuid.UUID, *, current_key: str | None) -> tuple[OpenSession, ...]:
    """The account's sessions in force: this one, then the latest used."""
    rows = OwnerSession.objects.filter(account_id=account_id, expire_date__gt=timezone.now())
    found = [_describe(row, current_key or "") for row in rows.order_by("-created_at", "session_key")]
    return tuple(sorted(found, key=lambda one: (one.is_current, one.last_seen_at), reverse=True))


def sign_ins_of(account_id: uuid.UUID) -> QuerySet[SignInEvent]:
    """Sign-ins of twelve months, done and failed, the newest first."""
    return SignInEvent.objects.filter(account_id=account_id, at__gt=timezone.now() - KEPT).order_by("-id")


def forget_old_sign_ins(*, now: dt.datetime) -> int:
    """Delete sign-ins of over twelve months ago; how many there were."""
    return SignInEvent.objects.filter(at__lte=now - KEPT).delete()[0]


def handle_of(session_key: str) -> str:
    """What a session is called in addresses: nothing that opens it."""
    return salted_hmac("owners.session_handle", session_key, algorithm="sha256").hexdigest()[:24]


def _describe(row: OwnerSession, current_key: str) -> OpenSession:
    return OpenSession(
        handle_of(row.session_key),
        row.device,
        row.created_at,
        row.last_seen_at or row.created_at,
        row.session_key == current_key,
    )
