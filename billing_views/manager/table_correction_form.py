"""The form in which a manager says how a table is to be read: settings, and above each column what it holds."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from associations.imports.corrections import suggest_profile_name
from associations.imports.models import ImportTable
from billing_views.manager.table_fields import (
    dataset_choices,
    field_choices,
    has_money,
    missing_fields,
    name_of_dataset,
    name_of_field,
)
from billing_views.manager.table_reading import (
    DATE_ORDERS,
    ENCODED_FORMATS,
    ENCODINGS,
    HEADED_FORMATS,
    TEXT_FORMATS,
    name_dates,
    name_decimal,
    name_encoding,
    name_separator,
)
from workers.reading_options import SEEN, column_keys

MAX_COLUMNS = 250
"""More columns than this are not offered: a request may hold 1 000 fields."""
LAST_ROW = 1_000
SEPARATOR_WORDS = {"semicolon": ";", "comma": ",", "tab": "\t", "bar": "|"}
ANOTHER_READING = frozenset({"dataset", "encoding", "separator", "header_row"})
"""What changes which columns there are: they are shown anew before anything is said of them."""
SETTINGS = ("encoding", "separator", "header_row", "decimal", "dates")
SWITCHES = ("is_in_grosze", "is_sign_reversed", "is_left_out")


class TableForm(forms.Form):
    """Fields in the order of the page; those that mean nothing for the table's format or dataset are taken out."""

    dataset = forms.ChoiceField(label=gettext_lazy("Co zawiera tabela"), required=False)
    encoding = forms.ChoiceField(label=gettext_lazy("Kodowanie znaków"), required=False)
    separator = forms.ChoiceField(label=gettext_lazy("Kolumny rozdziela"), required=False)
    header_row = forms.IntegerField(
        label=gettext_lazy("Wiersz z nagłówkami"), required=False, min_value=1, max_value=LAST_ROW
    )
    decimal = forms.ChoiceField(label=gettext_lazy("Grosze oddziela"), required=False)
    dates = forms.ChoiceField(label=gettext_lazy("Kolejność w datach"), required=False)
    is_in_grosze = forms.BooleanField(
        label=gettext_lazy("Kwoty w groszach"),
        help_text=gettext_lazy("Liczba 12345 oznacza wtedy 123,45 zł."),
        required=False,
    )
    is_sign_reversed = forms.BooleanField(
        label=gettext_lazy("Saldo z odwrotnym znakiem: plus oznacza niedopłatę"), required=False
    )
    is_left_out = forms.BooleanField(label=gettext_lazy("Nie wczytuj tej tabeli"), required=False)
    remembers = forms.BooleanField(
        label=gettext_lazy("Zapamiętaj dla następnych plików z takimi nagłówkami"), required=False
    )
    profile_name = forms.CharField(label=gettext_lazy("Nazwa profilu"), required=False, max_length=200)

    def __init__(self, table: ImportTable, data: Any = None) -> None:
        super().__init__(data, initial=_initial(table))
        self.table = table
        self.keys = column_keys(table.headers)[:MAX_COLUMNS]
        self._offer_choices()
        self._take_out()
        self._add_columns()

    @property
    def columns(self) -> list[forms.BoundField]:
        """The select of each column, in the order of the headers."""
        return [self[_column(index)] for index in range(len(self.keys)) if _column(index) in self.fields]

    @property
    def settings(self) -> list[forms.BoundField]:
        """What is detected and seldom has to be said."""
        return [self[name] for name in SETTINGS if name in self.fields]

    @property
    def switches(self) -> list[forms.BoundField]:
        """What cannot be detected of amounts."""
        return [self[name] for name in ("is_in_grosze", "is_sign_reversed") if name in self.fields]

    @property
    def has_settings(self) -> bool:
        """Whether any of them was said or is refused: then they are not folded away."""
        return any(field.value() or field.errors for field in (*self.settings, *self.switches))

    @property
    def remembering(self) -> list[forms.BoundField]:
        """Whether to keep a profile and under which name; nothing for a table without headers."""
        return [self[name] for name in ("remembers", "profile_name") if name in self.fields]

    @property
    def asks_to_show(self) -> bool:
        """Whether the table has to be read and shown again before its columns can be told."""
        if self.data.get("krok") == "pokaz":
            return True
        comes_back = bool(self.initial.get("is_left_out"))
        return not self.is_left_out_now and (comes_back or bool(ANOTHER_READING & set(self.changed_data)))

    @property
    def is_left_out_now(self) -> bool:
        """Whether the table is not to be imported."""
        return bool(self.cleaned_data.get("is_left_out"))

    def missing(self) -> list[str]:
        """Labels of what the dataset needs and no column is chosen for."""
        chosen = [str(field.value() or "") for field in self.columns]
        return missing_fields(self.table.dataset, self.table.headers, chosen)

    def clean(self) -> dict[str, Any]:
        """One column per field, and a column for every field that is needed; unless columns come anew."""
        cleaned = super().clean() or {}
        if self.errors or self.asks_to_show or self.is_left_out_now:
            return cleaned
        if not self.table.dataset:
            self.add_error("dataset", _("Wybierz, co zawiera tabela."))
            return cleaned
        self._refuse_doubles()
        missing = missing_fields(self.table.dataset, self.table.headers, list(self._chosen().values()))
        if missing:
            self.add_error(
                None,
                _("Wskaż jeszcze kolumny: {names}.").format(names=", ".join(f"„{name}”" for name in missing)),
            )
        return cleaned

    def options(self) -> dict[str, Any]:
        """What was settled, as workers.reading_options writes it; without columns where they come anew."""
        given = {name: self.cleaned_data.get(name) for name in ("dataset", *SETTINGS, *SWITCHES)}
        given["separator"] = SEPARATOR_WORDS.get(given["separator"] or "", "")
        # What is not offered for this table stays as it was.
        absent = {name: value for name, value in self.table.options.items() if name not in self.fields}
        given |= {name: value for name, value in absent.items() if name in given}
        if self.is_left_out_now:
            given["columns"] = self.table.options.get("columns", {})
        elif not self.asks_to_show:
            given["columns"] = self._chosen()
        return {name: value for name, value in given.items() if value not in ("", None, False, {})}

    def _chosen(self) -> dict[str, str]:
        return {
            key: self.cleaned_data.get(_column(index), "")
            for index, key in enumerate(self.keys)
            if _column(index) in self.fields
        }

    def _refuse_doubles(self) -> None:
        taken: dict[str, str] = {}
        for index, key in enumerate(self.keys):
            field = self.cleaned_data.get(_column(index))
            if field and field in taken:
                label = name_of_field(self.table.dataset, field)
                self.add_error(
                    _column(index),
                    _("„{label}” jest już w kolumnie „{other}”.").format(label=label, other=taken[field]),
                )
            elif field:
                taken[field] = key

    def _offer_choices(self) -> None:
        words = [(word, name_separator(sign)) for word, sign in SEPARATOR_WORDS.items()]
        marks = [(mark, f"{name_decimal(mark)}: 1234{mark}56") for mark in ",."]
        self._offer("dataset", dataset_choices(), _("– wybierz –"))
        self._offer("encoding", list(ENCODINGS.items()), name_encoding(self.table.encoding))
        self._offer("separator", words, name_separator(self.table.separator))
        seen = self.table.options.get(SEEN, {})
        self._offer("decimal", marks, name_decimal(seen.get("decimal", "")))
        self._offer(
            "dates", [(order, name_dates(order)) for order in DATE_ORDERS], name_dates(seen.get("dates", ""))
        )
        if self.table.header_row and not self.table.options.get("header_row"):
            self.fields["header_row"].help_text = _("Rozpoznany: {row}.").format(row=self.table.header_row)

    def _offer(self, name: str, choices: list[tuple[str, str]], detected: str) -> None:
        """The choices after an empty one, which says what was detected where nothing is settled."""
        empty = detected
        if name != "dataset":
            is_settled = bool(self.table.options.get(name)) or not detected
            empty = _("rozpoznaj") if is_settled else _("rozpoznaj ({value})").format(value=detected)
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = [("", empty), *choices]

    def _take_out(self) -> None:
        """What means nothing for this table; the profile's fields, where no headers would tell it again."""
        table = self.table
        means = {
            "encoding": table.file_format in ENCODED_FORMATS,
            "separator": table.file_format in TEXT_FORMATS,
            "header_row": table.file_format in HEADED_FORMATS,
            "is_in_grosze": has_money(table.dataset),
            "is_sign_reversed": table.dataset == "balances",
            "remembers": any(table.headers),
            "profile_name": any(table.headers),
        }
        for name, is_meant in means.items():
            if not is_meant:
                del self.fields[name]

    def _add_columns(self) -> None:
        table = self.table
        if not table.dataset:
            return
        choices = field_choices(table.dataset)
        for index in range(len(self.keys)):
            self.fields[_column(index)] = forms.ChoiceField(
                label=table.headers[index] or _("(bez nagłówka)"),
                choices=choices,
                required=False,
                initial=table.mapping[index] if index < len(table.mapping) else "",
            )


def _column(index: int) -> str:
    return f"kolumna-{index}"


def _initial(table: ImportTable) -> dict[str, Any]:
    words = {sign: word for word, sign in SEPARATOR_WORDS.items()}
    given: dict[str, Any] = {name: table.options.get(name) for name in (*SETTINGS, *SWITCHES)}
    name = table.profile.name if table.profile else ""
    return {
        **given,
        "dataset": table.dataset,
        "separator": words.get(table.options.get("separator", ""), ""),
        "remembers": True,
        "profile_name": name or suggest_profile_name(name_of_dataset(table.dataset), table.file_name),
    }
