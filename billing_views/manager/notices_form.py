"""Which notices to print: a month with charges, and all premises or those of a property or a building."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from associations.charges.notices import NoticeChoices
from associations.periods import Month
from billing_views.parts.formatting import format_month_words


class NoticesForm(forms.Form):
    """Two choices; what they offer is read anew with every request."""

    month_chosen = forms.ChoiceField(label=gettext_lazy("Miesiąc"))
    scope = forms.ChoiceField(label=gettext_lazy("Lokale"), required=False)

    def __init__(self, choices: NoticeChoices, data: Any = None) -> None:
        super().__init__(data)
        months, scope = self.fields["month_chosen"], self.fields["scope"]
        assert isinstance(months, forms.ChoiceField)  # noqa: S101 - for the type checker
        assert isinstance(scope, forms.ChoiceField)  # noqa: S101 - for the type checker
        months.choices = [
            (f"{one.year}-{one.number:02}", format_month_words(one.first_day)) for one in choices.months
        ]
        scope.choices = [
            ("", _("wszystkie lokale")),
            *((f"n{key}", _("nieruchomość %(name)s") % {"name": name}) for key, name in choices.properties),
            *((f"b{key}", _("budynek %(name)s") % {"name": name}) for key, name in choices.buildings),
        ]

    @property
    def month(self) -> Month:
        """The month of a valid form."""
        year, number = self.cleaned_data["month_chosen"].split("-")
        return Month(int(year), int(number))

    @property
    def property_id(self) -> int | None:
        """The property chosen, if it is one."""
        return self._chosen("n")

    @property
    def building_id(self) -> int | None:
        """The building chosen, if it is one."""
        return self._chosen("b")

    def _chosen(self, letter: str) -> int | None:
        value: str = self.cleaned_data["scope"]
        return int(value[1:]) if value.startswith(letter) else None
