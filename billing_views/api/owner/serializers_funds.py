"""A fund's balance with all that it is made of, and interest, as the owners' API writes them. Figures are texts."""

from rest_framework import serializers

from billing_views.api.owner.fields import MoneyField, QuantityField
from billing_views.api.owner.serializers import (
    BALANCE_HELP,
    AccountSerializer,
    FundSerializer,
    OpeningSerializer,
    Serializer,
)


class OpenDebtSerializer(Serializer):
    """Należność, która nie jest jeszcze zapłacona w całości."""

    document = serializers.CharField(allow_blank=True, help_text="Puste: bilans otwarcia.")
    description = serializers.CharField(allow_blank=True)
    posted_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True, help_text="Termin płatności; null: nie podano.")
    payable_until = serializers.DateField(
        allow_null=True, help_text="Dzień, do którego wpłata jest w terminie (art. 115 KC)."
    )
    amount = MoneyField()
    left = MoneyField(help_text="Ile z niej zostało do zapłaty.")


class DocumentSerializer(Serializer):
    """Dokument z miejscem, z którego pochodzi."""

    posted_on = serializers.DateField(help_text="Data księgowania.")
    due_on = serializers.DateField(allow_null=True, help_text="Termin płatności; null: nie podano.")
    document = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    debit = MoneyField(help_text="Winien: obciążenie; ujemne to korekta.")
    credit = MoneyField(help_text="Ma: wpłata lub uznanie; ujemne to korekta.")
    file = serializers.IntegerField(help_text="Numer pliku z listy `files`.")
    line = serializers.IntegerField(allow_null=True, help_text="Wiersz pliku; null: wpis przeniesiony.")


class StatementSerializer(Serializer):
    """Konto od początku roku do dnia salda: bilans otwarcia + Ma − Winien."""

    account = AccountSerializer()
    opening = OpeningSerializer()
    documents = DocumentSerializer(many=True)
    debit = MoneyField()
    credit = MoneyField()
    closing = MoneyField(allow_null=True, help_text=f"{BALANCE_HELP} null: nie ma bilansu otwarcia.")


class SourceFileSerializer(Serializer):
    """Plik z programu księgowego."""

    number = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True, help_text="Puste, gdy nazwa mogłaby wskazywać osobę.")
    uploaded_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField()


class ExplanationSerializer(Serializer):
    """Z czego składa się saldo funduszu; bez wpisów pola z kwotami są puste (null)."""

    fund = FundSerializer()
    day = serializers.DateField(allow_null=True, help_text="Dzień salda.")
    computed = MoneyField(allow_null=True, help_text=f"Saldo z wpisów. {BALANCE_HELP}")
    supplied = MoneyField(allow_null=True, help_text="Saldo podane przez zarządcę; null: nie podano.")
    difference = MoneyField(allow_null=True, help_text="Podane − z wpisów.")
    overdue = MoneyField(allow_null=True, help_text="W tym po terminie płatności; dług jest dodatni.")
    debts = OpenDebtSerializer(many=True, help_text="Po terminie, od najstarszej.")
    not_due = OpenDebtSerializer(many=True, help_text="Jeszcze przed terminem.")
    accounts = StatementSerializer(many=True)
    files = SourceFileSerializer(many=True)


class InterestLineSerializer(Serializer):
    """Dni o jednej kwocie po terminie i jednej stopie: kwota × stopa × dni ÷ 365, zaokrąglone do grosza."""

    first = serializers.DateField()
    last = serializers.DateField()
    days = serializers.IntegerField()
    overdue = MoneyField()
    annual_percent = QuantityField(help_text="Stopa roczna w procentach.")
    rate_source = serializers.CharField(help_text="Skąd pochodzi stopa.")
    amount = MoneyField()


class FundInterestSerializer(Serializer):
    """Odsetki podane przez zarządcę (niezaksięgowane) i wyliczenie informacyjne portalu."""

    fund = FundSerializer()
    supplied = MoneyField(allow_null=True, help_text="Podane, niezaksięgowane; null: nie podano.")
    supplied_as_of = serializers.DateField(allow_null=True)
    first = serializers.DateField(
        allow_null=True, help_text="Pierwszy dzień wyliczenia; null: nie można wyliczyć."
    )
    last = serializers.DateField(allow_null=True)
    total = MoneyField(allow_null=True)
    lines = InterestLineSerializer(many=True)
