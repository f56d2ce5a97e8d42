"""Payments by a bank statement (wpłaty bankowe): incoming operations, before the books contain them."""

from workers.datasets.fields import Dataset, Field, Kind, gettext_noop

PAYMENTS = Dataset(
    "payments",
    gettext_noop("Wpłaty bankowe"),
    gettext_noop("Wyciąg z banku (MT940): właściciel zobaczy wpłatę, zanim pojawi się w księgach."),
    (
        Field(
            "account",
            Kind.BANK_ACCOUNT,
            gettext_noop("Rachunek własny"),
            ("rachunek posiadacza", "rachunek wyciągu"),
            required=True,
            help=gettext_noop("Rachunek wspólnoty albo spółdzielni, z którego jest wyciąg."),
        ),
        Field(
            "statement",
            Kind.TEXT,
            gettext_noop("Wyciąg"),
            ("nr wyciągu", "numer wyciągu"),
            help=gettext_noop("Numer wyciągu."),
        ),
        Field(
            "booked_on",
            Kind.DATE,
            gettext_noop("Data księgowania"),
            ("data księgowania", "data operacji"),
            required=True,
            help=gettext_noop("Dzień, w którym bank zaksięgował wpłatę."),
        ),
        Field("value_on", Kind.DATE, gettext_noop("Data waluty"), help=gettext_noop("Data waluty.")),
        Field(
            "amount",
            Kind.MONEY,
            gettext_noop("Kwota wpłaty"),
            ("kwota", "kwota operacji"),
            required=True,
            help=gettext_noop("Kwota wpłaty; ujemna, gdy bank ją cofnął."),
        ),
        Field(
            "reference",
            Kind.BANK_TEXT,
            gettext_noop("Referencje"),
            max_length=100,
            help=gettext_noop("Oznaczenia operacji nadane przez bank."),
        ),
        Field(
            "title",
            Kind.BANK_TEXT,
            gettext_noop("Tytuł wpłaty"),
            ("tytuł operacji", "tytuł przelewu"),
            max_length=500,
            help=gettext_noop("Tytuł przelewu."),
        ),
        Field(
            "payer_name",
            Kind.BANK_TEXT,
            gettext_noop("Wpłacający"),
            ("nadawca", "nazwa nadawcy"),
            max_length=200,
            help=gettext_noop("Nazwa wpłacającego według banku."),
        ),
        Field(
            "paid_to",
            Kind.BANK_TEXT,
            gettext_noop("Rachunek wirtualny"),
            ("rachunek odbiorcy", "rachunek wpłaty"),
            max_length=500,
            help=gettext_noop("Rachunek lokalu, na który wpłynęła wpłata; po nim portal rozpoznaje lokal."),
        ),
    ),
    is_money=True,
)
