"""Reading staff: accounts by e-mail, sessions for the account page, recovery codes left."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from saas.staff.links import hash_token
from saas.staff.models import LinkPurpose, PasswordLink, StaffSession, StaffUser


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session of an account as its owner sees it."""

    device: str
    created_at: dt.datetime
    last_seen_at: dt.datetime | None
    is_current: bool


def find_staff(email: str) -> StaffUser | None:
    """The account with this e-mail without regard to case, ended ones too, or None."""
    return StaffUser.objects.filter(email__iexact=email.strip()).first()


def find_active_staff(user_id: str) -> StaffUser | None:
    """The account with this id where it has not ended, or None."""
    return StaffUser.objects.filter(pk=user_id, is_active=True).first()


def open_sessions(user: StaffUser, *, current_key: str | None) -> tuple[OpenSession, ...]:
    """The account's sessions in force, the latest first."""
    rows = StaffSession.objects.filter(account_id=user.id, expire_date__gt=timezone.now())
    return tuple(
        OpenSession(row.device, row.created_at, row.last_seen_at, row.session_key == current_key)
        for row in rows.order_by("-created_at")
    )


def recovery_codes_left(user: StaffUser) -> int:
    """How many recovery codes have not been used."""
    return user.recovery_codes.filter(used_at=None).count()


def find_link_owner(token: str, purpose: LinkPurpose) -> StaffUser | None:
    """Whose password the link may set now; None for an unknown, used or old one, all alike."""
    link = (
        PasswordLink.objects.select_related("user")
        .filter(
            token_hash=hash_token(token),
            purpose=purpose,
            used_at=None,
            expires_at__gt=timezone.now(),
            user__is_active=True,
        )
        .first()
    )
    return link.user if link else None
