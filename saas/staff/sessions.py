"""The session store of the apex."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from saas.staff.models import StaffSession


class SessionStore(DatabaseStore):
    """Sessions of staff, each row naming its account so that all can be ended."""

    @classmethod
    def get_model_class(cls) -> type[StaffSession]:  # type: ignore[override]  # AbstractBaseSession is Django's own base
        """The table in public."""
        return StaffSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row with its account."""
        row = super().create_model_instance(data)
        row.account_id = data.get(SESSION_KEY)  # type: ignore[attr-defined]
        return row
