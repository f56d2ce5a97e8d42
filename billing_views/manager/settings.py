"""Ustawienia: the association's name, office, due day, the text of „Informacje” and switches."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from associations.notifications.queries import is_mail_set_up
from associations.profile.actions import update_profile
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.settings_form import SettingsForm, values_of
from saas.staff import roles


@require_http_methods(["GET", "HEAD", "POST"])
@in_association(*roles.MANAGERS)
def edit_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; a POST writes what differs, with an audit entry."""
    staff = cast("StaffRequest", request)
    form = SettingsForm(request.POST or None, initial=values_of(staff.profile))
    if request.method == "POST" and form.is_valid():
        changed = update_profile(actor=staff.actor, changes=form.cleaned_data)
        messages.success(request, _("Zapisano zmiany.") if changed else _("Nic się nie zmieniło."))
        return HttpResponseRedirect(f"/a/{slug}/ustawienia/")
    page = manager_page(request, _("Ustawienia"), current="settings")
    context = {
        "page": page,
        "form": form,
        "appearance_url": f"/a/{slug}/ustawienia/wyglad/",
        "accounts_url": f"/a/{slug}/ustawienia/rachunki/",
        "closed_years_url": f"/a/{slug}/zamkniete-lata/",
        "is_mail_set_up": is_mail_set_up(),
    }
    return TemplateResponse(request, "manager/settings.html", context)
