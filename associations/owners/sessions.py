"""The session store of an association's door."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from associations.owners.models import OwnerSession


class SessionStore(DatabaseStore):
    """Sessions of owners in the association's own schema, each row naming its account."""

    @classmethod
    def get_model_class(cls) -> type[OwnerSession]:  # type: ignore[override]  # AbstractBaseSession is Django's own base
        """The table in the association's schema."""
        return OwnerSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row with its account."""
        row = super().create_model_instance(data)
        row.account_id = data.get(SESSION_KEY)  # type: ignore[attr-defined]
        return row
