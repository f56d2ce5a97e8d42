"""What may be said of a batch, and when: known words only, kept without what says nothing."""

from typing import Any

import pytest

from associations.audit.actors import Actor
from associations.audit.models import AuditEntry
from associations.imports.consents import count_vanishing, has_open_successions, unanswered_people
from associations.imports.declarations import declare, validate_declarations
from associations.imports.models import BatchState, ImportBatch
from associations.imports.rules import ImportRuleError
from saas.tenancy.switching import AssociationRef, enter_association

STAFF = Actor(kind="staff", id=None, name="Zofia Zarządca")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, {}),
        ({"is_addition": False, "people": {}, "as_of": ""}, {}),
        ({"is_addition": True}, {"is_addition": True}),
        ({"as_of": "2028-02-29"}, {"as_of": "2028-02-29"}),
        ({"people": {"A": "other", "B": "correction"}}, {"people": {"A": "other", "B": "correction"}}),
    ],
)
def test_declarations_are_kept_without_what_says_nothing(given: dict[str, Any], kept: dict[str, Any]) -> None:
    assert validate_declarations(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        [],
        {"is_adition": True},
        {"is_addition": "true"},
        {"is_addition": 1},
        {"as_of": "2026-02-29"},
        {"as_of": 20260228},
        {"as_of": "0999-01-01"},
        {"as_of": "9999-12-31"},
        {"people": ["A"]},
        {"people": {"A": "nobody"}},
        {"people": {7: "other"}},
        {"people": {"A\x00": "other"}},
        {"people": {"A" * 41: "other"}},
        {"people": {"A": ["other"]}},
    ],
)
def test_what_makes_no_sense_is_refused(given: Any) -> None:
    with pytest.raises(ImportRuleError) as refusal:
        validate_declarations(given)

    assert refusal.value.code == "bad_declarations"


def test_declaring_puts_the_batch_back_and_the_journal_names_nobody(db: None, lipowa: AssociationRef) -> None:
    with enter_association(lipowa):
        batch = ImportBatch.objects.create(state=BatchState.READY, declarations={"is_addition": True})

        declare(actor=STAFF, batch=batch, declarations={"people": {"A": "other", "B": "other"}})

        batch.refresh_from_db()
        assert (batch.state, batch.declarations) == (
            BatchState.UPLOADED, {"people": {"A": "other", "B": "other"}},
        )  # fmt: skip
        act = AuditEntry.objects.get(action="import.declared")
        assert (act.target, act.details) == (str(batch.pk), {"other": 2})


@pytest.mark.parametrize(
    "state", [state for state in BatchState if state not in {"ready", "blocked", "unchanged"}]
)
def test_nothing_is_said_of_a_batch_that_does_not_wait_for_the_manager(
    db: None, lipowa: AssociationRef, state: BatchState
) -> None:
    with enter_association(lipowa):
        batch = ImportBatch.objects.create(state=state)

        with pytest.raises(ImportRuleError, match="nie można teraz zmienić"):
            declare(actor=STAFF, batch=batch, declarations={"is_addition": True})

        batch.refresh_from_db()
        assert (batch.state, batch.declarations) == (state, {})


def test_open_questions_are_those_without_an_answer() -> None:
    people = [{"code": "A", "answer": ""}, {"code": "B", "answer": "other"}]
    summary = {"questions": {"people": people, "succession_count": 2}, "datasets": [{"gone": 3}, {"gone": 1}]}

    assert unanswered_people(summary) == [people[0]]
    assert has_open_successions(summary, {}) is True
    assert has_open_successions(summary, {"closes_undated_titles": True}) is False
    assert count_vanishing(summary) == 4
    assert (unanswered_people({}), has_open_successions({}, {}), count_vanishing({})) == ([], False, 0)
