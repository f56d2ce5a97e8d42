"""Accounts (konta) with the fund they belong to; common, or of one premises or payer."""

from dataclasses import replace

from workers.datasets.fields import Dataset, Field, Kind, gettext_noop
from workers.datasets.shared_fields import FUND, PAYER_CODE, PREMISES_CODE

ACCOUNT_CODE = Field(
    "account_code",
    Kind.CODE,
    gettext_noop("Konto"),
    (
        "kod konta",
        "nr konta",
        "numer konta",
        "symbol konta",
        "konto księgowe",
        "konto",
        "podkonto",
        "analityka",
    ),
    required=True,
    help=gettext_noop("Konto księgowe dokładnie tak, jak zapisuje je program, np. 204-1."),
)

ACCOUNTS = Dataset(
    "accounts",
    gettext_noop("Konta"),
    gettext_noop("Jeden wiersz na konto: nazwa i fundusz."),
    (
        ACCOUNT_CODE,
        Field(
            "name",
            Kind.TEXT,
            gettext_noop("Nazwa"),
            ("nazwa konta", "nazwa", "opis konta", "opis"),
            max_length=200,
            help=gettext_noop("Nazwa konta, którą zobaczą właściciele."),
        ),
        FUND,
        replace(
            PREMISES_CODE,
            required=False,
            help=gettext_noop("Tylko gdy konto należy do jednego lokalu."),
        ),
        replace(PAYER_CODE, help=gettext_noop("Tylko gdy konto należy do jednej osoby.")),
    ),
)
