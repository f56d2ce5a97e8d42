"""The owner's second factor (drugi składnik), an option: set up with a QR code, new recovery codes, taken off."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from associations.owners import second_factor
from associations.owners.actions import OwnerRuleError, owner_actor
from associations.owners.models import SignInFailure
from associations.owners.throttling import PER_CODE, close_attempt, open_attempt, watch_account
from associations.owners.totp import new_seed, provisioning_uri, secret_of
from billing_views.owner.account_forms import ConfirmForm, SetUpForm
from billing_views.owner.account_frame import OwnerRequest, account_frame, account_page
from billing_views.parts.qr_codes import draw_qr_code
from billing_views.pauses import describe_pause

SEED_KEY = "totp_seed"
_GROUP = 4


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@account_page
def set_up_factor(request: OwnerRequest) -> HttpResponse:
    """The QR code, a first code from the phone and the password; then the recovery codes, once."""
    seed: str = request.session.setdefault(SEED_KEY, new_seed())
    form = SetUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_right_for(request.user):
        codes = _confirm(request, form, seed)
        if codes:
            return _show_codes(request, codes)
    secret = secret_of(seed)
    address = provisioning_uri(seed, request.user.login, issuer=request.profile.name)
    context = {
        "page": account_frame(request, gettext("Drugi składnik logowania")),
        "form": form,
        "code": draw_qr_code(address, gettext("Kod QR dla aplikacji uwierzytelniającej")),
        "secret": " ".join(secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP)),
    }
    return render(request, "owner/account/factor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@account_page
def renew_codes(request: OwnerRequest) -> HttpResponse:
    """Ten new recovery codes for the password; the former ones end."""
    if not request.user.has_totp:
        raise Http404
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_right_for(request.user):
        return _show_codes(request, second_factor.renew_recovery_codes(account=request.user))
    page = account_frame(request, gettext("Nowe kody zapasowe"))
    return render(request, "owner/account/new_codes.html", {"page": page, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@account_page
def take_factor_off(request: OwnerRequest) -> HttpResponse:
    """Back to the password alone, for the password."""
    account = request.user
    if not account.has_totp:
        raise Http404
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_right_for(account):
        second_factor.remove_totp(actor=owner_actor(account), account=account)
        messages.success(request, gettext("Drugi składnik jest wyłączony."))
        return redirect("account")
    page = account_frame(request, gettext("Wyłączenie drugiego składnika"))
    return render(request, "owner/account/factor_removal.html", {"page": page, "form": form})


def _confirm(request: OwnerRequest, form: SetUpForm, seed: str) -> Sequence[str]:
    """Recovery codes where the code was right, else none; the form says why."""
    attempt = open_attempt(SignInFailure, watch_account(str(request.user.pk), limit=PER_CODE))
    if attempt.wait is not None:
        form.add_error(None, describe_pause(attempt.wait))
        return ()
    try:
        codes = second_factor.confirm_totp(
            account=request.user,
            seed=seed,
            code=form.cleaned_data["code"],
            keep_session=request.session.session_key,
        )
    except OwnerRuleError:
        form.add_error(
            "code", gettext("Nieprawidłowy kod. Sprawdź, czy zegar telefonu jest ustawiony automatycznie.")
        )
        return ()
    close_attempt(attempt)
    del request.session[SEED_KEY]
    request.session.cycle_key()
    return codes


def _show_codes(request: OwnerRequest, codes: Sequence[str]) -> HttpResponse:
    """The only page that ever shows the codes."""
    page = account_frame(request, gettext("Kody zapasowe"))
    return render(request, "owner/account/codes.html", {"page": page, "codes": codes})
