"""Single-use links (zaproszenie, nowe hasło): their tokens, how long they live, their addresses."""

import datetime as dt
import hashlib
import secrets

from django.conf import settings

from saas.staff.models import LinkPurpose

LIFETIMES = {
    LinkPurpose.INVITATION: dt.timedelta(days=7),
    LinkPurpose.PASSWORD: dt.timedelta(hours=2),
}
PATHS = {LinkPurpose.INVITATION: "/zaproszenie/", LinkPurpose.PASSWORD: "/nowe-haslo/"}


def new_token() -> str:
    """256 random bits for an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """How a token is kept; plain SHA-256, for it cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_address(purpose: LinkPurpose, token: str) -> str:
    """The whole address; its host comes from the settings, never from a request."""
    return f"{settings.APEX_URL}{PATHS[purpose]}{token}/"
