"""Deklaracje: what the manager says of a batch that its files cannot say. They change what the check finds.

| word | meaning |
|---|---|
| is_addition | dopisanie: rows are added to what stands, nothing vanishes |
| adds_again | a file that was added before is meant to be added once more |
| as_of | the day on which the people file is true ("2026-11-22"); else the day of its upload |
| people | {person code: "correction" or "other"}: a changed name under a known code |
| closes_undated_titles | undated titles that are first seen start on the as-of date and end their predecessors' |
| ends_missing_titles | titles that the file leaves out of premises that it names end the day before |
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.imports.models import BatchState, ImportBatch
from associations.imports.reading_again import put_back_for_reading, refuse_files_not_kept
from associations.imports.rules import ImportRuleError

Declarations = Mapping[str, Any]

SWITCHES = ("is_addition", "adds_again", "closes_undated_titles", "ends_missing_titles")
CORRECTION, OTHER = "correction", "other"
ANSWERS = (CORRECTION, OTHER)
DECLARABLE_STATES = (BatchState.READY, BatchState.BLOCKED, BatchState.UNCHANGED)
FIRST_DAY, LAST_DAY = dt.date(1990, 1, 1), dt.date(2200, 12, 31)
MAX_PEOPLE = 50_000
LONGEST_CODE = 40


def validate_declarations(given: Declarations) -> dict[str, Any]:
    """The declarations as they are kept: known words only, switches that are off left out.

    Raises ImportRuleError "bad_declarations" for anything else.
    """
    if not isinstance(given, Mapping) or set(given) - {*SWITCHES, "as_of", "people"}:
        raise _refusal()
    if not all(isinstance(given.get(name, False), bool) for name in SWITCHES):
        raise _refusal()
    kept: dict[str, Any] = {name: True for name in SWITCHES if given.get(name)}
    if given.get("as_of"):
        kept["as_of"] = _read_day(given["as_of"])
    people = given.get("people") or {}
    if not isinstance(people, Mapping) or len(people) > MAX_PEOPLE:
        raise _refusal()
    if any(not _is_code(code) or answer not in ANSWERS for code, answer in people.items()):
        raise _refusal()
    return kept | ({"people": dict(people)} if people else {})


def declare(*, actor: Actor, batch: ImportBatch, declarations: Declarations) -> ImportBatch:
    """Say these things of the batch in place of all said before; it waits to be read and checked again.

    The caller enqueues READ_BATCH in the same transaction. Raises ImportRuleError for declarations that make no
    sense, a batch that is published or with a worker, and one of which a file is not kept.
    """
    kept = validate_declarations(declarations)
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state not in DECLARABLE_STATES:
            raise ImportRuleError(
                "not_declarable", _("Tej paczki nie można teraz zmienić. Otwórz ją ponownie.")
            )
        refuse_files_not_kept(batch)
        batch.declarations = kept
        put_back_for_reading(batch)
        record_act(actor=actor, action="import.declared", target=str(batch.pk), **describe_for_audit(kept))
    return batch


def describe_for_audit(declarations: Declarations) -> dict[str, Any]:
    """The declarations with counts of people instead of their codes: the journal names nobody."""
    people = list(declarations.get("people", {}).values())
    said = {name: value for name, value in declarations.items() if name != "people"}
    return said | {answer: people.count(answer) for answer in ANSWERS if answer in people}


def _is_code(code: Any) -> bool:
    return isinstance(code, str) and 0 < len(code) <= LONGEST_CODE and code.isprintable()


def _read_day(text: Any) -> str:
    try:
        day = dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        raise _refusal() from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ImportRuleError("bad_declarations", _("Podaj dzień między 01.01.1990 a 31.12.2200."))
    return day.isoformat()


def _refusal() -> ImportRuleError:
    return ImportRuleError("bad_declarations", _("Portal nie rozumie tych ustaleń do paczki."))
