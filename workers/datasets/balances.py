"""Balances (salda) per premises, payer and fund, with interest not yet posted and the as-of date."""

from workers.datasets.fields import Dataset, Field, Kind, gettext_noop
from workers.datasets.shared_fields import FUND, PAYER_CODE, PREMISES_CODE

BALANCES = Dataset(
    "balances",
    gettext_noop("Salda"),
    gettext_noop("Jeden wiersz na lokal i fundusz; minus oznacza niedopłatę."),
    (
        PREMISES_CODE,
        PAYER_CODE,
        FUND,
        Field(
            "amount",
            Kind.MONEY,
            gettext_noop("Saldo"),
            ("saldo", "saldo końcowe", "saldo na dzień", "stan salda", "kwota salda", "kwota"),
            required=True,
            help=gettext_noop("Saldo w złotych; minus oznacza niedopłatę."),
        ),
        Field(
            "interest",
            Kind.MONEY,
            gettext_noop("Odsetki niezaksięgowane"),
            (
                "odsetki niezaksięgowane",
                "odsetki naliczone niezaksięgowane",
                "odsetki naliczone",
                "odsetki za opóźnienie",
                "odsetki",
            ),
            help=gettext_noop("Odsetki naliczone, których nie ma jeszcze w saldzie."),
        ),
        Field(
            "as_of",
            Kind.DATE,
            gettext_noop("Stan na"),
            ("stan na dzień", "stan na", "na dzień", "data salda", "data", "dzień"),
            help=gettext_noop(
                "Dzień, na który podano saldo. Bez niego saldo liczy się na dzień wgrania pliku."
            ),
        ),
    ),
    is_money=True,
)
