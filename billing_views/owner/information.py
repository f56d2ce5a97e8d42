"""Informacje: where the data come from, how to get in, RODO and cookies; before sign-in and as a tab."""

import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from associations.owners.models import OwnerAccount
from associations.profile.models import AssociationProfile
from billing_views.face import draw_badge
from billing_views.owner.entry import owner_page
from billing_views.owner.footer import footer_links
from billing_views.owner.place import Place
from billing_views.owner.sign_in import START_URL
from billing_views.owner.words import name_charges
from billing_views.parts.page import Page, PublicPage


@dataclass(frozen=True, slots=True)
class InformationPage:
    """Context of `owner/information.html` and `owner/welcome.html`; `own_text` are the manager's paragraphs."""

    page: Page | PublicPage
    profile: AssociationProfile
    own_text: tuple[str, ...]
    charges_label: str
    start_url: str | None


@require_safe
def show_welcome(request: HttpRequest) -> HttpResponse:
    """The public first page of the association's door."""
    profile: AssociationProfile = request.profile  # type: ignore[attr-defined]
    is_signed_in = isinstance(request.user, OwnerAccount)
    page = PublicPage(
        title=gettext("Portal właściciela lokalu"),
        association=draw_badge(profile),
        language_url=reverse("language"),
        sign_in_url=None if is_signed_in else reverse("sign_in"),
        sign_out_url=reverse("sign_out") if is_signed_in else None,
        footer=footer_links(),
    )
    context = _compose(page, profile, START_URL if is_signed_in else None)
    return TemplateResponse(request, "owner/welcome.html", {"page": page, "information": context})


show_welcome.door_entry = "open"  # type: ignore[attr-defined]  # read by the isolation tests


@owner_page
def show_information(request: HttpRequest, place: Place) -> HttpResponse:
    """The same as a tab."""
    page = place.page(gettext("Informacje"), "information", back_url=place.links.to("ledger"))
    context = _compose(page, place.profile, None)
    return TemplateResponse(request, "owner/information.html", {"page": page, "information": context})


def split_paragraphs(text: str) -> tuple[str, ...]:
    """Paragraphs divided by empty lines; plain text that templates escape."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return tuple(part.strip() for part in parts if part.strip())


def _compose(page: Page | PublicPage, profile: AssociationProfile, start_url: str | None) -> InformationPage:
    return InformationPage(
        page=page,
        profile=profile,
        own_text=split_paragraphs(profile.information_text),
        charges_label=name_charges(profile),
        start_url=start_url,
    )
