"""Sign-in of owners: only at an association's door, inside its schema."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from associations.owners.models import OwnerAccount
from associations.owners.passwords import is_right_password


def normalise_login(login: str) -> str:
    """Lower case without surrounding spaces: how logins are stored."""
    return login.strip().lower()


class OwnerBackend(BaseBackend):
    """Refuses the apex; an unknown login costs one hash, too."""

    def authenticate(  # type: ignore[override]  # the stubs know one kind of user, the doors have two
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> OwnerAccount | None:
        """The account that login and password open, or None."""
        if (
            request is None
            or getattr(request, "door", "") != "association"
            or username is None
            or password is None
        ):
            return None
        account = (
            OwnerAccount.objects.filter(login=normalise_login(username)).select_related("person").first()
        )
        if account is None:
            OwnerAccount().set_password(password)
            return None
        is_right = is_right_password(account, password)
        return account if is_right and account.is_active else None

    def get_user(self, user_id: Any) -> OwnerAccount | None:  # type: ignore[override]  # both doors use UUIDs
        """The account of a session; an ended one is nobody."""
        return OwnerAccount.objects.filter(pk=user_id, is_active=True).select_related("person").first()
