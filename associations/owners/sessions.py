"""The session store of an association's door, and what it shares with the apex's."""

import datetime as dt
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import transaction
from django.utils import timezone

from associations.owners.models import OwnerSession

DEVICE_KEY = "device"
"""Sign-in puts the browser's short name into the session under this key: `session_device(request)`."""

SEEN_EVERY = dt.timedelta(minutes=5)


class AccountSessionStore(DatabaseStore):
    """Rows name their account, so that all its sessions can be listed and ended."""

    last_seen_at: dt.datetime | None = None

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row with its account and device."""
        row: Any = super().create_model_instance(data)
        row.account_id = data.get(SESSION_KEY)
        row.device = data.get(DEVICE_KEY, "")
        row.last_seen_at = timezone.now()
        return row

    def save(self, must_create: bool = False) -> None:  # noqa: FBT002 - Django's signature
        """Insert a new row as Django does; update an existing one without touching when it was created."""
        if must_create or self.session_key is None:
            super().save(must_create=must_create)
            return
        row = self.create_model_instance(dict(self.items()))
        changed = {
            name: getattr(row, name)
            for name in ("session_data", "expire_date", "account_id", "device", "last_seen_at")
        }
        with transaction.atomic():
            if not self.model.objects.filter(session_key=row.session_key).update(**changed):
                raise UpdateError

    def note_visit(self) -> None:
        """Write that the session is in use, at most every five minutes. Its table must be in reach."""
        now = timezone.now()
        if self.session_key is None or (self.last_seen_at and now - self.last_seen_at < SEEN_EVERY):
            return
        seen: dict[str, Any] = {"last_seen_at": now}
        self.model.objects.filter(session_key=self.session_key).update(**seen)
        self.last_seen_at = now

    def _get_session_from_db(self) -> Any:
        row: Any = super()._get_session_from_db()  # type: ignore[misc]  # not in the published types
        if row is not None:
            self.last_seen_at = row.last_seen_at
        return row


class SessionStore(AccountSessionStore):
    """Sessions of owners in the association's own schema."""

    @classmethod
    def get_model_class(cls) -> type[OwnerSession]:
        """The table in the association's schema."""
        return OwnerSession


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def name_device(user_agent: str) -> str:
    """A short name for a list of sessions: „Firefox, Windows”; empty where nothing is known."""
    found = [
        next((name for mark, name in marks if mark in user_agent), "") for marks in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name)
