"""The resources of the API as they are written in JSON; figures are texts, instants ISO 8601."""

from typing import Any

from rest_framework import serializers

from associations.imports.declarations import ANSWERS
from associations.imports.models import BatchSource, BatchState, Severity


class FileSerializer(serializers.Serializer[Any]):
    """A file of a batch as it was uploaded."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bajty.")
    sha256 = serializers.CharField()


class ProgressSerializer(serializers.Serializer[Any]):
    """How far the worker is."""

    phase = serializers.CharField(help_text="reading, checking, comparing, publishing, undoing, cancelling.")
    label = serializers.CharField(help_text="Faza po polsku.")  # type: ignore[assignment]  # a member of the JSON
    rows = serializers.IntegerField(help_text="Wiersze wczytane do tej pory.")
    percent = serializers.IntegerField(allow_null=True, help_text="Ile fazy za nami; null: nie wiadomo.")
    remaining_seconds = serializers.IntegerField(
        allow_null=True, help_text="Szacowany pozostały czas fazy; null: nie wiadomo."
    )


class LinksSerializer(serializers.Serializer[Any]):
    """Addresses of what belongs to the batch."""

    self = serializers.CharField()
    problems = serializers.CharField()
    declarations = serializers.CharField()
    publish = serializers.CharField()
    undo = serializers.CharField()
    cancel = serializers.CharField()
    page = serializers.CharField(help_text="Strona paczki w portalu.")


class ImportSerializer(serializers.Serializer[Any]):
    """A batch (paczka)."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=BatchState.choices)
    state_label = serializers.CharField(help_text="Stan po polsku.")
    is_running = serializers.BooleanField(help_text="Portal pracuje nad paczką: zapytaj znowu za chwilę.")
    source = serializers.ChoiceField(choices=BatchSource.choices)  # type: ignore[assignment]  # a member
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField()
    files = FileSerializer(many=True)
    progress = ProgressSerializer(allow_null=True)
    error_count = serializers.IntegerField()
    warning_count = serializers.IntegerField()
    can_publish = serializers.BooleanField(help_text="Ten klucz może teraz opublikować paczkę.")
    can_publish_without_premises_with_errors = serializers.BooleanField()
    open_consents = serializers.ListField(
        child=serializers.CharField(), help_text="Na co trzeba się zgodzić przy publikacji."
    )
    declarations = serializers.JSONField()
    summary = serializers.JSONField(help_text="Podgląd: liczby i sumy kontrolne; kwoty jako teksty.")
    preview = serializers.CharField(help_text="Znak podglądu: podaj go jako seen przy publikacji.")
    failure = serializers.CharField(help_text="Co się nie udało, po polsku.")
    links = LinksSerializer()


class ImportPageSerializer(serializers.Serializer[Any]):
    """A page of batches, the newest first."""

    count = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    results = ImportSerializer(many=True)


class ProblemSerializer(serializers.Serializer[Any]):
    """What is wrong, where, and why."""

    severity = serializers.ChoiceField(choices=Severity.choices)
    code = serializers.CharField()
    dataset = serializers.CharField(allow_blank=True)
    file_name = serializers.CharField(allow_blank=True)
    sheet = serializers.CharField(allow_blank=True)
    row = serializers.IntegerField(allow_null=True)
    column = serializers.CharField(allow_blank=True)
    value = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(help_text="Po polsku.")
    suggestion = serializers.CharField(allow_blank=True, help_text="Wartość, o którą mogło chodzić.")
    premises_code = serializers.CharField(allow_blank=True)


class ProblemPageSerializer(serializers.Serializer[Any]):
    """A page of problems: errors first, then by file, sheet and row."""

    count = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    results = ProblemSerializer(many=True)


class DeclarationsSerializer(serializers.Serializer[Any]):
    """What is said of a batch that its files cannot say."""

    is_addition = serializers.BooleanField(
        default=False, help_text="Wpisy są dopisywane do opublikowanych; nic nie zniknie."
    )
    as_of = serializers.DateField(
        default=None, allow_null=True, help_text="Dzień, na który plik osób jest prawdziwy."
    )
    adds_again = serializers.BooleanField(
        default=False, help_text="Ten sam plik był już dopisany i ma być dopisany jeszcze raz."
    )
    closes_undated_titles = serializers.BooleanField(default=False)
    ends_missing_titles = serializers.BooleanField(default=False)
    people = serializers.DictField(
        child=serializers.ChoiceField(choices=ANSWERS),
        default=dict,
        help_text="Kod osoby → correction (poprawka nazwiska) albo other (inna osoba).",
    )


class UploadSerializer(serializers.Serializer[Any]):
    """Files of one batch, as multipart/form-data."""

    files = serializers.ListField(
        child=serializers.FileField(), help_text="Jeden lub więcej plików, razem do 100 MB."
    )
    is_addition = serializers.BooleanField(default=False, help_text="Dopisanie: nic nie zniknie.")


class PublishSerializer(serializers.Serializer[Any]):
    """The consents that the page asks for."""

    without_premises_with_errors = serializers.BooleanField(default=False)
    accepts_renames = serializers.BooleanField(default=False)
    confirms_vanishing = serializers.BooleanField(default=False)
    confirms_accounts = serializers.BooleanField(default=False)
    seen = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=64,
        help_text="Wartość preview z odczytanej paczki; inny podgląd nie zostanie opublikowany (409).",
    )


class ErrorSerializer(serializers.Serializer[Any]):
    """An error (application/problem+json)."""

    type = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Dla programów.")
    detail = serializers.CharField(help_text="Zdanie dla ludzi, po polsku.")
