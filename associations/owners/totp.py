"""Codes of the second factor (drugi składnik): TOTP (RFC 6238) and recovery codes (kody zapasowe), for both doors.

No secret stands in the database: it is derived from a random seed in the account's row and SECRET_KEY, so a copied
table opens nothing. A changed SECRET_KEY needs the former one in SECRET_KEY_FALLBACKS until all have set the factor
up anew. `purpose` keeps the doors apart. Not inside: writing (owners.second_factor, saas.staff.second_factor).
"""

import base64
import datetime as dt
import secrets

import pyotp
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

OWNER = "owner"
PERIOD_SECONDS = 30
STEPS_AROUND = 1
"""A code of the step before or after counts too: clocks of phones differ."""

RECOVERY_CODES = 10
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_GROUPS = 3
_GROUP_LENGTH = 4


def new_seed() -> str:
    """A random seed for one account."""
    return secrets.token_hex(32)


def secret_of(seed: str, *, purpose: str = OWNER, key: str | bytes | None = None) -> str:
    """The secret behind the seed in base 32 (160 bits), as authenticator programs take it."""
    digest = salted_hmac(f"{purpose} totp", seed, secret=key, algorithm="sha256").digest()
    return base64.b32encode(digest[:20]).decode("ascii")


def provisioning_uri(seed: str, name: str, *, issuer: str, purpose: str = OWNER) -> str:
    """The address that the QR code carries: `name` is the account's, `issuer` who asks for the code."""
    return pyotp.TOTP(secret_of(seed, purpose=purpose)).provisioning_uri(name=name, issuer_name=issuer)


def matching_step(seed: str, code: str, at: dt.datetime, *, purpose: str = OWNER) -> int | None:
    """The time step whose code this is, within one step of `at`, or None; spaces do not matter."""
    digits = "".join(code.split())
    now = int(at.timestamp()) // PERIOD_SECONDS
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        totp = pyotp.TOTP(secret_of(seed, purpose=purpose, key=key))
        for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
            if constant_time_compare(totp.generate_otp(step), digits):
                return step
    return None


def new_recovery_codes() -> list[str]:
    """Ten codes of 59 bits without look-alikes, `ABCD-EFGH-JKMN`."""
    return [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    ]


def hash_recovery_code(code: str, *, purpose: str = OWNER) -> str:
    """How a recovery code is kept; case, spaces and dashes do not matter.

    A keyed hash suffices: 59 random bits are not found by guessing, and ten slow hashes would cost each try.
    """
    plain = "".join(character for character in code.upper() if character.isalnum())
    return salted_hmac(f"{purpose} recovery code", plain, algorithm="sha256").hexdigest()
