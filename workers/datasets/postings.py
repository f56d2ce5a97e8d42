"""Postings (księgowania, obroty) with opening balances (bilans otwarcia, BO) as rows of their own kind."""

import re

from workers.copy_text import NULL
from workers.datasets.accounts import ACCOUNT_CODE
from workers.datasets.fields import Dataset, Field, Kind, gettext_noop
from workers.datasets.shared_fields import DOCUMENT, PAYER_CODE, PREMISES_CODE
from workers.values.fault import Fault

_DOCUMENT, _DESCRIPTION, _DEBIT, _CREDIT, _IS_OPENING = 5, 6, 7, 8, 9
_OPENING_DOCUMENT = re.compile(r"(?:b\.?\s?o\.?|bilans otwarcia)(?:[\s/.-].*)?", re.IGNORECASE)
_OPENING_DESCRIPTION = re.compile(
    r"(?:b\.?\s?o\.?|bilans otwarcia)(?:\s+(?:roku|na|za|z|konta)\b.*|[\s/]*[0-9./-]*)?", re.IGNORECASE
)


def _mark_opening(parts: list[str]) -> Fault | None:
    """Fills is_opening; a row with neither debit nor credit is refused, one of them empty is zero."""
    document, description = parts[_DOCUMENT], parts[_DESCRIPTION]
    is_opening = (document[:1] in "bB" and _OPENING_DOCUMENT.fullmatch(document) is not None) or (
        description[:1] in "bB" and _OPENING_DESCRIPTION.fullmatch(description) is not None
    )
    parts[_IS_OPENING] = "t" if is_opening else "f"
    if parts[_DEBIT] == NULL or parts[_CREDIT] == NULL:
        if parts[_DEBIT] == parts[_CREDIT]:
            return Fault("no_amount", "Brak kwoty: kolumny Winien i Ma są puste.")
        parts[_DEBIT if parts[_DEBIT] == NULL else _CREDIT] = "0"
    return None


POSTINGS = Dataset(
    "postings",
    gettext_noop("Księgowania"),
    gettext_noop("Jeden wiersz na zapis na koncie lokalu; bilans otwarcia jako wiersz z dokumentem BO."),
    (
        PREMISES_CODE,
        PAYER_CODE,
        ACCOUNT_CODE,
        Field(
            "posted_on",
            Kind.DATE,
            gettext_noop("Data księgowania"),
            (
                "data księgowania",
                "data zapisu",
                "data operacji",
                "data dokumentu",
                "data dok.",
                "data",
            ),
            required=True,
            help=gettext_noop("Dzień księgowania, np. 10.11.2026."),
        ),
        Field(
            "due_on",
            Kind.DATE,
            gettext_noop("Termin płatności"),
            ("termin płatności", "data płatności", "termin", "płatne do"),
            help=gettext_noop("Termin płatności obciążenia; bez niego liczy się data księgowania."),
        ),
        DOCUMENT,
        Field(
            "description",
            Kind.TEXT,
            gettext_noop("Opis"),
            ("opis", "treść", "opis operacji", "tytuł", "tytułem", "uwagi"),
            max_length=500,
            help=gettext_noop("Opis zapisu, który zobaczy właściciel."),
        ),
        Field(
            "debit",
            Kind.MONEY,
            gettext_noop("Winien"),
            ("winien", "Wn", "kwota Wn", "obciążenia", "obciążenie", "debet", "naliczono"),
            help=gettext_noop("Obciążenie (Wn); może być ujemne przy stornie."),
        ),
        Field(
            "credit",
            Kind.MONEY,
            gettext_noop("Ma"),
            ("ma", "kwota Ma", "uznania", "uznanie", "wpłaty", "wpłata", "wpłacono", "kredyt"),
            help=gettext_noop("Uznanie (Ma), wpłata; może być ujemne przy stornie."),
        ),
        Field("is_opening", Kind.DERIVED, gettext_noop("Bilans otwarcia"), default="f"),
    ),
    one_of=(("debit", "credit"),),
    finish=_mark_opening,
    is_money=True,
)
