"""Pulpit: what waits, figures, and the first steps of an empty association."""

from collections.abc import Callable
from typing import Any

import pytest

from associations.imports.models import BatchState, ImportBatch
from saas.tenancy.switching import AssociationRef, enter_association
from tests.factories import make_account_of, make_holding, make_person, make_premises, publish_balance

DESK = "/a/sloneczna/"
MakeBatch = Callable[..., ImportBatch]


def test_an_empty_association_shows_the_first_step(manager: Any) -> None:
    page = manager.text(DESK)

    assert '<a href="/a/sloneczna/importy/">Wgraj lokale i osoby</a>' in page
    assert "Wydaj hasła startowe" in page
    assert "zrobione" not in page


def test_the_steps_go_when_figures_stand_and_somebody_has_access(
    manager: Any, sloneczna: AssociationRef
) -> None:
    with enter_association(sloneczna):
        premises, person = make_premises(), make_person("1")
        make_holding(premises, person)
        publish_balance(premises, "2026-10-31", "-268.41")
    before = manager.text(DESK)
    with enter_association(sloneczna):
        make_account_of(person, "nowak-0401-034")

    page = manager.text(DESK)

    assert '<a href="/a/sloneczna/osoby/">Wydaj hasła startowe</a>' in before
    assert "Jak zacząć" not in page
    assert "1 z 1" in page
    assert "31.10.2026" in page
    assert "Nic nie czeka" in page


@pytest.mark.parametrize(
    ("state", "link"),
    [
        (BatchState.READY, "Sprawdź i opublikuj"),
        (BatchState.BLOCKED, "Zobacz, co jest nie tak"),
        (BatchState.READING, "Zobacz postęp"),
    ],
)
def test_open_batches_wait_at_the_top(
    manager: Any, make_batch: MakeBatch, state: BatchState, link: str
) -> None:
    batch = make_batch(state, error_count=3)

    assert f'<a href="{DESK}importy/{batch.pk}/">{link}</a>' in manager.text(DESK)


def test_settled_batches_do_not_wait(manager: Any, make_batch: MakeBatch) -> None:
    batch = make_batch(BatchState.REJECTED)

    page = manager.text(DESK)

    assert f'href="{DESK}importy/{batch.pk}/"' in page
    assert 'class="notice info"' not in page


def test_the_office_sees_figures_and_no_imports(
    sign_in: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    make_batch(BatchState.BLOCKED)

    page = sign_in(sloneczna, role="office").text(DESK)

    assert "stan sald na dzień" in page
    assert "/importy/" not in page


def test_query_count_does_not_grow(manager: Any, make_batch: MakeBatch, count_queries: Any) -> None:
    make_batch()
    manager.text(DESK)
    with count_queries() as for_one:
        manager.text(DESK)
    make_batch(), make_batch()

    with count_queries() as for_three:
        manager.text(DESK)

    assert len(for_three) == len(for_one)
