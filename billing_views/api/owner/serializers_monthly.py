"""Charges, media and received payments, as the owners' API writes them. Figures are texts (fields.py)."""

from rest_framework import serializers

from associations.charges.changes import Cause
from associations.meters.models import ReadingKind
from associations.payments.transfers import AccountState, DueSource
from billing_views.api.owner.fields import MoneyField, MonthField, QuantityField
from billing_views.api.owner.serializers import FundSerializer, Serializer

CAUSES = [(one.value, one.name) for one in Cause]
ACCOUNT_STATES = [(one.value, one.name) for one in AccountState]
DUE_SOURCES = [(one.value, one.name) for one in DueSource]


class ChargedMonthSerializer(Serializer):
    """Miesiąc, za który są opłaty; suma wszystkich funduszy."""

    month = MonthField()
    total = MoneyField()


class ChargedMonthsSerializer(Serializer):
    """Miesiące z opłatami, od najstarszego."""

    months = ChargedMonthSerializer(many=True)


class ComponentSerializer(Serializer):
    """Składnik opłat jak przekazany; null: nie podano."""

    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    quantity = QuantityField(allow_null=True)
    unit = serializers.CharField(allow_blank=True)
    rate = QuantityField(allow_null=True, help_text="Stawka w złotych za jednostkę.")
    amount = MoneyField()


class FundChargesSerializer(Serializer):
    """Składniki jednego funduszu."""

    fund = FundSerializer()
    total = MoneyField()
    components = ComponentSerializer(many=True)


class ChangeSerializer(Serializer):
    """Co się zmieniło w składniku i dlaczego; `by_rate` i `by_quantity` dają razem `difference`."""

    fund = FundSerializer()
    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    before = ComponentSerializer(allow_null=True, help_text="null: składnik jest nowy.")
    now = ComponentSerializer(allow_null=True, help_text="null: składnika już nie ma.")
    difference = MoneyField(help_text="Nowa kwota − dawna; plus oznacza więcej do zapłaty.")
    cause = serializers.ChoiceField(
        choices=CAUSES,
        help_text=(
            "same: bez zmian; new: nowy; gone: już go nie ma; rate: stawka; quantity: ilość; both: stawka i ilość; "
            "basis: inna jednostka; amount: tylko kwota."
        ),
    )
    by_rate = MoneyField(allow_null=True)
    by_quantity = MoneyField(allow_null=True)


class ChargesSerializer(Serializer):
    """Opłaty za miesiąc; bez danych pola z sumami i dniami są puste (null), a listy bez pozycji."""

    month = MonthField()
    total = MoneyField(allow_null=True)
    compared_with = MonthField(allow_null=True, help_text="Poprzedni miesiąc z opłatami; null: nie ma go.")
    previous_total = MoneyField(allow_null=True, help_text="Suma tamtego miesiąca; null: nie ma go.")
    due_on = serializers.DateField(allow_null=True, help_text="Termin płatności.")
    payable_until = serializers.DateField(
        allow_null=True, help_text="Dzień, do którego wpłata jest w terminie (art. 115 KC)."
    )
    published_at = serializers.DateTimeField(allow_null=True)
    funds = FundChargesSerializer(many=True)
    changes = ChangeSerializer(many=True)


class MediumSerializer(Serializer):
    """Medium: zimna woda, ciepła woda, ogrzewanie."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class MediaSerializer(Serializer):
    """Lata i media z odczytami albo rozliczeniami."""

    years = serializers.ListField(child=serializers.IntegerField())
    media = MediumSerializer(many=True)


class ReadingSerializer(Serializer):
    """Odczyt obok poprzedniego odczytu tego samego licznika; null: nie podano albo nie ma poprzedniego."""

    medium = serializers.CharField()
    meter = serializers.CharField(allow_blank=True, help_text="Numer licznika; tekst.")
    read_on = serializers.DateField()
    value = QuantityField()
    previous_on = serializers.DateField(allow_null=True)
    previous_value = QuantityField(allow_null=True)
    difference = QuantityField(
        allow_null=True, help_text="Odczyt − poprzedni odczyt; ujemne: korekta albo błędny odczyt."
    )
    consumption = QuantityField(
        allow_null=True,
        help_text="Zużycie jak na stronie: podane przez zarządcę, a gdy nie podano, z odczytów.",
    )
    is_consumption_supplied = serializers.BooleanField(help_text="Czy zużycie podał zarządca.")
    unit = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=ReadingKind.choices)
    document = serializers.CharField(allow_blank=True)


class ExchangeSerializer(Serializer):
    """Wymiana licznika."""

    medium = serializers.CharField()
    on = serializers.DateField()
    removed = serializers.CharField(help_text="Numer zdemontowanego licznika.")
    removed_at = QuantityField()
    installed = serializers.CharField(help_text="Numer zamontowanego licznika.")
    installed_at = QuantityField()


class ReadingsSerializer(Serializer):
    """Odczyty roku według mediów i dni, z wymianami liczników."""

    year = serializers.IntegerField()
    readings = ReadingSerializer(many=True)
    exchanges = ExchangeSerializer(many=True)


class SettlementSerializer(Serializer):
    """Rozliczenie medium; null: nie podano."""

    medium = serializers.CharField()
    period_from = serializers.DateField()
    period_to = serializers.DateField()
    document = serializers.CharField(allow_blank=True)
    consumption = QuantityField(allow_null=True)
    unit = serializers.CharField(allow_blank=True)
    cost = MoneyField(allow_null=True)
    advances = MoneyField(allow_null=True, help_text="Zaliczki.")
    result = MoneyField(help_text="Wynik: plus do zapłaty, minus do zwrotu.")
    due_on = serializers.DateField(allow_null=True)


class SettlementsSerializer(Serializer):
    """Rozliczenia za okresy zakończone w roku."""

    year = serializers.IntegerField()
    settlements = SettlementSerializer(many=True)


class PaymentSerializer(Serializer):
    """Wpłata otrzymana, jeszcze niezaksięgowana."""

    received_on = serializers.DateField()
    amount = MoneyField(help_text="W złotych; minus, gdy bank ją cofnął.")
    title = serializers.CharField(allow_blank=True)


class PaymentsSerializer(Serializer):
    """Wpłaty, które bank otrzymał, a księgi jeszcze nie zawierają. Nie wchodzą do salda."""

    payments = PaymentSerializer(many=True)


class TransferSerializer(Serializer):
    """Dane do przelewu za jeden fundusz."""

    fund = FundSerializer()
    balance = MoneyField(allow_null=True, help_text="Saldo; minus oznacza niedopłatę; null: nie wiadomo.")
    balance_source = serializers.ChoiceField(
        choices=DUE_SOURCES,
        help_text="supplied: podane; ledger: z wpisów; withheld: jeszcze nierozliczone; unknown: nie podano.",
    )
    as_of = serializers.DateField(allow_null=True)
    interest = MoneyField(allow_null=True, help_text="Odsetki niezaksięgowane; nie są wliczone w kwotę.")
    amount = MoneyField(allow_null=True, help_text="Do zapłaty; null: nic do zapłaty albo nie wiadomo.")
    recipient = serializers.CharField()
    account_state = serializers.ChoiceField(
        choices=ACCOUNT_STATES,
        help_text="given: numer podany; missing: poda biuro; wrong: błędny w księgach; former: dla następcy.",
    )
    account = serializers.CharField(allow_blank=True, help_text="Numer rachunku, 26 cyfr; albo pusty.")
    title = serializers.CharField()
    code = serializers.CharField(
        allow_blank=True, help_text="Treść kodu QR według rekomendacji ZBP; albo pusta."
    )


class TransfersSerializer(Serializer):
    """Dane do przelewu, po jednym na fundusz."""

    transfers = TransferSerializer(many=True)
