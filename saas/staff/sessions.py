"""The session store of the apex."""

from associations.owners.sessions import AccountSessionStore
from saas.staff.models import StaffSession


class SessionStore(AccountSessionStore):
    """Sessions of staff, each row naming its account so that all can be ended."""

    @classmethod
    def get_model_class(cls) -> type[StaffSession]:
        """The table in public."""
        return StaffSession
