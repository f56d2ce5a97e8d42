"""The association's face (wygląd): its badge in the bar, its logo, and its colour as a style sheet.

Inline styles are forbidden by the content policy, so the colour is an address of its own: `/barwy/0f5b63.css` says
the same to everybody and may be kept for ever. A logo's address changes with the logo.
"""

from dataclasses import replace
from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from associations.profile.colors import is_readable, palette_of
from associations.profile.models import AssociationProfile
from associations.profile.queries import current_logo
from billing_views.parts.page import AssociationBadge, make_short_mark

LOGO_PATH = "/znak/"
COLORS_PATH = "/barwy/"
FOR_EVER = "public, max-age=31536000, immutable"
STYLE = (
    "@layer tokens{{:root{{"
    "--brand:light-dark({0.brand},{0.dark_brand});"
    "--on-brand:light-dark({0.on_brand},{0.dark_on_brand});"
    "--brand-soft:light-dark({0.soft},{0.dark_soft})"
    "}}}}\n"
)


def plain_badge(profile: AssociationProfile) -> AssociationBadge:
    """Name and letters alone: in the managers' workspace, which looks alike for all their associations."""
    kind: Literal["cooperative", "community"] = "cooperative" if profile.is_cooperative else "community"
    return AssociationBadge(name=profile.name, kind=kind, short_mark=make_short_mark(profile.name))


def draw_badge(profile: AssociationProfile, *, logo_path: str = LOGO_PATH) -> AssociationBadge:
    """The association as its owners' bar shows it; `logo_path` is where its logo is served at this door."""
    return replace(
        plain_badge(profile),
        logo_url=f"{logo_path}{profile.logo_digest}.png" if profile.logo_digest else "",
        colors_url=f"{COLORS_PATH}{profile.brand_color[1:]}.css" if profile.brand_color else "",
    )


@require_safe
def show_colors(request: HttpRequest, color: str) -> HttpResponse:  # noqa: ARG001 - a view
    """The style sheet of a colour; 404 for one that could not be read."""
    if not is_readable(f"#{color}"):
        raise Http404
    response = HttpResponse(STYLE.format(palette_of(f"#{color}")), content_type="text/css")
    response.headers["Cache-Control"] = FOR_EVER
    return response


@require_safe
def show_logo(request: HttpRequest, digest: str) -> HttpResponse:
    """The association's logo; 404 for one that stands no longer."""
    profile: AssociationProfile = request.profile  # type: ignore[attr-defined]
    logo = current_logo() if digest == profile.logo_digest else None
    if logo is None:
        raise Http404
    response = HttpResponse(bytes(logo.content), content_type="image/png")
    response.headers["Cache-Control"] = FOR_EVER
    return response


show_colors.door_entry = show_colors.entry = "open"  # type: ignore[attr-defined]  # read by the isolation tests
show_logo.door_entry = "open"  # type: ignore[attr-defined]
