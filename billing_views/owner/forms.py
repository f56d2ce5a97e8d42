"""Forms of an owner's account: sign-in and a password of one's own."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from associations.owners.models import OwnerAccount
from associations.owners.passwords import is_right_password

LONGEST_PASSWORD = 128
"""Hashing is what a sign-in costs: longer texts are refused before it."""


class SignInForm(forms.Form):
    """Login and password as they came from the office."""

    login = forms.CharField(
        label=_("Login"),
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Hasło"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class OwnPasswordForm(forms.Form):
    """A new password, twice; whoever has a password of their own proves it first."""

    current_password = forms.CharField(
        label=_("Dotychczasowe hasło"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=_("Nowe hasło"),
        help_text=_(
            "Co najmniej 10 znaków, na przykład kilka słów. Nie może być loginem ani samymi cyframi."
        ),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": "10"}),
    )
    new_password_again = forms.CharField(
        label=_("Nowe hasło jeszcze raz"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, account: OwnerAccount, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        if account.must_change_password:
            # The starter password has just opened the door; it is not asked for twice.
            del self.fields["current_password"]

    def refuse(self, reason: str) -> None:
        """Answer without looking at any field: nothing is hashed."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        self.add_error(None, reason)

    def clean_current_password(self) -> str:
        """Refuse a wrong one."""
        current = str(self.cleaned_data["current_password"])
        if not is_right_password(self.account, current):
            raise ValidationError(_("To nie jest dotychczasowe hasło."))
        return current

    def clean(self) -> dict[str, Any]:
        """Refuse two different texts."""
        cleaned = super().clean() or {}
        new, again = cleaned.get("new_password"), cleaned.get("new_password_again")
        if new and again and new != again:
            self.add_error("new_password_again", _("To hasło różni się od wpisanego wyżej."))
        return cleaned
