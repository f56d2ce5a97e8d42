"""Codes of the staff's second factor: the rules of associations.owners.totp with secrets of this door."""

import datetime as dt

from associations.owners import totp
from associations.owners.totp import (
    PERIOD_SECONDS,
    RECOVERY_CODES,
    STEPS_AROUND,
    new_recovery_codes,
    new_seed,
)

__all__ = [
    "PERIOD_SECONDS",
    "RECOVERY_CODES",
    "STEPS_AROUND",
    "hash_recovery_code",
    "matching_step",
    "new_recovery_codes",
    "new_seed",
    "provisioning_uri",
    "secret_of",
]
ISSUER = "Otwarta Kartoteka"
STAFF = "staff"


def secret_of(seed: str, *, key: str | bytes | None = None) -> str:
    """The secret behind the seed in base 32."""
    return totp.secret_of(seed, purpose=STAFF, key=key)


def provisioning_uri(seed: str, email: str) -> str:
    """The address that the QR code carries."""
    return totp.provisioning_uri(seed, email, issuer=ISSUER, purpose=STAFF)


def matching_step(seed: str, code: str, at: dt.datetime) -> int | None:
    """The time step whose code this is, within one step of `at`, or None."""
    return totp.matching_step(seed, code, at, purpose=STAFF)


def hash_recovery_code(code: str) -> str:
    """How a recovery code is kept."""
    return totp.hash_recovery_code(code, purpose=STAFF)
