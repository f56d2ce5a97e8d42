"""Prywatność, pliki cookies, deklaracja dostępności: what an association says of its portal, for everybody."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from associations.profile.models import AssociationProfile
from billing_views.owner.information import split_paragraphs
from billing_views.owner.sign_in import public_page
from billing_views.parts.page import PublicPage

HOURS_SIGNED_IN = settings.SESSION_COOKIE_AGE // 3600


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie of the portal with what it is for and how long it lasts, in words."""

    name: str
    purpose: str
    lasts: str


@dataclass(frozen=True, slots=True)
class LegalPage:
    """Context of the templates below `owner/legal/`; `own_text` are the association's own paragraphs."""

    page: PublicPage
    profile: AssociationProfile
    own_text: tuple[str, ...]
    cookies: tuple[Cookie, ...] = ()


@require_safe
def show_privacy(request: HttpRequest) -> HttpResponse:
    """Who processes which data, why and how long, and the rights of an owner (art. 13 RODO)."""
    return _show(request, gettext("Prywatność"), "privacy", own_field="privacy_text")


@require_safe
def show_cookies(request: HttpRequest) -> HttpResponse:
    """Every cookie that the portal sets: only those without which it would not work."""
    return _show(request, gettext("Pliki cookies"), "cookies", cookies=_cookies())


@require_safe
def show_accessibility(request: HttpRequest) -> HttpResponse:
    """How the portal can be used with a keyboard, a screen reader, large print; and whom to tell what is missing."""
    return _show(request, gettext("Deklaracja dostępności"), "accessibility", own_field="accessibility_text")


for view in (show_privacy, show_cookies, show_accessibility):
    view.door_entry = "open"  # type: ignore[attr-defined]  # read by the isolation tests


def _show(
    request: HttpRequest, title: str, name: str, *, own_field: str = "", cookies: tuple[Cookie, ...] = ()
) -> HttpResponse:
    profile: AssociationProfile = request.profile  # type: ignore[attr-defined]
    own_text = split_paragraphs(getattr(profile, own_field)) if own_field else ()
    back_url = reverse("start" if request.user.is_authenticated else "welcome")
    page = public_page(request, title, back_url=back_url)
    context = LegalPage(page, profile, own_text, cookies)
    return TemplateResponse(request, f"owner/legal/{name}.html", {"page": page, "legal": context})


def _cookies() -> tuple[Cookie, ...]:
    return (
        Cookie(
            settings.SESSION_COOKIE_NAME,
            gettext("pamięta, że jesteś zalogowany"),
            gettext("do wylogowania lub zamknięcia przeglądarki, najwyżej %(hours)s godzin")
            % {"hours": HOURS_SIGNED_IN},
        ),
        Cookie(
            settings.CSRF_COOKIE_NAME,
            gettext("chroni formularze: nikt nie wyśle ich w Twoim imieniu z innej strony"),
            gettext("rok"),
        ),
        Cookie(
            settings.LANGUAGE_COOKIE_NAME,
            gettext("pamięta wybrany język; powstaje dopiero, gdy go zmienisz"),
            gettext("rok"),
        ),
    )
