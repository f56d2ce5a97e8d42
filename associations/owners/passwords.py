"""Starter passwords (hasła startowe), generated logins, and what a password of one's own must not be.

A starter password has 16 characters of an alphabet without look-alikes (no i, l, o, 0, 1): about 79 bits.
It is shown in groups of four and may be typed with or without the gaps, in small letters or capitals.
"""

import re
import secrets

from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from associations.owners.models import OwnerAccount

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
STARTER_LENGTH = 16
LOGIN_LENGTH = 8
LOGIN_FORM = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


def make_starter_password() -> str:
    """Sixteen random characters, without gaps."""
    return "".join(secrets.choice(ALPHABET) for _ in range(STARTER_LENGTH))


def make_login() -> str:
    """Eight random characters; whether it is free is for the caller to see."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LOGIN_LENGTH))


def login_from_code(person_code: str) -> str | None:
    """The person's code as a login, or None where it does not fit the form of logins."""
    login = person_code.strip().lower()
    return login if LOGIN_FORM.fullmatch(login) else None


def group_in_fours(password: str) -> str:
    """`abcd efgh jkmn pqrs`: how a starter password is shown and printed."""
    return " ".join(password[start : start + 4] for start in range(0, len(password), 4))


def ungroup_starter(typed: str) -> str:
    """What was typed from a letter, without gaps and hyphens and in small letters."""
    return re.sub(r"[\s-]", "", typed).lower()


def is_right_password(account: OwnerAccount, typed: str) -> bool:
    """Whether `typed` opens the account; costs one hash whatever the answer."""
    is_starter = account.must_change_password
    return account.check_password(ungroup_starter(typed) if is_starter else typed)


def find_faults(account: OwnerAccount, password: str) -> list[str]:
    """Everything that is wrong with a new password, in sentences for its owner; empty if it will do."""
    faults: list[str] = []
    for validator in get_default_password_validators():
        try:
            validator.validate(password)
        except ValidationError as error:
            faults.extend(error.messages)
    if account.login in password.strip().lower():
        faults.append(gettext("Hasło nie może zawierać loginu."))
    if is_right_password(account, password):
        faults.append(gettext("Nowe hasło musi różnić się od dotychczasowego."))
    return faults
