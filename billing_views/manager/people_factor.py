"""A lost phone: the office takes an owner's second factor off, after it has checked who asks."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from associations.owners.access import open_person
from associations.owners.actions import OwnerRuleError
from associations.owners.queries import account_of
from associations.owners.second_factor import remove_totp
from billing_views.manager.entry import StaffRequest, in_association
from saas.staff import roles


@require_POST
@in_association(*roles.PASSWORD_ISSUERS)
def remove_factor(request: StaffRequest, slug: str, person_id: int) -> HttpResponse:
    """Back to the password alone; refused where the identity was not checked."""
    account = account_of(open_person(person_id))
    if account is None:
        raise Http404
    is_checked = request.POST.get("is_identity_checked") == "1"
    try:
        remove_totp(actor=request.actor, account=account, is_identity_checked=is_checked)
    except OwnerRuleError as error:
        messages.error(
            request,
            {
                "identity_not_checked": _("Kod wyłącza się dopiero po sprawdzeniu tożsamości."),
                "no_factor": _("Ta osoba loguje się już samym hasłem."),
            }[error.code],
        )
    else:
        messages.success(request, _("Kod z telefonu wyłączony. Do zalogowania wystarczy hasło."))
    return redirect("person", slug, person_id)
