"""What a batch asks before it is published: questions of its preview that are open. Pure."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from associations.imports.models import ImportBatch
from associations.imports.rules import ImportRuleError


def mark_of_preview(batch: ImportBatch) -> str:
    """What tells one preview of a batch from another: a page that asks for publication says which one it showed."""
    shown = [batch.summary, batch.declarations, batch.table_options, batch.staged]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]


def refuse_other_preview(batch: ImportBatch, seen: str) -> None:
    """Raise ImportRuleError where the batch was checked anew since the preview `seen`; "" asks for none."""
    if seen and seen != mark_of_preview(batch):
        raise ImportRuleError(
            "other_preview",
            _("Podgląd tej paczki zmienił się, odkąd go otwarto. Sprawdź go i opublikuj ponownie."),
        )


def unanswered_people(summary: Mapping[str, Any]) -> list[dict[str, str]]:
    """Changed names under known person codes of which nobody has said yet whether they are other people."""
    people = summary.get("questions", {}).get("people", [])
    return [person for person in people if not person["answer"]]


def has_open_successions(summary: Mapping[str, Any], declarations: Mapping[str, Any]) -> bool:
    """Whether undated titles wait for the confirmation that they start on the as-of date."""
    count = summary.get("questions", {}).get("succession_count", 0)
    return bool(count) and not declarations.get("closes_undated_titles")


def has_open_repetition(summary: Mapping[str, Any], declarations: Mapping[str, Any]) -> bool:
    """Whether a file that was added before waits for the word that it is to be added once more."""
    return bool(summary.get("questions", {}).get("repeated_files")) and not declarations.get("adds_again")


def count_vanishing(summary: Mapping[str, Any]) -> int:
    """Rows that stand inside the scope of the files and would vanish."""
    return sum(map(vanishing_of, summary.get("datasets", ())))


def count_changed_accounts(summary: Mapping[str, Any]) -> int:
    """Bank account numbers that owners know and that would become others."""
    return int(summary.get("questions", {}).get("changed_accounts", 0))


def vanishing_of(entry: Mapping[str, Any]) -> int:
    """Rows of one dataset that would vanish, those of months that the file states otherwise among them."""
    compared = entry.get("row_changes") or {}
    return max(int(entry.get("gone", 0)), int(compared.get("gone", 0)))


def refuse_open_questions(
    summary: Mapping[str, Any],
    declarations: Mapping[str, Any],
    *,
    accepts_renames: bool,
    confirms_vanishing: bool,
    confirms_accounts: bool,
) -> None:
    """Raise ImportRuleError for the first question that is still open."""
    if unanswered_people(summary) and not accepts_renames:
        raise ImportRuleError(
            "renames_not_answered",
            _("Przy każdym zmienionym nazwisku wybierz najpierw: poprawka czy inna osoba."),
        )
    if has_open_successions(summary, declarations):
        raise ImportRuleError(
            "successions_not_confirmed",
            _("Potwierdź najpierw, od kiedy obowiązują tytuły bez daty i czyje tytuły kończą."),
        )
    if has_open_repetition(summary, declarations):
        raise ImportRuleError(
            "repetition_not_confirmed",
            _("Ten sam plik był już dopisany. Potwierdź najpierw, że ma być dopisany jeszcze raz."),
        )
    if count_vanishing(summary) and not confirms_vanishing:
        raise ImportRuleError(
            "vanishing_not_confirmed",
            _("Potwierdź, że plik zawiera wszystko ze swojego okresu: to, czego w nim nie ma, zniknie."),
        )
    if count_changed_accounts(summary) and not confirms_accounts:
        raise ImportRuleError(
            "accounts_not_confirmed",
            _(
                "Potwierdź, że zmienione numery rachunków są sprawdzone w banku: właściciele będą na nie wpłacać."
            ),
        )
