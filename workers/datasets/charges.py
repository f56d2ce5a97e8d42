"""Monthly charges (naliczenia, przypisy): one row per premises, month and component (składnik)."""

from workers.copy_text import NULL
from workers.datasets.fields import Dataset, Field, Kind, gettext_noop
from workers.datasets.shared_fields import FUND, PAYER_CODE, PREMISES_CODE, UNIT
from workers.values.fault import Fault

_COMPONENT_CODE, _COMPONENT_NAME = 3, 4


def _refuse_nameless(parts: list[str]) -> Fault | None:
    if parts[_COMPONENT_CODE] == NULL and parts[_COMPONENT_NAME] == NULL:
        return Fault("no_component", "Brak składnika: wiersz nie ma ani kodu, ani nazwy składnika.")
    return None


def _are_named(columns: list[list[str]]) -> bool:
    codes = columns[_COMPONENT_CODE]
    return NULL not in codes or (NULL, NULL) not in zip(codes, columns[_COMPONENT_NAME], strict=True)


CHARGES = Dataset(
    "charges",
    gettext_noop("Naliczenia"),
    gettext_noop("Jeden wiersz na lokal, miesiąc i składnik opłat."),
    (
        Field(
            "month",
            Kind.MONTH,
            gettext_noop("Miesiąc"),
            ("miesiąc", "miesiąc naliczenia", "okres", "za miesiąc", "okres naliczenia", "data naliczenia"),
            required=True,
            help=gettext_noop("Np. 2026-11, 11/2026 albo listopad 2026."),
        ),
        PREMISES_CODE,
        PAYER_CODE,
        Field(
            "component_code",
            Kind.CODE,
            gettext_noop("Składnik"),
            ("kod składnika", "symbol składnika", "składnik", "kod opłaty"),
            help=gettext_noop("Kod składnika, np. EKSP; wystarczy kod albo nazwa."),
        ),
        Field(
            "component_name",
            Kind.TEXT,
            gettext_noop("Nazwa składnika"),
            ("nazwa składnika", "nazwa opłaty", "tytuł", "tytuł opłaty", "opłata", "nazwa"),
            max_length=200,
            help=gettext_noop("Nazwa składnika, którą zobaczą właściciele."),
        ),
        FUND,
        Field(
            "quantity",
            Kind.DECIMAL,
            gettext_noop("Ilość"),
            ("ilość", "liczba", "liczba jednostek"),
            scale=6,
            help=gettext_noop("Ilość, do sześciu miejsc po przecinku."),
        ),
        UNIT,
        Field(
            "rate",
            Kind.DECIMAL,
            gettext_noop("Stawka"),
            ("stawka", "cena", "cena jednostkowa", "stawka jednostkowa"),
            scale=6,
            help=gettext_noop("Stawka za jednostkę, do sześciu miejsc po przecinku."),
        ),
        Field(
            "amount",
            Kind.MONEY,
            gettext_noop("Kwota"),
            ("kwota", "wartość", "kwota naliczenia", "naliczono", "należność"),
            required=True,
            help=gettext_noop("Kwota w złotych; pokazujemy ją tak, jak podał program."),
        ),
    ),
    one_of=(("component_code", "component_name"),),
    finish=_refuse_nameless,
    finish_columns=_are_named,
    is_money=True,
)
