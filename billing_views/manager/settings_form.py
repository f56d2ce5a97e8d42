"""The form of an association's settings: what owners read about the office, and switches."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NumberError
from stdnum.pl import nip

from associations.profile.models import AssociationProfile

LAST_DUE_DAY = 31


class SettingsForm(forms.Form):
    """Every field of the profile that a manager sets; names are those of associations.profile."""

    name = forms.CharField(label=_("Pełna nazwa"), max_length=200)
    nip = forms.CharField(
        label=_("NIP"),
        required=False,
        max_length=20,
        help_text=_("10 cyfr, mogą być z kreskami. Potrzebny do kodów QR na przelewach."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    due_day = forms.IntegerField(
        label=_("Dzień miesiąca, do którego płaci się opłaty"),
        min_value=1,
        max_value=LAST_DUE_DAY,
        help_text=_(
            "We wspólnocie 10. dzień miesiąca (art. 15 ustawy o własności lokali), w spółdzielni według statutu."
        ),
    )
    office_address = forms.CharField(label=_("Adres biura"), required=False, max_length=300)
    office_hours = forms.CharField(
        label=_("Godziny otwarcia"),
        required=False,
        max_length=300,
        help_text=_("Na przykład: pon. 8:00–17:00, wt.–pt. 8:00–15:00."),
    )
    office_phone = forms.CharField(
        label=_("Telefon"), required=False, max_length=50, widget=forms.TextInput(attrs={"type": "tel"})
    )
    office_email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    information_text = forms.CharField(
        label=_("Tekst zakładki „Informacje”"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Widzą go wszyscy, także przed zalogowaniem. Pusty wiersz zaczyna nowy akapit."),
    )
    privacy_text = forms.CharField(
        label=_("Dopisek do strony „Prywatność”"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Na przykład dane inspektora ochrony danych. Portal sam podaje resztę."),
    )
    accessibility_text = forms.CharField(
        label=_("Dopisek do deklaracji dostępności"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Na przykład jak dojść do biura z wózkiem."),
    )
    allows_letters_by_post = forms.BooleanField(
        label=_("Hasła startowe można wysyłać listem"),
        required=False,
        help_text=_("Bez zgody hasła wydaje się tylko osobiście w biurze."),
    )
    balance_includes_interest = forms.BooleanField(
        label=_("Saldo z programu zawiera już odsetki"),
        required=False,
        help_text=_("Zaznacz, jeśli program wlicza niezaksięgowane odsetki do salda."),
    )

    def clean_nip(self) -> str:
        """Ten digits with a right check digit, or nothing."""
        text = str(self.cleaned_data["nip"]).strip()
        if not text:
            return ""
        try:
            return str(nip.validate(text.upper().removeprefix("PL")))
        except NumberError as error:
            raise forms.ValidationError(
                _("To nie jest poprawny NIP: sprawdź cyfry, jest ich 10, a ostatnia jest kontrolna.")
            ) from error

    def clean_information_text(self) -> str:
        """Line ends as the database keeps them."""
        return _tidy(self.cleaned_data["information_text"])

    def clean_privacy_text(self) -> str:
        """Line ends as the database keeps them."""
        return _tidy(self.cleaned_data["privacy_text"])

    def clean_accessibility_text(self) -> str:
        """Line ends as the database keeps them."""
        return _tidy(self.cleaned_data["accessibility_text"])


def values_of(profile: AssociationProfile) -> dict[str, Any]:
    """What the form shows before anything is changed."""
    return {name: getattr(profile, name) for name in SettingsForm.base_fields}


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
