"""Forms of an owner's account: the e-mail address, what to write about, codes of the second factor."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from associations.notifications.models import LONGEST_NOTICE_DAYS, MailSubscription, MessageKind
from associations.notifications.queries import WISHES
from associations.owners.models import OwnerAccount, SignInFailure
from associations.owners.passwords import is_right_password
from associations.owners.throttling import PER_PASSWORD_CHECK, close_attempt, open_attempt, watch_account
from billing_views.owner.forms import LONGEST_PASSWORD
from billing_views.pauses import describe_pause


class AddressForm(forms.Form):
    """Where to write."""

    address = forms.EmailField(
        label=_("Adres e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class WishesForm(forms.Form):
    """What to write about; nothing is chosen beforehand."""

    about_new_data = forms.BooleanField(label=_("Opublikowano nowe dane mojego lokalu"), required=False)
    about_due_days = forms.BooleanField(label=_("Zbliża się termin płatności"), required=False)
    days_before = forms.IntegerField(
        label=_("Ile dni przed terminem płatności"),
        help_text=_("Od 1 do 14."),
        min_value=1,
        max_value=LONGEST_NOTICE_DAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    about_password = forms.BooleanField(label=_("Zmieniono hasło"), required=False)
    about_new_device = forms.BooleanField(label=_("Zalogowano się z nowego urządzenia"), required=False)

    @classmethod
    def of(cls, subscription: MailSubscription, data: Any) -> "WishesForm":
        """The form with what stands."""
        names = (*WISHES.values(), "days_before")
        return cls(data, initial={name: getattr(subscription, name) for name in names})

    @property
    def wishes(self) -> dict[MessageKind, bool]:
        """What a valid form asks for."""
        return {kind: self.cleaned_data[name] for kind, name in WISHES.items()}


class CodeForm(forms.Form):
    """A code from the phone, or a recovery code."""

    code = forms.CharField(
        label=_("Kod"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class ConfirmForm(forms.Form):
    """The password in force, asked again before something that matters. `wait`: the pause after many wrong ones."""

    wait: dt.timedelta | None = None
    current = forms.CharField(
        label=_("Obecne hasło"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def is_right_for(self, account: OwnerAccount) -> bool:
        """Whether the form is valid and the password right; what is wrong becomes an error. Throttled."""
        if not self.is_valid():
            return False
        attempt = open_attempt(SignInFailure, watch_account(str(account.pk), limit=PER_PASSWORD_CHECK))
        if attempt.wait is not None:
            self.wait = attempt.wait
            self.add_error(None, describe_pause(attempt.wait))
            return False
        if not is_right_password(account, self.cleaned_data["current"]):
            self.add_error("current", gettext("Nieprawidłowe hasło."))
            return False
        close_attempt(attempt)
        return True


class SetUpForm(ConfirmForm, CodeForm):
    """The first code of a phone, with the password in force."""

    field_order = ("code", "current")
