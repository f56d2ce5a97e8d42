"""Wygląd portalu: the association's logo and colour, with a look at what owners will see."""

from dataclasses import dataclass
from typing import IO, cast

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from associations.profile.actions import remove_logo, set_logo, update_profile
from associations.profile.colors import is_readable, least_contrast_on_light, nearest_readable
from associations.profile.logos import MOST_BYTES, Logo, LogoError, read_logo
from billing_views.face import draw_badge, show_logo
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.parts.page import AssociationBadge, ManagerPage
from saas.staff import roles


class ColorForm(forms.Form):
    """The colour as six digits after a hash; empty for the portal's own."""

    brand_color = forms.CharField(
        label=gettext_lazy("Kolor"),
        required=False,
        max_length=7,
        help_text=gettext_lazy(
            "Zapis szesnastkowy, na przykład #0f5b63. Puste pole: kolor portalu. Portal sam dobiera odcień "
            "do trybu ciemnego i sprawdza, czy napisy będą czytelne."
        ),
        widget=forms.TextInput(attrs={"placeholder": "#0f5b63", "autocomplete": "off"}),
    )

    def clean_brand_color(self) -> str:
        """`#rrggbb` that can be read, or nothing."""
        typed = str(self.cleaned_data["brand_color"]).strip().lower()
        color = f"#{typed.removeprefix('#')}"
        if color == "#":
            return ""
        if len(color) != len("#rrggbb") or set(color[1:]) - set("0123456789abcdef"):
            raise forms.ValidationError(
                _("Podaj sześć cyfr szesnastkowych po znaku #, na przykład #0f5b63."), code="form"
            )
        if not is_readable(color):
            raise forms.ValidationError(_say_unreadable(color), code="contrast")
        return color


class LogoForm(forms.Form):
    """A picture that can become a logo: `cleaned_data["logo"]` is the Logo."""

    logo = forms.FileField(
        label=gettext_lazy("Plik ze znakiem"),
        help_text=gettext_lazy(
            "PNG, JPEG lub WebP, do 2 MB. Najlepiej na przezroczystym tle; portal zmniejszy go sam."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    def clean_logo(self) -> Logo:
        """The picture read and written anew."""
        file: UploadedFile[bytes] = self.cleaned_data["logo"]
        try:
            return read_logo(cast("IO[bytes]", file), file.size or 0)
        except LogoError as error:
            raise forms.ValidationError(_say_no_logo(error.code), code=error.code) from error


@dataclass(frozen=True, slots=True)
class AppearancePage:
    """Context of `manager/appearance.html`; `badge` is what owners see at the upper left."""

    page: ManagerPage
    badge: AssociationBadge
    color: ColorForm
    logo: LogoForm
    drop_url: str


@require_http_methods(["GET", "HEAD", "POST"])
@in_association(*roles.MANAGERS)
def edit_appearance(request: HttpRequest, slug: str) -> HttpResponse:
    """Both forms; a POST sets the colour, or the logo where a file came with it."""
    staff = cast("StaffRequest", request)
    is_logo = request.method == "POST" and "logo" in {*request.FILES, *request.POST}
    color = ColorForm(
        request.POST if request.method == "POST" and not is_logo else None,
        initial={"brand_color": staff.profile.brand_color},
    )
    logo = LogoForm(request.POST, request.FILES) if is_logo else LogoForm()
    if is_logo and logo.is_valid():
        set_logo(actor=staff.actor, logo=logo.cleaned_data["logo"])
        messages.success(request, _("Nowy znak widać od razu na stronach właścicieli."))
        return HttpResponseRedirect(f"/a/{slug}/ustawienia/wyglad/")
    if request.method == "POST" and not is_logo and color.is_valid():
        changed = update_profile(actor=staff.actor, changes=color.cleaned_data)
        messages.success(request, _("Zapisano zmiany.") if changed else _("Nic się nie zmieniło."))
        return HttpResponseRedirect(f"/a/{slug}/ustawienia/wyglad/")
    page = manager_page(request, _("Wygląd portalu"), current="settings", back_url=f"/a/{slug}/ustawienia/")
    badge = draw_badge(staff.profile, logo_path=f"/a/{slug}/znak/")
    context = AppearancePage(page, badge, color, logo, f"/a/{slug}/ustawienia/wyglad/usun-znak/")
    return TemplateResponse(request, "manager/appearance.html", {"page": page, "appearance": context})


@require_POST
@in_association(*roles.MANAGERS)
def drop_logo(request: HttpRequest, slug: str) -> HttpResponse:
    """Back to the mark of letters."""
    removed = remove_logo(actor=cast("StaffRequest", request).actor)
    messages.success(request, _("Usunięto znak.") if removed else _("Nic się nie zmieniło."))
    return HttpResponseRedirect(f"/a/{slug}/ustawienia/wyglad/")


@require_safe
@in_association()
def show_logo_here(request: HttpRequest, slug: str, digest: str) -> HttpResponse:  # noqa: ARG001 - entered
    """The logo for previews: every role of the association sees it."""
    return show_logo(request, digest)


def _say_unreadable(color: str) -> str:
    return _(
        "Kolor %(color)s jest za jasny: kontrast z tłem wynosi %(contrast)s, a czytelny napis potrzebuje 4,5. "
        "Najbliższy dobry odcień: %(nearest)s."
    ) % {
        "color": color,
        "contrast": f"{least_contrast_on_light(color):.1f}".replace(".", ","),
        "nearest": nearest_readable(color),
    }


def _say_no_logo(code: str) -> str:
    if code == "too_large":
        return _("Plik jest większy niż %(megabytes)s MB.") % {"megabytes": MOST_BYTES // 1024**2}
    if code == "too_many_pixels":
        return _("Obraz ma za dużo punktów. Zmniejsz go i wgraj ponownie.")
    return _("To nie jest obraz PNG, JPEG ani WebP.")
