"""How a manager sees what a batch changes, dataset by dataset (associations.imports.changes asks)."""

from django.utils.translation import gettext_noop

from associations.charges.importing import CHARGES
from associations.imports.changes import ChangeSpec, Field
from associations.ledger.importing import BALANCES, POSTINGS
from associations.meters.importing import READINGS, SETTLEMENTS

PAYER = Field(gettext_noop("Kod osoby"), "text", "coalesce(s.payer_code, '')")
DOCUMENT = Field(gettext_noop("Dokument"), "text", "coalesce(s.document, '')")

CHANGE_SPECS = (
    ChangeSpec(
        editions=CHARGES,
        identity="concat_ws('|', s.component_code, s.component_name, s.payer_code)",
        order="''",
        searched="concat_ws(' ', s.component_code, s.component_name)",
        fields=(
            Field(
                gettext_noop("Składnik"),
                "text",
                "trim(concat_ws(' ', s.component_code, nullif(s.component_name, s.component_code)))",
            ),
            Field(gettext_noop("Ilość"), "quantity", "s.quantity"),
            Field(gettext_noop("Jednostka"), "text", "coalesce(s.unit, '')"),
            Field(gettext_noop("Stawka"), "rate", "s.rate"),
            Field(gettext_noop("Kwota"), "money", "s.amount"),
            PAYER,
        ),
    ),
    ChangeSpec(
        editions=POSTINGS,
        identity="concat_ws('|', s.posted_on, s.document)",
        order="coalesce(s.description, '')",
        searched="concat_ws(' ', s.document, s.description)",
        fields=(
            DOCUMENT,
            Field(gettext_noop("Data"), "day", "s.posted_on"),
            Field(gettext_noop("Opis"), "text", "coalesce(s.description, '')"),
            Field(gettext_noop("Wn"), "money", "s.debit"),
            Field(gettext_noop("Ma"), "money", "s.credit"),
            Field(gettext_noop("Termin"), "day", "s.due_on"),
            PAYER,
        ),
    ),
    ChangeSpec(
        editions=BALANCES,
        identity="coalesce(s.payer_code, '')",
        order="s.as_of::text",
        searched="coalesce(s.payer_code, '')",
        fields=(
            PAYER,
            Field(gettext_noop("Stan na"), "day", "s.as_of"),
            Field(gettext_noop("Saldo"), "money", "s.amount"),
            Field(gettext_noop("Odsetki"), "money", "s.interest"),
        ),
    ),
    ChangeSpec(
        editions=READINGS,
        identity="concat_ws('|', s.meter_serial, s.read_on)",
        order="''",
        searched="concat_ws(' ', s.meter_serial, s.document)",
        fields=(
            Field(gettext_noop("Licznik"), "text", "s.meter_serial"),
            Field(gettext_noop("Data"), "day", "s.read_on"),
            Field(gettext_noop("Stan"), "quantity", "s.value"),
            Field(gettext_noop("Zużycie"), "quantity", "s.consumption"),
            Field(gettext_noop("Jednostka"), "text", "coalesce(s.unit, '')"),
            DOCUMENT,
        ),
    ),
    ChangeSpec(
        editions=SETTLEMENTS,
        identity="concat_ws('|', s.period_from, s.period_to, s.payer_code)",
        order="coalesce(s.document, '')",
        searched="coalesce(s.document, '')",
        fields=(
            DOCUMENT,
            Field(gettext_noop("Okres od"), "day", "s.period_from"),
            Field(gettext_noop("Okres do"), "day", "s.period_to"),
            Field(gettext_noop("Koszt"), "money", "s.cost"),
            Field(gettext_noop("Zaliczki"), "money", "s.advances"),
            Field(gettext_noop("Wynik"), "money", "s.result"),
            Field(gettext_noop("Termin"), "day", "s.due_on"),
            PAYER,
        ),
    ),
)
