"""A password of one's own: asked for after the starter password, and whenever its owner wishes."""

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from associations.owners.actions import OwnerRuleError, WeakPasswordError, change_password
from associations.owners.models import OwnerAccount, SignInFailure
from associations.owners.throttling import PER_PASSWORD_CHECK, close_attempt, open_attempt, watch_account
from billing_views.mailing import send_mail_soon
from billing_views.owner.forms import OwnPasswordForm
from billing_views.owner.gate import signed_in_owner
from billing_views.owner.sign_in import START_URL, public_page, safe_next
from billing_views.pauses import describe_pause


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_own_password(request: HttpRequest) -> HttpResponse:
    """Replace the password; the account's other sessions end."""
    account = signed_in_owner(request)
    if account is None:
        return redirect_to_login(request.get_full_path(), reverse("sign_in"))
    is_forced = account.must_change_password
    form = OwnPasswordForm(account, request.POST if request.method == "POST" else None)
    try:
        if request.method == "POST" and _has_changed(request, account, form):
            messages.success(request, gettext("Hasło zostało zmienione. Inne urządzenia zostały wylogowane."))
            send_mail_soon(request.association)  # type: ignore[attr-defined]
            return redirect(safe_next(request, START_URL if is_forced else reverse("account")))
    except OwnerRuleError:
        # Expired or ended between the gate and the form: signing in again says which.
        logout(request)
        return redirect("sign_in")
    title = gettext("Ustaw własne hasło") if is_forced else gettext("Zmiana hasła")
    context = {
        "page": public_page(request, title, back_url=None if is_forced else reverse("account")),
        "form": form,
        "is_forced": is_forced,
        "login": account.login,
    }
    return render(request, "owner/account/password.html", context)


@never_cache
@require_safe
def show_forgotten(request: HttpRequest) -> HttpResponse:
    """„Nie pamiętasz hasła?": nobody can read or mail a password; the office gives a new one."""
    context = {
        "page": public_page(request, gettext("Nie pamiętasz hasła?"), back_url=reverse("sign_in")),
        "profile": request.profile,  # type: ignore[attr-defined]
    }
    return render(request, "owner/account/forgotten.html", context)


def _has_changed(request: HttpRequest, account: OwnerAccount, form: OwnPasswordForm) -> bool:
    """Change it if the form allows; else the form says why not."""
    if not _may_try(account, form) or not form.is_valid():
        return False
    try:
        change_password(
            account=account,
            new_password=form.cleaned_data["new_password"],
            keep_session=request.session.session_key,
        )
    except WeakPasswordError as weak:
        for fault in weak.faults:
            form.add_error("new_password", fault)
        return False
    update_session_auth_hash(request, account)  # type: ignore[arg-type]  # the stubs know staff only
    return True


def _may_try(account: OwnerAccount, form: OwnPasswordForm) -> bool:
    """Whoever sits down at an open session must not guess its password there."""
    if account.must_change_password:
        return True
    attempt = open_attempt(SignInFailure, watch_account(str(account.pk), limit=PER_PASSWORD_CHECK))
    if attempt.wait is not None:
        form.refuse(describe_pause(attempt.wait))
        return False
    if not form.has_error("current_password"):
        close_attempt(attempt)
    return True
