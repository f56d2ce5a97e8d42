"""Postings (księgowania, obroty) with opening balances (bilans otwarcia, BO) as rows of their own kind."""

import re
from dataclasses import replace
from functools import lru_cache

from workers.copy_text import NULL
from workers.datasets.accounts import ACCOUNT_CODE
from workers.datasets.fields import Dataset, Field, Kind, gettext_noop
from workers.datasets.shared_fields import DOCUMENT, PAYER_CODE, PREMISES_CODE, SIDE
from workers.values.fault import Fault

_DOCUMENT, _DESCRIPTION, _DEBIT, _CREDIT, _IS_OPENING = 5, 6, 7, 8, 9
_AMOUNT, _SIDE = 10, 11
_OPENING_DOCUMENT = re.compile(r"(?:b\.?\s?o\.?|bilans otwarcia)(?:[\s/.-].*)?", re.IGNORECASE)
_OPENING_DESCRIPTION = re.compile(
    r"(?:b\.?\s?o\.?|bilans otwarcia)(?:\s+(?:roku|na|za|z|konta)\b.*|[\s/]*[0-9./-]*)?", re.IGNORECASE
)


def _choose_side(parts: list[str]) -> Fault | None:
    """One amount with a letter → debit or credit, the other zero; the sign stays (storno)."""
    amount, side = parts[_AMOUNT], parts[_SIDE]
    if amount == NULL:
        return Fault("no_amount", "Brak kwoty: kolumna z kwotą jest pusta.")
    if side == NULL:
        return Fault("no_side", "Brak strony: nie wiadomo, czy kwota jest po stronie Wn, czy Ma.")
    parts[_DEBIT], parts[_CREDIT] = (amount, "0") if side == "debit" else ("0", amount)
    return None


def _mark_opening(parts: list[str]) -> Fault | None:
    """Fills is_opening; a row with neither debit nor credit is refused, one of them empty is zero."""
    is_opening = _opens_by_document(parts[_DOCUMENT]) or _opens_by_description(parts[_DESCRIPTION])
    parts[_IS_OPENING] = "t" if is_opening else "f"
    if parts[_DEBIT] == NULL or parts[_CREDIT] == NULL:
        if parts[_DEBIT] == parts[_CREDIT]:
            return Fault("no_amount", "Brak kwoty: kolumny Winien i Ma są puste.")
        parts[_DEBIT if parts[_DEBIT] == NULL else _CREDIT] = "0"
    return None


def _mark_openings(columns: list[list[str]]) -> bool:
    # Few rows are openings, and the texts of many are alike: each text is looked at once.
    documents = set(filter(_opens_by_document, set(columns[_DOCUMENT])))
    descriptions = set(filter(_opens_by_description, set(columns[_DESCRIPTION])))
    if documents or descriptions:
        both = zip(columns[_DOCUMENT], columns[_DESCRIPTION], strict=True)
        columns[_IS_OPENING] = [
            "t" if one in documents or other in descriptions else "f" for one, other in both
        ]
    else:
        columns[_IS_OPENING] = ["f"] * len(columns[_DOCUMENT])
    debits, credits_ = columns[_DEBIT], columns[_CREDIT]
    if NULL not in debits and NULL not in credits_:
        return True
    if (NULL, NULL) in zip(debits, credits_, strict=True):
        return False
    columns[_DEBIT] = ["0" if debit == NULL else debit for debit in debits]
    columns[_CREDIT] = ["0" if credit == NULL else credit for credit in credits_]
    return True


@lru_cache(maxsize=8192)
def _opens_by_document(text: str) -> bool:
    return text[:1] in "bB" and _OPENING_DOCUMENT.fullmatch(text) is not None


@lru_cache(maxsize=8192)
def _opens_by_description(text: str) -> bool:
    return text[:1] in "bB" and _OPENING_DESCRIPTION.fullmatch(text) is not None


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
        Field(
            "amount",
            Kind.MONEY,
            gettext_noop("Kwota"),
            ("kwota", "kwota operacji", "kwota zapisu", "kwota księgowania", "wartość"),
            is_staged=False,
            needs=("side",),
            yields_to=("debit", "credit"),
            help=gettext_noop("Jedna kolumna kwot; stronę podaje wtedy kolumna „Strona (Wn/Ma)”."),
        ),
        replace(SIDE, yields_to=("debit", "credit")),
    ),
    one_of=(("debit", "credit", "amount"),),
    resolve=_choose_side,
    finish=_mark_opening,
    finish_columns=_mark_openings,
    is_money=True,
)
