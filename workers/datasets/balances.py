"""Balances (salda) per premises, payer and fund, with interest not yet posted and the as-of date.

A balance is one amount with a sign, one with a letter (Wn, Ma), or stands in one of two columns.
"""

from dataclasses import replace
from decimal import Decimal

from workers.copy_text import NULL, copy_text
from workers.datasets.fields import Dataset, Field, Kind, gettext_noop
from workers.datasets.shared_fields import FUND, PAYER_CODE, PREMISES_CODE, SIDE
from workers.values.fault import Fault

_AMOUNT, _DEBIT, _CREDIT, _SIDE = 3, 6, 7, 8


def _find_balance(parts: list[str]) -> Fault | None:
    """The balance, credit less debit: minus is an underpayment (niedopłata)."""
    if parts[_AMOUNT] != NULL:
        return _give_sign(parts)
    debit, credit = parts[_DEBIT], parts[_CREDIT]
    if debit == NULL and credit == NULL:
        return Fault("no_amount", "Brak salda: kolumny Saldo Wn i Saldo Ma są puste.")
    net = Decimal(0 if credit == NULL else credit) - Decimal(0 if debit == NULL else debit)
    parts[_AMOUNT] = copy_text(net)
    return None


def _give_sign(parts: list[str]) -> Fault | None:
    amount = Decimal(parts[_AMOUNT])
    if parts[_SIDE] == NULL and amount:
        return Fault("no_side", "Brak strony: nie wiadomo, czy saldo jest po stronie Wn, czy Ma.")
    parts[_AMOUNT] = copy_text(-amount if parts[_SIDE] == "debit" else amount)
    return None


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
            is_balance=True,
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
        Field(
            "balance_debit",
            Kind.MONEY,
            gettext_noop("Saldo Wn"),
            ("saldo winien", "saldo Wn końcowe", "saldo końcowe Wn", "niedopłata", "zaległość"),
            is_staged=False,
            yields_to=("amount",),
            adds_to="amount",
            sign=-1,
            help=gettext_noop(
                "Saldo po stronie Wn (niedopłata), gdy program podaje salda w dwóch kolumnach."
            ),
        ),
        Field(
            "balance_credit",
            Kind.MONEY,
            gettext_noop("Saldo Ma"),
            ("saldo Ma", "saldo Ma końcowe", "saldo końcowe Ma", "nadpłata"),
            is_staged=False,
            yields_to=("amount",),
            adds_to="amount",
            help=gettext_noop("Saldo po stronie Ma (nadpłata), gdy program podaje salda w dwóch kolumnach."),
        ),
        replace(SIDE, help=gettext_noop("Litera, która mówi, po której stronie jest saldo; zamiast znaku.")),
    ),
    resolve=_find_balance,
    is_money=True,
)
