"""The two forms of a changed bank account: the new number, and the same number retyped with the password."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from associations.profile.bank_accounts import NRB_LENGTH, clean_nrb, is_nrb
from billing_views.manager.forms_staff import password_field

LONGEST_NUMBER = 60


def _number_widget() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"})


class NumberForm(forms.Form):
    """The new number as typed, kept as 26 digits; empty takes it away. `present` is the number that stands."""

    nrb = forms.CharField(
        label=gettext_lazy("Nowy numer rachunku"),
        required=False,
        max_length=LONGEST_NUMBER,
        help_text=gettext_lazy("26 cyfr, mogą być ze spacjami. Puste pole: numer rachunku poda biuro."),
        widget=_number_widget(),
    )

    def __init__(self, *args: Any, present: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = present

    def clean_nrb(self) -> str:
        """26 digits with right check digits, another number than the present one."""
        number = clean_nrb(str(self.cleaned_data["nrb"]))
        if number == self.present:
            raise forms.ValidationError(_("Ten numer już obowiązuje."), code="same")
        if number and (len(number) != NRB_LENGTH or not number.isdecimal()):
            raise forms.ValidationError(_("Numer rachunku ma 26 cyfr."), code="form")
        if number and not is_nrb(number):
            raise forms.ValidationError(
                _("Cyfry kontrolne się nie zgadzają: sprawdź numer na umowie z bankiem."), code="check_digits"
            )
        return number


class ConfirmForm(NumberForm):
    """The number once more, typed from the bank's paper, and the password of whoever changes it."""

    expected = forms.CharField(required=False, max_length=LONGEST_NUMBER, widget=forms.HiddenInput)
    again = forms.CharField(
        label=gettext_lazy("Nowy numer jeszcze raz"),
        required=False,
        max_length=LONGEST_NUMBER,
        help_text=gettext_lazy("Przepisz go z umowy z bankiem, nie z ekranu."),
        widget=_number_widget(),
    )
    current = password_field(gettext_lazy("Twoje hasło"), "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nrb"].widget = forms.HiddenInput()
        if not (self["nrb"].value() or ""):
            del self.fields["again"]

    def clean(self) -> dict[str, Any]:
        """Refuse two different numbers, and a hidden one that is no number any more."""
        cleaned = super().clean() or {}
        for error in self.errors.get("nrb", ()):
            self.add_error(None, error)
        if "again" in self.fields and clean_nrb(str(cleaned.get("again", ""))) != cleaned.get("nrb"):
            self.add_error("again", _("Ten numer różni się od podanego w pierwszym kroku."))
        return cleaned
