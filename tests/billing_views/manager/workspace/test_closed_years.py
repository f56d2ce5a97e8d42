"""The page of closed years: list, close, reopen with a reason; managers only."""

from typing import Any

import pytest

from associations.audit.models import AuditEntry
from associations.imports.closed_years import close_year, closed_years
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.manager.workspace.conftest import SignIn
from tests.factories import make_ledger_account, make_premises, publish_postings
from tests.workers.importing.conftest import OPERATOR

PAGE = "/a/sloneczna/zamkniete-lata/"


@pytest.fixture
def with_figures(db: None, sloneczna: AssociationRef) -> AssociationRef:
    """Figures of 2024 and 2025."""
    with enter_association(sloneczna):
        publish_postings(
            make_premises(), make_ledger_account(), "2024-05-02 NAL 10.00", "2025-05-02 NAL 10.00"
        )
    return sloneczna


def test_years_with_figures_are_listed_open(manager: Any, with_figures: AssociationRef) -> None:
    page = manager.text(PAGE)

    assert "Zamknij rok 2024" in page
    assert "Zamknij rok 2025" in page
    assert "Otwórz rok" not in page


def test_without_figures_the_page_says_so(manager: Any) -> None:
    assert "Nie ma jeszcze danych z żadnego roku." in manager.text(PAGE)


def test_a_year_is_closed_and_reopened_with_a_reason(manager: Any, with_figures: AssociationRef) -> None:
    closed = manager.post(PAGE, {"rok": "2024", "krok": "zamknij"}, follow=True).content.decode()
    with enter_association(with_figures):
        assert closed_years() == [2024]
    reopened = manager.post(
        PAGE, {"rok": "2024", "krok": "otworz", "powod": "Korekta po lustracji"}, follow=True
    ).content.decode()

    assert "Rok 2024 jest zamknięty: żaden import go nie zmieni." in closed
    assert "Powód otwarcia roku 2024" in closed
    assert "Powód: Korekta po lustracji" in reopened
    with enter_association(with_figures):
        assert closed_years() == []
        acts = AuditEntry.objects.filter(action__startswith="year.").order_by("id")
        assert list(acts.values_list("action", "details__reason")) == [
            ("year.closed", ""),
            ("year.reopened", "Korekta po lustracji"),
        ]
    assert "Otwarto zamknięty rok" in manager.text("/a/sloneczna/dziennik/")


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_a_year_stays_closed(
    manager: Any, with_figures: AssociationRef, reason: str
) -> None:
    with enter_association(with_figures):
        close_year(actor=OPERATOR, year=2024)

    page = manager.post(
        PAGE, {"rok": "2024", "krok": "otworz", "powod": reason}, follow=True
    ).content.decode()

    assert "Podaj powód: zostanie zapisany w dzienniku." in page
    with enter_association(with_figures):
        assert closed_years() == [2024]


@pytest.mark.parametrize("year", ["", "0", "20x4", "٢٠٢٤", "9" * 5000])
def test_no_year_at_all_is_refused_with_a_sentence(
    manager: Any, with_figures: AssociationRef, year: str
) -> None:
    page = manager.post(PAGE, {"rok": year, "krok": "zamknij"}, follow=True).content.decode()

    assert "Nie ma takiego roku." in page
    with enter_association(with_figures):
        assert closed_years() == []


def test_only_managers_close_years(sign_in: SignIn, with_figures: AssociationRef) -> None:
    bookkeeper = sign_in(with_figures, role="bookkeeper", may_publish=True)

    assert bookkeeper.post(PAGE, {"rok": "2024", "krok": "zamknij"}).status_code == 403
    with enter_association(with_figures):
        assert closed_years() == []


def test_closing_a_year_here_leaves_the_other_association_open(
    manager: Any, with_figures: AssociationRef, lipowa: AssociationRef
) -> None:
    manager.post(PAGE, {"rok": "2024", "krok": "zamknij"})

    with enter_association(lipowa):
        assert closed_years() == []
