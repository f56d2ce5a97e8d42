"""Profile wczytywania: what an association remembers of its files, with names, sharing and forgetting."""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from associations.imports.access import open_profile
from associations.imports.models import ImportProfile
from associations.imports.profile_actions import NAME_LENGTH, forget_profile, rename_profile
from associations.imports.profiles import list_profiles
from associations.imports.rules import ImportRuleError
from billing_views.manager.batch_sentences import say_moment
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.profiles_sharing import Neighbour, list_neighbours, share
from billing_views.manager.table_fields import name_of_dataset, name_of_field
from billing_views.manager.table_reading import say_options
from billing_views.parts.tables import Cell, Column, Table
from saas.staff import roles
from workers.reading_options import column_keys

SEES_IMPORTS = (*roles.IMPORTERS, roles.READER)


@dataclass(frozen=True, slots=True)
class ProfileView:
    """One profile. `neighbours` is None for those who may only look."""

    url: str
    name: str
    name_length: int
    dataset: str
    options: str
    columns: Table
    remembered: str
    neighbours: tuple[Neighbour, ...] | None


@require_safe
@in_association(*SEES_IMPORTS, is_snapshot=True)
def show_profiles(request: HttpRequest, slug: str) -> HttpResponse:
    """All profiles of the association."""
    columns = (
        Column(_("Profil"), "what"),
        Column(_("Co zawiera")),
        Column(_("Nagłówki")),
        Column(_("Kto zapamiętał")),
    )
    url = _address(slug)
    table = Table(
        _("Zapamiętane profile"),
        columns,
        tuple(_row(profile, url) for profile in list_profiles()),
        empty=_(
            "Nie ma jeszcze żadnego profilu. Profil powstaje, gdy poprawisz wczytanie pliku i go zapamiętasz."
        ),
    )
    page = manager_page(request, _("Profile wczytywania"), current="imports", back_url=f"/a/{slug}/importy/")
    return TemplateResponse(request, "manager/profiles.html", {"page": page, "table": table})


@require_safe
@in_association(*SEES_IMPORTS)
def show_profile(request: HttpRequest, slug: str, profile_id: int) -> HttpResponse:
    """What the profile says, its name, and where else it may be used."""
    profile, staff = open_profile(profile_id), cast("StaffRequest", request)
    view = _describe(
        profile, _address(slug), list_neighbours(staff, profile) if staff.grant.can_upload else None
    )
    page = manager_page(request, profile.name, current="imports", back_url=_address(slug))
    return TemplateResponse(request, "manager/profile.html", {"page": page, "view": view})


@require_POST
@in_association(*roles.IMPORTERS)
def rename(request: HttpRequest, slug: str, profile_id: int) -> HttpResponse:
    """Give the profile another name."""
    profile = open_profile(profile_id)
    try:
        rename_profile(
            actor=cast("StaffRequest", request).actor, profile=profile, name=request.POST.get("nazwa", "")
        )
        messages.success(request, _("Zmieniono nazwę profilu."))
    except ImportRuleError as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(f"{_address(slug)}{profile_id}/")


@require_http_methods(["GET", "HEAD", "POST"])
@in_association(*roles.IMPORTERS)
def forget(request: HttpRequest, slug: str, profile_id: int) -> HttpResponse:
    """GET asks to confirm; POST forgets the profile."""
    profile, url = open_profile(profile_id), _address(slug)
    if request.method == "POST":
        forget_profile(actor=cast("StaffRequest", request).actor, profile=profile)
        messages.success(request, _("Usunięto profil „{name}”.").format(name=profile.name))
        return HttpResponseRedirect(url)
    back = f"{url}{profile_id}/"
    page = manager_page(request, _("Usuń profil"), current="imports", back_url=back)
    context = {"page": page, "name": profile.name, "back": back}
    return TemplateResponse(request, "manager/profile_forget.html", context)


@require_POST
@in_association(*roles.IMPORTERS)
def share_profile(request: HttpRequest, slug: str, profile_id: int) -> HttpResponse:
    """Copy the profile into the associations that were ticked, or into none of them."""
    profile, staff = open_profile(profile_id), cast("StaffRequest", request)
    slugs = request.POST.getlist("wspolnota")
    replaced = frozenset(request.POST.getlist("zastap"))
    outcome = share(staff, profile, slugs, replaced)
    (messages.success if outcome.is_done else messages.error)(request, outcome.sentence)
    return HttpResponseRedirect(f"{_address(slug)}{profile_id}/")


def _address(slug: str) -> str:
    return f"/a/{slug}/importy/profile/"


def _row(profile: ImportProfile, url: str) -> tuple[Cell, ...]:
    options = ", ".join(say_options(profile.options))
    return (
        Cell(profile.name, f"{url}{profile.pk}/"),
        Cell(name_of_dataset(profile.dataset), None, "", options),
        Cell(", ".join(header for header in profile.headers if header)),
        Cell(profile.created_by_name, None, "", say_moment(profile.changed_at)),
    )


def _describe(profile: ImportProfile, url: str, neighbours: tuple[Neighbour, ...] | None) -> ProfileView:
    fields = profile.options.get("columns", {})
    rows = tuple(
        (
            Cell(header or _("(bez nagłówka)")),
            Cell(name_of_field(profile.dataset, fields.get(key, "")) or _("nie wczytujemy")),
        )
        for header, key in zip(profile.headers, column_keys(profile.headers), strict=True)
    )
    return ProfileView(
        url=f"{url}{profile.pk}/",
        name=profile.name,
        name_length=NAME_LENGTH,
        dataset=name_of_dataset(profile.dataset),
        options=", ".join(say_options(profile.options)),
        columns=Table(
            _("Kolumny"), (Column(_("Nagłówek w pliku"), "what"), Column(_("Co jest w kolumnie"))), rows
        ),
        remembered=f"{profile.created_by_name}, {say_moment(profile.changed_at)}",
        neighbours=neighbours,
    )
