"""Media settlements (rozliczenia mediów): cost against advances of a period."""

from dataclasses import replace

from workers.datasets.fields import Dataset, Field, Kind, gettext_noop
from workers.datasets.ordering import refuse_reversed
from workers.datasets.shared_fields import DOCUMENT, MEDIUM, PAYER_CODE, PREMISES_CODE, UNIT

FIELDS = (
    PREMISES_CODE,
    PAYER_CODE,
    MEDIUM,
    Field(
        "period_from",
        Kind.DATE,
        gettext_noop("Okres od"),
        ("okres od", "rozliczenie od", "data od", "od dnia", "od"),
        required=True,
        help=gettext_noop("Pierwszy dzień rozliczanego okresu."),
    ),
    Field(
        "period_to",
        Kind.DATE,
        gettext_noop("Okres do"),
        ("okres do", "rozliczenie do", "data do", "do dnia", "do"),
        required=True,
        help=gettext_noop("Ostatni dzień rozliczanego okresu."),
    ),
    replace(DOCUMENT, help=gettext_noop("Numer rozliczenia, np. RK 1/2026.")),
    Field(
        "consumption",
        Kind.DECIMAL,
        gettext_noop("Zużycie"),
        ("zużycie", "ilość zużyta", "ilość"),
        scale=6,
        help=gettext_noop("Zużycie w okresie."),
    ),
    UNIT,
    Field(
        "cost",
        Kind.MONEY,
        gettext_noop("Koszt"),
        ("koszt", "koszty", "koszt rozliczony", "koszt zużycia"),
        help=gettext_noop("Koszt przypadający na lokal."),
    ),
    Field(
        "advances",
        Kind.MONEY,
        gettext_noop("Zaliczki"),
        ("zaliczki", "zaliczka", "naliczone zaliczki", "suma zaliczek"),
        help=gettext_noop("Zaliczki naliczone w okresie."),
    ),
    Field(
        "result",
        Kind.MONEY,
        gettext_noop("Wynik"),
        ("wynik", "wynik rozliczenia", "różnica", "do zwrotu/dopłaty", "nadpłata/niedopłata"),
        required=True,
        help=gettext_noop("Wynik rozliczenia ze znakiem takim, jak podaje program."),
    ),
    Field(
        "due_on",
        Kind.DATE,
        gettext_noop("Termin płatności"),
        ("termin płatności", "termin", "data płatności", "płatne do"),
        help=gettext_noop("Termin zapłaty dopłaty albo zwrotu."),
    ),
)

SETTLEMENTS = Dataset(
    "settlements",
    gettext_noop("Rozliczenia mediów"),
    gettext_noop("Jeden wiersz na lokal, medium i rozliczany okres."),
    FIELDS,
    finish=refuse_reversed(FIELDS, "period_from", "period_to", "Okres kończy się przed swoim początkiem."),
    is_money=True,
)
