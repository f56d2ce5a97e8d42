"""Columns that several datasets share: premises, payer, fund, unit, document, side of an amount (Wn, Ma)."""

from workers.datasets.fields import Field, Kind, gettext_noop

PREMISES_CODE = Field(
    "premises_code",
    Kind.CODE,
    gettext_noop("Kod lokalu"),
    (
        "kod lokalu",
        "symbol lokalu",
        "indeks lokalu",
        "identyfikator lokalu",
        "id lokalu",
        "lokal kod",
        "lokal",
        "nr lokalu",
        "numer lokalu",
        "MIE",
    ),
    required=True,
    help=gettext_noop("Kod lokalu w programie księgowym; zera wiodące są ważne."),
)

PAYER_CODE = Field(
    "payer_code",
    Kind.CODE,
    gettext_noop("Kod osoby"),
    (
        "kod płatnika",
        "kod osoby",
        "nr osoby",
        "kod kontrahenta",
        "nr kontrahenta",
        "płatnik kod",
        "płatnik",
        "kontrahent",
        "osoba",
    ),
    help=gettext_noop("Kod osoby, której dotyczy wiersz; bez niego decyduje data."),
)

FUND = Field(
    "fund",
    Kind.FUND,
    gettext_noop("Fundusz"),
    ("fundusz", "rodzaj funduszu", "nazwa funduszu"),
    required=True,
    max_length=40,
    help=gettext_noop("Fundusz podstawowy (eksploatacja) albo remontowy; inne nazwy zostają bez zmian."),
)

UNIT = Field(
    "unit",
    Kind.UNIT,
    gettext_noop("J.m."),
    ("jednostka miary", "jednostka", "j.m.", "jm", "miara"),
    max_length=20,
    help=gettext_noop("m², m³, GJ, os., szt.; m2 i m3 zamieniamy na m² i m³."),
)

DOCUMENT = Field(
    "document",
    Kind.TEXT,
    gettext_noop("Dokument"),
    (
        "nr dokumentu",
        "numer dokumentu",
        "nr dok.",
        "dokument",
        "dok.",
        "nr dowodu",
        "dowód",
        "dowód księgowy",
    ),
    max_length=100,
    help=gettext_noop("Numer dokumentu, np. WB 29/2026 albo BO."),
)

MEDIUM = Field(
    "medium",
    Kind.TEXT,
    gettext_noop("Medium"),
    ("medium", "media", "rodzaj medium", "nazwa medium"),
    required=True,
    max_length=60,
    help=gettext_noop("Np. zimna woda, ciepła woda, centralne ogrzewanie."),
)

SIDE = Field(
    "side",
    Kind.CHOICE,
    gettext_noop("Strona (Wn/Ma)"),
    (
        "strona",
        "Wn/Ma",
        "strona Wn/Ma",
        "strona konta",
        "strona księgowania",
        "strona zapisu",
        "W/M",
        "Dt/Ct",
        "D/C",
        "Wn czy Ma",
    ),
    choices={
        **dict.fromkeys(
            ("Wn", "W", "Dt", "D", "Dr", "Db", "Winien", "Debet", "Obciążenie", "Strona Wn"), "debit"
        ),
        **dict.fromkeys(("Ma", "M", "Ct", "C", "Cr", "Kredyt", "Uznanie", "Strona Ma"), "credit"),
    },
    expected="Wn albo Ma",
    is_staged=False,
    needs=("amount",),
    help=gettext_noop("Litera, która mówi, po której stronie jest kwota: Wn, W, Dt, D albo Ma, M, Ct, C."),
)
