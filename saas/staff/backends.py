"""Sign-in of staff: only at the apex."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from saas.staff.models import StaffUser


class StaffBackend(BaseBackend):
    """Refuses the doors of associations; an unknown e-mail costs one hash, too."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> StaffUser | None:
        """The account that e-mail and password open, or None."""
        if request is None or getattr(request, "door", "") != "apex" or username is None or password is None:
            return None
        user = StaffUser.objects.filter(email__iexact=username.strip()).first()
        if user is None:
            StaffUser().set_password(password)
            return None
        is_right = user.check_password(password)
        return user if is_right and user.is_active else None

    def get_user(self, user_id: Any) -> StaffUser | None:
        """The account of a session; an ended one is nobody."""
        return StaffUser.objects.filter(pk=user_id, is_active=True).first()
