"""Sessions by door: staff sessions in public, owner sessions in their association's schema."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest

STORES = {"apex": "saas.staff.sessions", "association": "associations.owners.sessions"}
ASSOCIATION_KEY = "association"


class DoorSessionMiddleware(SessionMiddleware):
    """Loads the store of the door; a session of another association is emptied before anybody looks at it."""

    def process_request(self, request: HttpRequest) -> None:
        """Attach the session; read it at once where it must prove its association."""
        store = import_module(STORES[request.door]).SessionStore  # type: ignore[attr-defined]
        request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        if request.door == "association" and request.session.session_key:  # type: ignore[attr-defined]
            is_signed_in = SESSION_KEY in request.session
            if is_signed_in and request.session.get(ASSOCIATION_KEY) != str(request.association.id):  # type: ignore[attr-defined]
                request.session.flush()
