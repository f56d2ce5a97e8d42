"""Asking signed-in staff for the current password again before something that matters; throttled."""

from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext as _

from associations.owners.throttling import PER_PASSWORD_CHECK, close_attempt, open_attempt, watch_account
from billing_views.pauses import describe_pause, retry_after
from saas.staff.models import StaffSignInFailure, StaffUser


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """Whether the password was right; else the status and headers of the answer that shows the form again."""

    is_right: bool
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def check_current_password(user: StaffUser, form: forms.Form) -> PasswordCheck:
    """Judge the field `current` of a valid form; what is wrong becomes an error of the form."""
    attempt = open_attempt(StaffSignInFailure, watch_account(str(user.id), limit=PER_PASSWORD_CHECK))
    if attempt.wait:
        form.add_error(None, describe_pause(attempt.wait))
        return PasswordCheck(is_right=False, status=429, headers=retry_after(attempt.wait))
    if not user.check_password(form.cleaned_data["current"]):
        form.add_error("current", _("Nieprawidłowe hasło."))
        return PasswordCheck(is_right=False)
    close_attempt(attempt)
    return PasswordCheck(is_right=True)
