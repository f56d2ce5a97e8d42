"""Cards and strips of figures: the balance of a fund, facts of an import."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class BalanceCard:
    """The balance of one fund; balance = Σ credit − Σ debit, minus is niedopłata.

    `as_of`, `overdue` and `interest` are None where nothing was supplied, and then nothing is shown.
    `interest` is accrued and not yet posted: it stands beside the balance and is never netted; `interest_label` says who
    supplied it. `debts` are the unpaid ones as sentences, the oldest first; `explanation_url` leads to what the balance
    is made of.
    """

    title: str
    balance: Decimal
    as_of: dt.date | None = None
    overdue: Decimal | None = None
    interest: Decimal | None = None
    interest_url: str | None = None
    note: str = ""
    interest_label: str = ""
    debts: tuple[str, ...] = ()
    explanation_url: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with the words below it: „93 poprawne wiersze". `value` is already formatted."""

    value: str
    label: str
    url: str | None = None
