"""What to write about: chosen after sign-in, ended by the link of any such mail without it (RFC 8058)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from associations.notifications.actions import MailRuleError, choose_mails, unsubscribe
from associations.notifications.models import MessageKind
from associations.notifications.queries import is_mail_set_up, subscription_of
from associations.notifications.tokens import read_unsubscription
from associations.owners.actions import owner_actor
from billing_views.owner.account_forms import WishesForm
from billing_views.owner.account_frame import OwnerRequest, account_frame, account_page
from billing_views.owner.sign_in import public_page

ONE_CLICK = "One-Click"


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def choose_wishes(request: OwnerRequest) -> HttpResponse:
    """The form; without a confirmed address a sentence that leads to it."""
    account = request.user
    subscription = subscription_of(account.pk)
    form = WishesForm.of(subscription, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            choose_mails(
                actor=owner_actor(account),
                account_id=account.pk,
                wishes=form.wishes,
                days_before=form.cleaned_data["days_before"],
            )
        except MailRuleError:
            return redirect("account_email")
        messages.success(request, gettext("Zapisano powiadomienia."))
        return redirect("account")
    context = {
        "page": account_frame(request, gettext("Powiadomienia e-mail")),
        "form": form,
        "subscription": subscription,
        "is_mail_set_up": is_mail_set_up(),
    }
    return render(request, "owner/account/mails.html", context)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """End mails of the kinds that the token names: by the page's button, or by a mail program's one click.

    A mail program sends no cookie and no CSRF token: the signed token in the address is the proof, and all that it
    can do is end mails.
    """
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == ONE_CLICK:
        asked = read_unsubscription(token)
        if asked is None:
            raise Http404
        unsubscribe(account_id=asked[0], kinds=asked[1])
        return HttpResponse(
            gettext("Nie będziemy już o tym pisać."), content_type="text/plain; charset=utf-8"
        )
    return _unsubscribe_on_page(request, token)


@csrf_protect
def _unsubscribe_on_page(request: HttpRequest, token: str) -> HttpResponse:
    asked = read_unsubscription(token)
    if asked is None:
        raise Http404
    account_id, kinds = asked
    if request.method == "POST":
        unsubscribe(account_id=account_id, kinds=kinds)
    words = {
        MessageKind.NEW_DATA: gettext("opublikowano nowe dane mojego lokalu"),
        MessageKind.DUE_DAY: gettext("zbliża się termin płatności"),
        MessageKind.PASSWORD_CHANGED: gettext("zmieniono hasło"),
        MessageKind.NEW_DEVICE: gettext("zalogowano się z nowego urządzenia"),
    }
    context = {
        "page": public_page(request, gettext("Rezygnacja z wiadomości")),
        "topics": [words[kind] for kind in kinds if kind in words],
        "is_done": request.method == "POST",
        "wishes_url": reverse("account_mails"),
    }
    return render(request, "owner/account/unsubscription.html", context)
