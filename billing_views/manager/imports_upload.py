"""The upload form: several files or a ZIP at once. Its limits: billing_views.upload_limits."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ACCEPTED = ".csv,.txt,.tsv,.tab,.prn,.xlsx,.xlsm,.ods,.xls,.dbf,.xml,.sta,.mt940,.940,.zip"


class FilesInput(forms.ClearableFileInput):
    """A file field that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files as a list. Empty ones pass: the worker lists what is wrong with every file at once."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file checked on its own."""
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class UploadForm(forms.Form):
    """Files of one batch."""

    uploads = FilesField(
        label=_("Pliki"),
        allow_empty_file=True,
        max_length=255,
        help_text=_(
            "CSV, TXT, XLSX, ODS, XLS, DBF, XML, wyciąg MT940 albo ZIP, razem do 100 MB. "
            "Kilka plików wgranych naraz to jedna paczka: "
            "zostaną sprawdzone i opublikowane razem."
        ),
        widget=FilesInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": _("Wybierz co najmniej jeden plik."),
            "max_length": _("Nazwa pliku może mieć najwyżej %(max)d znaków, ta ma %(length)d."),
        },
    )
