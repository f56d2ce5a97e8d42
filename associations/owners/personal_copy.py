"""What the portal keeps about a person's access: account, sign-ins, sessions, starter passwords, keys. Writes nothing.

For the copy of a person's own data (art. 15 and 20 RODO). Never a password, a hash or a seed of one.
"""

from typing import Any

from associations.owners.models import (
    OwnerAccount,
    OwnerSession,
    OwnerToken,
    SignInEvent,
    StarterPasswordIssue,
)


def copy_account(account: OwnerAccount) -> dict[str, Any]:
    """The account with lists of what happened to it, each the oldest first. Four queries."""
    return {
        "login": account.login,
        "created_at": account.created_at,
        "password_changed_at": account.password_changed_at,
        "language": account.language,
        "second_factor_since": account.totp_confirmed_at,
        "sign_ins": _rows(
            SignInEvent.objects.filter(account=account).order_by("id"), "at", "outcome", "device"
        ),
        "sessions": _rows(
            OwnerSession.objects.filter(account_id=account.pk).order_by("created_at", "session_key"),
            *("created_at", "last_seen_at", "device", "expire_date"),
        ),
        "starter_passwords": _rows(
            StarterPasswordIssue.objects.filter(account=account).order_by("id"),
            *("issued_at", "method", "expires_at", "received_at"),
        ),
        "keys": _rows(
            OwnerToken.objects.filter(account=account).order_by("created_at", "id"),
            *("name", "created_at", "expires_at", "last_used_at", "revoked_at"),
        ),
    }


def _rows(rows: Any, *names: str) -> list[dict[str, Any]]:
    return list(rows.values(*names))
