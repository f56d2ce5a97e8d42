"""Tokens in the links of mails: one that confirms an address once, and one that unsubscribes without signing in."""

import hashlib
import uuid
from collections.abc import Sequence

from django.core import signing
from django.utils.crypto import salted_hmac

from associations.notifications.models import MessageKind

_CONFIRMS = "notifications.confirm_address"
_UNSUBSCRIBES = "notifications.unsubscribe"


def confirmation_token(confirmation_id: uuid.UUID) -> str:
    """256 bits that only who knows SECRET_KEY can make: the worker makes it again when it writes the mail."""
    return salted_hmac(_CONFIRMS, confirmation_id.hex, algorithm="sha256").hexdigest()


def hash_token(token: str) -> str:
    """How a token is kept; plain SHA-256, for it cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_unsubscription(account_id: uuid.UUID, kinds: Sequence[MessageKind | str]) -> str:
    """A token that ends mails of these kinds to the account and can do nothing else; it does not expire."""
    return signing.dumps([account_id.hex, sorted(map(str, kinds))], salt=_UNSUBSCRIBES)


def read_unsubscription(token: str) -> tuple[uuid.UUID, tuple[MessageKind, ...]] | None:
    """What the token ends, or None for a text that we did not sign."""
    try:
        account, kinds = signing.loads(token, salt=_UNSUBSCRIBES)
        return uuid.UUID(account), tuple(MessageKind(kind) for kind in kinds)
    except (signing.BadSignature, ValueError, TypeError):
        return None
