"""Letters with starter passwords wait here for their one download, encrypted with a key in the clerk's session.

The file alone opens nothing, the session alone neither; signing out loses the key. A file is deleted by its
download or, by the next request or worker, after an hour. Backups leave `letters/` folders out.
"""

import os
import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

SESSION_KEY = "letters"
LIFETIME_SECONDS = 3600
TIDY_SECONDS = 60
MOST_KEYS = 20
"""A session remembers the newest files only: it travels with every request of the clerk."""

_tidied_at = float("-inf")


def keep_letters(session: SessionBase, schema_name: str, pdf: bytes) -> str:
    """Encrypt and store; the token under which the same session finds the file."""
    remove_stale_letters()
    token, key = uuid4().hex, Fernet.generate_key()
    path = _path_of(schema_name, token)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(Fernet(key).encrypt(pdf))
    keys = {**session.get(SESSION_KEY, {}), f"{schema_name}/{token}": key.decode()}
    session[SESSION_KEY] = dict(list(keys.items())[-MOST_KEYS:])
    return token


def has_letters(session: SessionBase, schema_name: str, token: str) -> bool:
    """Whether this session may still download that file."""
    is_known = f"{schema_name}/{token}" in session.get(SESSION_KEY, {})
    return is_known and _is_fresh(_path_of(schema_name, token))


def take_letters(session: SessionBase, schema_name: str, token: str) -> bytes | None:
    """The PDF, for the first and only time; None for another's, an expired and a downloaded one alike."""
    keys = dict(session.get(SESSION_KEY, {}))
    key = keys.pop(f"{schema_name}/{token}", None)
    if key is None:
        return None
    session[SESSION_KEY] = keys
    path = _path_of(schema_name, token)
    claimed = path.with_suffix(f".{uuid4().hex}")
    try:
        # Only one of two downloads at once can rename the file.
        path.rename(claimed)
    except FileNotFoundError:
        return None
    try:
        return Fernet(key.encode()).decrypt(claimed.read_bytes(), ttl=LIFETIME_SECONDS)
    except InvalidToken:
        return None
    finally:
        claimed.unlink(missing_ok=True)


def remove_stale_letters() -> int:
    """Delete what nobody downloaded within the hour, of every association; how many files."""
    removed = 0
    for path in Path(settings.FILES_DIR).glob("*/letters/*"):
        if not _is_fresh(path):
            with suppress(OSError):
                path.unlink()
                removed += 1
    return removed


def tidy_letters() -> None:
    """remove_stale_letters for callers that come often: at most once a minute in each process."""
    global _tidied_at  # noqa: PLW0603 - the one thing that the process remembers
    if time.monotonic() - _tidied_at >= TIDY_SECONDS:
        _tidied_at = time.monotonic()
        remove_stale_letters()


def _path_of(schema_name: str, token: str) -> Path:
    # The token comes from the session's own list, never straight from an address.
    return Path(settings.FILES_DIR) / schema_name / "letters" / f"{token}.letters"


def _is_fresh(path: Path) -> bool:
    try:
        return path.stat().st_mtime > time.time() - LIFETIME_SECONDS
    except FileNotFoundError:
        return False
