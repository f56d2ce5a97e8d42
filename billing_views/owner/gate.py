"""The gate behind the association's door: a starter password opens one page alone, the change of password.

Mails can be ended by their link whoever is signed in, and with whatever password.

It runs before every view of the door, so that a page added later is behind it, too.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode

from associations.owners.models import OwnerAccount
from billing_views.api.problems import answer_starter_password

Handler = Callable[[HttpRequest], HttpResponse]
OPEN_PAGES = ("password", "sign_out", "language")
FOR_ANYBODY = ("unsubscribe", "colors", "logo")
"""Whoever asks gets these, so a session makes no difference: ending mails by a link, and what the gate's own page wears."""
API = "/api/"


class StarterPasswordGate:
    """Refuses all but OPEN_PAGES until the starter password is changed; notes that a session is in use."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the apex and strangers as they are, owners behind the gate."""
        if request.door != "association" or not request.user.is_authenticated:  # type: ignore[attr-defined]
            return self.get_response(request)
        account = signed_in_owner(request)
        if account is None:
            raise PermissionDenied
        if account.must_change_password and request.path_info.startswith(API):
            return answer_starter_password()
        if account.must_change_password and _name_of(request.path_info) in FOR_ANYBODY:
            return self.get_response(request)
        if account.has_expired_starter:
            logout(request)
            return redirect(address("sign_in"))
        if account.must_change_password and request.path_info not in map(address, OPEN_PAGES):
            wanted = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
            return redirect(address("password") + wanted)
        # Here and not in a page: pages read inside a transaction that writes nothing.
        request.session.note_visit()  # type: ignore[attr-defined]
        return self.get_response(request)


def signed_in_owner(request: HttpRequest) -> OwnerAccount | None:
    """The owner whose session this is; None for strangers and for whoever belongs to another door."""
    user: object = request.user
    return user if isinstance(user, OwnerAccount) else None


def _name_of(path: str) -> str | None:
    try:
        return resolve(path, urlconf=settings.ROOT_URLCONF).url_name
    except Resolver404:
        return None


def address(name: str) -> str:
    """The path of a page of this door."""
    return reverse(name, urlconf=settings.ROOT_URLCONF)
