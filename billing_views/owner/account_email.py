"""The owner's e-mail address: given, confirmed by the link that was sent there, removed. No GET changes anything."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from associations.notifications.actions import (
    MailRuleError,
    ask_for_address,
    confirm_address,
    remove_address,
)
from associations.notifications.queries import (
    confirmation_by,
    is_mail_set_up,
    pending_address,
    subscription_of,
)
from associations.notifications.tokens import hash_token
from associations.owners.actions import owner_actor
from billing_views.mailing import send_mail_soon
from billing_views.owner.account_forms import AddressForm
from billing_views.owner.account_frame import OwnerRequest, account_frame, account_page
from billing_views.owner.sign_in import public_page


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def change_address(request: OwnerRequest) -> HttpResponse:
    """Give an address: a link goes there, and until its button is pressed the former one stands."""
    account = request.user
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and is_mail_set_up() and form.is_valid():
        try:
            ask_for_address(
                actor=owner_actor(account), account_id=account.pk, address=form.cleaned_data["address"]
            )
        except MailRuleError as error:
            form.add_error("address", _say_rule(error))
        else:
            send_mail_soon(request.association)
            messages.success(
                request, gettext("Wysłaliśmy link na podany adres. Otwórz go w ciągu 48 godzin.")
            )
            return redirect("account")
    context = {
        "page": account_frame(request, gettext("Adres e-mail")),
        "form": form,
        "subscription": subscription_of(account.pk),
        "pending": pending_address(account.pk),
        "is_mail_set_up": is_mail_set_up(),
    }
    return render(request, "owner/account/email.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def forget_address(request: OwnerRequest) -> HttpResponse:
    """Remove the address, the confirmed one and one that waits."""
    account = request.user
    if request.method == "POST":
        remove_address(actor=owner_actor(account), account_id=account.pk)
        send_mail_soon(request.association)
        messages.success(request, gettext("Adres e-mail usunięty. Nie wyślemy już żadnych wiadomości."))
        return redirect("account")
    context = {
        "page": account_frame(request, gettext("Usuń adres e-mail"), back_url=reverse("account_email")),
        "subscription": subscription_of(account.pk),
    }
    return render(request, "owner/account/email_removal.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the link opens: its button confirms the address. Works without signing in."""
    association: Any = request.association  # type: ignore[attr-defined]
    title = gettext("Potwierdzenie adresu e-mail")
    back_url = reverse("account") if request.user.is_authenticated else None
    confirmation = confirmation_by(hash_token(token))
    is_done = False
    if request.method == "POST" and confirmation is not None:
        try:
            confirm_address(token=token)
            is_done = True
            send_mail_soon(association)
        except MailRuleError:
            confirmation = None
    context = {
        "page": public_page(request, title, back_url=back_url),
        "address": confirmation.address if confirmation else "",
        "is_done": is_done,
        "wishes_url": reverse("account_mails"),
    }
    status = 200 if confirmation else 404
    return render(request, "owner/account/email_confirmation.html", context, status=status)


def _say_rule(error: MailRuleError) -> str:
    return {
        "bad_address": gettext("To nie jest adres e-mail."),
        "same_address": gettext("Ten adres jest już potwierdzony."),
        "too_many": gettext("Najwyżej 5 linków na dobę. Spróbuj jutro."),
    }[error.code]
