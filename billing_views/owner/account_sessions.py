"""Ending sessions: one device, all others, or all. Asked for on a page, done by its button."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from associations.owners.actions import OwnerRuleError, end_sessions, owner_actor
from associations.owners.sign_ins import OpenSession, end_session, open_sessions
from billing_views.owner.account import name_device
from billing_views.owner.account_frame import OwnerRequest, account_frame, account_page

EVERYWHERE = "wszystkie"


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def end_one_session(request: OwnerRequest, handle: str) -> HttpResponse:
    """Sign one device out; this very one leaves the portal."""
    account = request.user
    if request.method == "POST":
        is_this = any(one.handle == handle and one.is_current for one in _sessions(request))
        try:
            ended = end_session(account=account, handle=handle)
        except OwnerRuleError:
            raise Http404 from None
        if is_this:
            logout(request)
            return redirect("/")
        messages.success(
            request,
            gettext("Wylogowano urządzenie: %(device)s.") % {"device": name_device(ended.device)},
        )
        return redirect("account")
    session = next((one for one in _sessions(request) if one.handle == handle), None)
    if session is None:
        raise Http404
    context = {
        "page": account_frame(request, gettext("Wyloguj urządzenie")),
        "session": session,
        "device": name_device(session.device),
    }
    return render(request, "owner/account/session.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def end_all_sessions(request: OwnerRequest) -> HttpResponse:
    """„Wyloguj wszędzie": all but this one, or all (`co=wszystkie`)."""
    if request.method != "POST":
        page = account_frame(request, gettext("Wyloguj wszędzie"))
        return render(request, "owner/account/everywhere.html", {"page": page})
    account = request.user
    if request.POST.get("co") == EVERYWHERE:
        end_sessions(actor=owner_actor(account), account=account)
        request.session.flush()
        return redirect("/")
    end_sessions(actor=owner_actor(account), account=account, keep=request.session.session_key)
    messages.success(request, gettext("Wylogowano wszystkie inne urządzenia."))
    return redirect("account")


def _sessions(request: OwnerRequest) -> tuple[OpenSession, ...]:
    return open_sessions(request.user.pk, current_key=request.session.session_key)
