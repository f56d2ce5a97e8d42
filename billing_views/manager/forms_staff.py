"""Forms of staff at the apex: sign-in, codes, passwords, the account."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saas.staff.models import StaffUser

LONGEST_PASSWORD = 128
"""Hashing takes the whole text: a longer one would only cost time."""


def password_field(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    """A password as typed, spaces included; never shown again after an error."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class SignInForm(forms.Form):
    """E-mail and password."""

    email = forms.CharField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = password_field(gettext_lazy("Hasło"), "current-password")


class CodeForm(forms.Form):
    """A code from the phone, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("Kod"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )


class NewPasswordForm(forms.Form):
    """A new password, typed twice; `user` is whom it is for."""

    password = password_field(
        gettext_lazy("Nowe hasło"), "new-password", gettext_lazy("Co najmniej 10 znaków, nie same cyfry.")
    )
    repeated = password_field(gettext_lazy("Powtórz nowe hasło"), "new-password")

    def __init__(self, *args: Any, user: StaffUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Long and unusual enough."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean_repeated(self) -> str:
        """The same as the first one."""
        repeated: str = self.cleaned_data["repeated"]
        password = self.cleaned_data.get("password")
        if password is not None and password != repeated:
            raise ValidationError(_("Hasła różnią się od siebie."))
        return repeated


class ConfirmForm(forms.Form):
    """The current password, asked again before something that matters; the view checks it."""

    current = password_field(gettext_lazy("Obecne hasło"), "current-password")


class ChangePasswordForm(NewPasswordForm):
    """The current password and a new one, typed twice."""

    current = password_field(gettext_lazy("Obecne hasło"), "current-password")
    field_order = ("current", "password", "repeated")


class NameForm(forms.Form):
    """The name that colleagues and logs show."""

    name = forms.CharField(
        label=gettext_lazy("Imię i nazwisko"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class ForgottenForm(forms.Form):
    """Whose password is forgotten."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class SetUpForm(CodeForm):
    """The first code of a new phone and the current password: replaces a factor that stands."""

    current = password_field(gettext_lazy("Obecne hasło"), "current-password")
