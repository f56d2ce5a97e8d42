"""„English” and „Polski” in the bar of both doors: a cookie, without JavaScript."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from associations.owners.actions import choose_language
from associations.owners.models import OwnerAccount
from billing_views.safe_address import safe_address

A_YEAR = 365 * 24 * 3600


class ChosenLanguageMiddleware:
    """Polish unless the person chose another language by the link in the bar.

    Django's own LocaleMiddleware would follow the browser: an owner with a new phone set to English would then
    meet an English portal without having asked for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve in the chosen language and say which."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember `language`, at a signed-in owner's account too, and go back to `next` on this host.

    An unknown language changes nothing.
    """
    response = HttpResponseRedirect(safe_address(request.POST.get("next", "")) or "/")
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        keep_language(response, language)
        account: object = request.user
        if isinstance(account, OwnerAccount):
            choose_language(account=account, language=language)
    return response


def keep_language(response: HttpResponse, language: str) -> None:
    """Have the browser remember the language for a year, on this host."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
