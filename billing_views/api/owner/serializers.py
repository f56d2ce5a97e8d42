"""Who and what is held, balances and the ledger, as the owners' API writes them. Figures are texts (fields.py)."""

from typing import Any

from rest_framework import serializers

from associations.ledger.calculations import OpeningKind
from associations.premises.models import PremisesKind, TitleKind
from associations.profile.models import AssociationKind, FundKind
from billing_views.api.owner.fields import MoneyField, QuantityField

Serializer = serializers.Serializer[Any]
BALANCE_HELP = "Saldo w złotych: suma wpłat − suma obciążeń; minus oznacza niedopłatę, plus nadpłatę."
OPENING_KINDS = [(one.value, one.name) for one in OpeningKind]


class FundSerializer(Serializer):
    """Fundusz. Sald różnych funduszy nie należy sumować."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=FundKind.choices)
    name = serializers.CharField()


class AccountSerializer(Serializer):
    """Konto księgowe."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    fund = FundSerializer()


class BooksAccountSerializer(AccountSerializer):
    """Konto księgowe z latami, za które są wpisy."""

    years = serializers.ListField(child=serializers.IntegerField())


class AccountsSerializer(Serializer):
    """Konta lokalu, na których są wpisy tej kartoteki."""

    accounts = BooksAccountSerializer(many=True)


class AssociationSerializer(Serializer):
    """Spółdzielnia albo wspólnota."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=AssociationKind.choices)


class PersonSerializer(Serializer):
    """Osoba, której jest klucz albo sesja; null: nie podano."""

    code = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)


class PremisesSerializer(Serializer):
    """Lokal; kod jest tekstem, zera na początku są ważne."""

    code = serializers.CharField()
    address = serializers.CharField(allow_blank=True)
    number = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=PremisesKind.choices)


class HeldPremisesSerializer(PremisesSerializer):
    """Lokal z tym, co o nim wiadomo; null: nie przekazano."""

    area = QuantityField(allow_null=True, help_text="Metry kwadratowe.")
    share = QuantityField(allow_null=True, help_text="Udział w nieruchomości.")
    persons = serializers.IntegerField(
        allow_null=True, help_text="Liczba osób; null także po zakończeniu tytułu."
    )


class TitleSerializer(Serializer):
    """Tytuł prawny tej osoby; null: bez daty."""

    kind = serializers.ChoiceField(choices=TitleKind.choices)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    share = serializers.CharField(help_text="Ułamek, na przykład 1/2.")
    is_joint = serializers.BooleanField(help_text="Wspólność łączna.")


class HoldingLinksSerializer(Serializer):
    """Adresy tego, co należy do kartoteki."""

    self = serializers.CharField()
    balances = serializers.CharField()
    ledger = serializers.CharField()
    accounts = serializers.CharField()
    charges = serializers.CharField()
    media = serializers.CharField()
    payments = serializers.CharField()
    transfers = serializers.CharField()


class HeldSerializer(Serializer):
    """Kartoteka: lokal w okresie, w którym był tej osoby. Dni graniczne należą do okresu."""

    id = serializers.IntegerField()
    premises = HeldPremisesSerializer()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    titles = TitleSerializer(many=True)
    co_owners = serializers.ListField(
        child=serializers.CharField(), help_text="Nazwiska pozostałych uprawnionych."
    )
    links = HoldingLinksSerializer()


class MeSerializer(Serializer):
    """Osoba i jej kartoteki, obecne najpierw."""

    association = AssociationSerializer()
    person = PersonSerializer()
    holdings = HeldSerializer(many=True)


class HoldingSerializer(Serializer):
    """Jedna kartoteka."""

    id = serializers.IntegerField()
    premises = PremisesSerializer()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    links = HoldingLinksSerializer()


class BalanceSerializer(Serializer):
    """Saldo jednego funduszu."""

    fund = FundSerializer()
    amount = MoneyField(
        allow_null=True,
        help_text=f"{BALANCE_HELP} null: saldo po zmianie właściciela nie zostało jeszcze rozliczone.",
    )
    overdue = MoneyField(
        allow_null=True,
        help_text="W tym po terminie płatności, bez znaku; null, gdy wpisy nie wyjaśniają salda.",
    )
    interest = MoneyField(
        allow_null=True,
        help_text="Odsetki naliczone, niezaksięgowane; null: nie podano. Nie należy ich sumować z saldem.",
    )
    as_of = serializers.DateField(allow_null=True, help_text="Stan na; null: nie podano.")
    is_interest_included = serializers.BooleanField(help_text="Te odsetki są już wliczone w saldo.")
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a member of the JSON
        choices=[("supplied", "podane przez zarządcę"), ("ledger", "wynika z wpisów w kartotece")]
    )


class BalancesSerializer(Serializer):
    """Najnowsze saldo każdego funduszu."""

    balances = BalanceSerializer(many=True)


class LedgerYearsSerializer(Serializer):
    """Lata kartoteki, od pierwszego do ostatniego z danymi."""

    years = serializers.ListField(child=serializers.IntegerField())


class OpeningSerializer(Serializer):
    """Bilans otwarcia konta w roku."""

    kind = serializers.ChoiceField(
        choices=OPENING_KINDS,
        help_text=(
            "stated: BO z ksiąg; carried: saldo końcowe poprzedniego roku; taken_over: od dnia objęcia lokalu; "
            "nothing_stated: księgi nie podają BO, zero; unknown: nie przekazano."
        ),
    )
    amount = MoneyField(allow_null=True, help_text=f"{BALANCE_HELP} null: nie przekazano.")
    on = serializers.DateField(help_text="Dzień bilansu; przy unknown dzień, od którego są dane.")


class EntrySerializer(Serializer):
    """Wpis (dokument) w kartotece."""

    posted_on = serializers.DateField(help_text="Data księgowania.")
    due_on = serializers.DateField(allow_null=True, help_text="Termin płatności; null: nie podano.")
    document = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    debit = MoneyField(help_text="Winien: obciążenie; ujemne to korekta.")
    credit = MoneyField(help_text="Ma: wpłata lub uznanie; ujemne to korekta.")
    balance = MoneyField(allow_null=True, help_text="Saldo po wpisie; null, gdy nie ma bilansu otwarcia.")


class LedgerAccountSerializer(Serializer):
    """Rok jednego konta: otwarcie + Ma − Winien = zamknięcie."""

    account = AccountSerializer()
    opening = OpeningSerializer()
    entries = EntrySerializer(many=True)
    debit = MoneyField(help_text="Obroty Winien, bez bilansu otwarcia.")
    credit = MoneyField(help_text="Obroty Ma, bez bilansu otwarcia.")
    closing = MoneyField(allow_null=True, help_text=f"{BALANCE_HELP} null, gdy nie ma bilansu otwarcia.")


class LedgerYearSerializer(Serializer):
    """Rok kartoteki; bez wpisów lista kont jest pusta."""

    year = serializers.IntegerField()
    closing_on = serializers.DateField(allow_null=True, help_text="Dzień, na który jest saldo końcowe.")
    published_at = serializers.DateTimeField(allow_null=True)
    accounts = LedgerAccountSerializer(many=True)
