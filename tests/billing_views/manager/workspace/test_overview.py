"""The overview after sign-in: associations held, what is wrong with each, and nothing of others."""

import datetime as dt
from typing import Any

import pytest

from associations.imports.models import BatchState
from associations.profile.models import AssociationProfile
from billing_views.manager.overview_rows import AssociationRow, Standing, judge
from saas.tenancy.switching import AssociationRef, enter_association

TODAY = dt.date(2026, 11, 22)


def test_a_manager_sees_the_associations_held_and_no_other(
    sign_in: Any, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    both = sign_in(sloneczna, lipowa).text("/")
    one = sign_in(lipowa).text("/")

    assert 'href="/a/sloneczna/"' in both
    assert 'href="/a/lipowa/"' in both
    assert 'href="/a/lipowa/"' in one
    assert "Słoneczna" not in one


def test_without_a_grant_the_page_says_who_gives_one(sign_in: Any) -> None:
    page = sign_in().text("/")

    assert "Nie masz jeszcze dostępu do żadnej wspólnoty ani spółdzielni" in page
    assert "<table" not in page


def test_an_open_batch_leads_to_its_problems(manager: Any, make_batch: Any) -> None:
    batch = make_batch(BatchState.BLOCKED, error_count=3)

    page = manager.text("/")

    assert "wymaga uwagi" in page
    assert "3 błędy" in page
    assert f"/a/sloneczna/importy/{batch.pk}/" in page


def test_problems_of_a_rejected_batch_are_forgotten(manager: Any, make_batch: Any) -> None:
    make_batch(BatchState.REJECTED, error_count=3)

    assert "3 błędy" not in manager.text("/")


def test_an_office_clerk_sees_problems_without_a_way_to_imports(
    sign_in: Any, sloneczna: AssociationRef, make_batch: Any
) -> None:
    make_batch(BatchState.BLOCKED, error_count=3)

    page = sign_in(sloneczna, role="office").text("/")

    assert "3 błędy" in page
    assert "/importy/" not in page


def test_a_suspended_association_says_so_and_is_no_link(manager: Any, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.update(state="suspended")

    page = manager.text("/")

    assert "zawieszona" in page
    assert 'href="/a/sloneczna/"' not in page


def test_an_archived_association_says_so_and_is_no_link(manager: Any, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.update(state="archived")

    page = manager.text("/")

    assert "w archiwum" in page
    assert "zawieszona" not in page
    assert 'href="/a/sloneczna/"' not in page


def test_an_association_that_moves_is_read_on(manager: Any, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.update(state="read_only")

    page = manager.text("/")

    assert "przez kilka minut tylko do odczytu" in page
    assert 'href="/a/sloneczna/"' in page


def test_search_is_offered_above_ten_associations_only(manager: Any) -> None:
    assert 'name="szukaj"' not in manager.text("/")


def test_each_association_costs_at_most_three_queries(
    sign_in: Any, sloneczna: AssociationRef, lipowa: AssociationRef, count_queries: Any, make_batch: Any
) -> None:
    make_batch()
    one, two = sign_in(sloneczna), sign_in(sloneczna, lipowa)
    one.text("/"), two.text("/")

    with count_queries() as for_one:
        one.text("/")
    with count_queries() as for_two:
        two.text("/")

    assert len(for_two) - len(for_one) == 3


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Standing.EMPTY),
        ({"state": "suspended"}, Standing.SUSPENDED),
        ({"state": "archived"}, Standing.ARCHIVED),
        ({"state": "read_only", "batch_state": BatchState.BLOCKED}, Standing.MOVING),
        ({"batch_state": BatchState.READING}, Standing.RUNNING),
        ({"batch_state": BatchState.READY}, Standing.WAITING),
        ({"batch_state": BatchState.BLOCKED}, Standing.BAD),
        ({"batch_state": BatchState.FAILED}, Standing.BAD),
        ({"batch_state": BatchState.REJECTED}, Standing.EMPTY),
        ({"premises_count": 24}, Standing.FRESH),
        ({"as_of": dt.date(2026, 10, 31), "premises_count": 24}, Standing.FRESH),
        ({"as_of": dt.date(2026, 9, 30), "premises_count": 24}, Standing.STALE),
    ],
)
def test_what_is_said_first_about_an_association(changes: dict[str, Any], expected: Standing) -> None:
    fields = {"slug": "lipowa", "name": "WM Lipowa 12", "is_cooperative": False, "state": "active"}
    row = AssociationRow(**{**fields, "may_see_imports": True, **changes})

    assert judge(row, TODAY) == expected
