"""Bank accounts of funds: changed in two steps with the password, written down, announced to owners."""

from typing import Any

import pytest

from associations.audit.models import AuditEntry
from associations.premises.models import TransferAccount
from associations.profile.models import Fund, FundAccountChange
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.manager.workspace.conftest import SignIn, Visit
from tests.factories import fund, make_premises

PAGE = "/a/sloneczna/ustawienia/rachunki/"
NRB, OTHER_NRB = "85102010550000000000000001", "71102010550000000000700011"
TYPED, GROUPED = "PL 85 1020 1055 0000 0000 0000 0001", "85 1020 1055 0000 0000 0000 0001"
PASSWORD = "zielony rower na dachu"


@pytest.fixture
def manager(sign_in: SignIn, sloneczna: AssociationRef) -> Visit:
    visit = sign_in(sloneczna)
    visit.user.set_password(PASSWORD)
    visit.user.save()
    visit.client.force_login(visit.user, backend="saas.staff.backends.StaffBackend")
    return visit


@pytest.fixture
def main_fund(sloneczna: AssociationRef) -> int:
    with enter_association(sloneczna):
        return int(fund().pk)


def plain(answer: Any) -> str:
    """The page with plain spaces."""
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def stands(association: AssociationRef) -> str:
    with enter_association(association):
        return str(Fund.objects.get(code="main").bank_account)


def confirm(manager: Visit, fund_id: int, **fields: str) -> Any:
    given = {"krok": "potwierdz", "nrb": NRB, "expected": "", "again": GROUPED, "current": PASSWORD}
    return manager.post(f"{PAGE}{fund_id}/", given | fields)


def test_the_first_step_changes_nothing_and_asks_for_the_number_again_and_the_password(
    manager: Visit, main_fund: int, sloneczna: AssociationRef
) -> None:
    with enter_association(sloneczna):
        TransferAccount.objects.create(premises=make_premises("1"), fund=fund(), nrb=OTHER_NRB)
        make_premises("2")

    page = plain(manager.post(f"{PAGE}{main_fund}/", {"krok": "sprawdz", "nrb": TYPED}))

    assert GROUPED in page
    assert 'name="again"' in page
    assert 'name="current"' in page
    assert "Na ten rachunek wpłaca 1 lokal, który nie ma własnego numeru." in page
    assert stands(sloneczna) == ""


def test_the_second_step_writes_the_number_and_who_changed_it(
    manager: Visit, main_fund: int, sloneczna: AssociationRef
) -> None:
    answer = confirm(manager, main_fund)

    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert stands(sloneczna) == NRB
    with enter_association(sloneczna):
        assert FundAccountChange.objects.get().by_name == "Marek Wójcik"
        assert AuditEntry.objects.filter(action="fund_account.changed").count() == 1
    page = plain(manager.get(PAGE))
    assert "Zmieniono numer rachunku. Właściciele przeczytają o tym przez 60 dni." in page
    assert page.count(GROUPED) == 2
    journal = plain(manager.get("/a/sloneczna/dziennik/"))
    assert "Zmieniono rachunek bankowy funduszu" in journal
    assert f"Fundusz podstawowy: było „brak”, jest „{NRB}”" in journal


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"again": "71 1020 1055 0000 0000 0070 0011"}, "Ten numer różni się od podanego w pierwszym kroku."),
        ({"again": ""}, "Ten numer różni się od podanego w pierwszym kroku."),
        ({"current": "nie to hasło"}, "Nieprawidłowe hasło."),
        ({"nrb": NRB[:-1] + "2", "again": NRB[:-1] + "2"}, "Cyfry kontrolne się nie zgadzają"),
        ({"expected": OTHER_NRB}, "Ktoś zmienił ten numer w międzyczasie."),
    ],
)
def test_without_both_confirmations_nothing_changes(
    manager: Visit, main_fund: int, sloneczna: AssociationRef, fields: dict[str, str], said: str
) -> None:
    answer = confirm(manager, main_fund, **fields)

    assert answer.status_code == 200
    assert said in plain(answer)
    assert PASSWORD not in plain(answer)
    assert stands(sloneczna) == ""


def test_guessing_the_password_is_slowed_down(
    manager: Visit, main_fund: int, sloneczna: AssociationRef
) -> None:
    statuses = [confirm(manager, main_fund, current="zgaduję").status_code for _ in range(12)]

    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert stands(sloneczna) == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12", "Numer rachunku ma 26 cyfr."),
        ("٨" * 26, "Cyfry kontrolne się nie zgadzają"),
        (NRB[:-1] + "2", "Cyfry kontrolne się nie zgadzają"),
        ("", "Ten numer już obowiązuje."),
    ],
)
def test_a_number_that_cannot_be_is_refused_in_the_first_step(
    manager: Visit, main_fund: int, typed: str, said: str
) -> None:
    page = plain(manager.post(f"{PAGE}{main_fund}/", {"krok": "sprawdz", "nrb": typed}))

    assert said in page
    assert 'name="again"' not in page


def test_a_number_may_be_taken_away(manager: Visit, main_fund: int, sloneczna: AssociationRef) -> None:
    confirm(manager, main_fund)

    asked = plain(manager.post(f"{PAGE}{main_fund}/", {"krok": "sprawdz", "nrb": ""}))
    answer = manager.post(
        f"{PAGE}{main_fund}/", {"krok": "potwierdz", "nrb": "", "expected": NRB, "current": PASSWORD}
    )

    assert "brak: numer rachunku poda biuro" in asked
    assert 'name="again"' not in asked
    assert answer.status_code == 302
    assert stands(sloneczna) == ""


@pytest.mark.parametrize("fund_id", [0, 10**9, 10**30])
def test_an_unknown_fund_is_a_404(manager: Visit, fund_id: int) -> None:
    assert manager.get(f"{PAGE}{fund_id}/").status_code == 404


@pytest.mark.parametrize("role", ["bookkeeper", "office", "reader"])
def test_only_managers_change_accounts(
    sign_in: SignIn, sloneczna: AssociationRef, main_fund: int, role: str
) -> None:
    visit = sign_in(sloneczna, role=role)

    assert visit.get(PAGE).status_code == 403
    assert visit.get(f"{PAGE}{main_fund}/").status_code == 403
    assert confirm(visit, main_fund).status_code == 403
