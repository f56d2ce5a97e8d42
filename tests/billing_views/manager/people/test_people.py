"""The list of people and the page of one, as the office sees them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from associations.owners.actions import issue_starter_password
from associations.owners.models import OwnerAccount, OwnerSession, StarterPasswordIssue
from associations.premises.models import Person
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.manager.people.conftest import CLERK, SignIn
from tests.factories import make_holding, make_person, make_premises

LIST = "/a/sloneczna/osoby/"


def text(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query_params=query)
    assert answer.status_code == 200
    return answer.content.decode()


def names(page: str) -> list[str]:
    return [
        name
        for name in ("never", "issued", "expired", "active", "ended", "former")
        if f"Osoba {name}<" in page
    ]


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ("", ["never", "issued", "expired", "active", "ended", "former"]),
        ("nigdy-nie-wydane", ["never", "former"]),
        ("nigdy-nie-zmienione", ["issued", "expired"]),
        ("wydane", ["issued"]),
        ("po-terminie", ["expired"]),
        ("bez-potwierdzenia", ["issued"]),
        ("czynne", ["active"]),
        ("ostatnie-30-dni", ["active"]),
        ("od-roku-nie", []),
        ("zamkniete", ["ended"]),
        ("no-such-list", ["never", "issued", "expired", "active", "ended", "former"]),
    ],
)
def test_list_holds_people_in_the_state_asked_for(
    chosen: str, found: list[str], clerk: Client, everybody: dict[str, Person]
) -> None:
    assert names(text(clerk, LIST, dostep=chosen)) == found


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("osoba ISSUED", ["issued"]),
        ("0401-003", ["active"]),
        ("17002", ["expired"]),
        ("osoba 0401-00", ["never", "issued", "expired", "active", "ended", "former"]),
        ("%", []),
        ("nikt", []),
    ],
)
def test_search_looks_into_names_codes_and_logins(
    search: str, found: list[str], clerk: Client, everybody: dict[str, Person]
) -> None:
    assert names(text(clerk, LIST, szukaj=search)) == found


def test_search_disregards_the_case_of_polish_letters(clerk: Client, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        make_person("1", "Żółkiewska Łucja")

    assert "Żółkiewska Łucja" in text(clerk, LIST, szukaj="żółk łUCJA")


def test_list_says_state_login_and_premises(clerk: Client, everybody: dict[str, Person]) -> None:
    page = text(clerk, LIST)

    for words in ("nie wydano", "hasło startowe", "po terminie", "własne hasło", "zamknięty"):
        assert f">{words}</span>" in page
    assert "17001" in page
    assert "0401-001" in page
    assert "poprzedni właściciel" in page


def test_list_takes_as_many_queries_for_many_as_for_one(
    clerk: Client, sloneczna: AssociationRef, count_queries: Callable[[], Any]
) -> None:
    def add(number: int) -> None:
        with enter_association(sloneczna):
            person = make_person(f"9{number}")
            make_holding(make_premises(f"9-{number}"), person)
            issue_starter_password(actor=CLERK, person=person)

    add(1)
    with count_queries() as for_one:
        text(clerk, LIST)
    add(2)
    add(3)
    with count_queries() as for_three:
        text(clerk, LIST)

    assert len(for_three) == len(for_one)
    assert len(for_three) <= 12


def test_list_is_paged(clerk: Client, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        for number in range(51):
            make_person(f"{number:03}", f"Osoba {number:03}")

    first, second = text(clerk, LIST), text(clerk, LIST, strona="2")

    assert ("Osoba 049<" in first, "Osoba 050<" in first) == (True, False)
    assert ("Osoba 049<" in second, "Osoba 050<" in second) == (False, True)


def test_empty_registry_says_so(clerk: Client) -> None:
    assert "Nie ma jeszcze żadnych osób" in text(clerk, LIST)


def test_person_page_shows_titles_access_and_history(clerk: Client, everybody: dict[str, Person]) -> None:
    page = text(clerk, f"{LIST}{everybody['issued'].pk}/")

    assert "Osoba issued" in page
    assert "0401-001" in page
    assert "odrębna własność" in page
    assert "Anna Biurowa" in page
    assert "Wydaj nowe hasło startowe" in page
    assert "Zapisz odbiór" in page


def test_person_of_another_association_is_not_found(
    clerk: Client, maria: Person, lipowa: AssociationRef
) -> None:
    with enter_association(lipowa):
        stranger = make_person("1", "Obca Osoba")
        for number in range(2, 5):
            stranger = make_person(str(number), "Obca Osoba")

    assert clerk.get(f"{LIST}{maria.pk}/").status_code == 200
    assert clerk.get(f"{LIST}{stranger.pk}/").status_code == 404
    assert clerk.get(f"/a/lipowa/osoby/{stranger.pk}/").status_code == 404


def test_person_of_an_undone_import_is_not_found(
    clerk: Client, maria: Person, sloneczna: AssociationRef
) -> None:
    with enter_association(sloneczna):
        Person.objects.update(is_current=False)

    assert clerk.get(f"{LIST}{maria.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("role", "list_status", "issue_status"),
    [("manager", 200, 200), ("office", 200, 200), ("reader", 200, 403), ("bookkeeper", 403, 403)],
)
def test_roles(
    role: str,
    list_status: int,
    issue_status: int,
    sign_in: SignIn,
    sloneczna: AssociationRef,
    maria: Person,
) -> None:
    client = sign_in(sloneczna, role=role)
    person = f"{LIST}{maria.pk}/"

    assert client.get(LIST).status_code == list_status
    assert client.get(person).status_code == list_status
    assert client.post(f"{person}haslo/", {"last_issue": "0"}).status_code == issue_status
    if issue_status == 403:
        with enter_association(sloneczna):
            assert not OwnerAccount.objects.exists()
        assert client.get("/a/sloneczna/hasla/").status_code == 403
        for address in ("dostep/", "odbior/1/"):
            assert client.post(f"{person}{address}").status_code == 403
        assert client.post("/a/sloneczna/hasla/0/").status_code == 403


def test_reader_is_offered_no_buttons(sign_in: SignIn, sloneczna: AssociationRef, maria: Person) -> None:
    page = text(sign_in(sloneczna, role="reader"), f"{LIST}{maria.pk}/")

    assert "Wydaj hasło startowe" not in page


def test_what_changes_state_is_a_post(clerk: Client, maria: Person) -> None:
    for address in ("haslo/", "dostep/", "odbior/1/"):
        assert clerk.get(f"{LIST}{maria.pk}/{address}").status_code == 405
    assert clerk.get("/a/sloneczna/hasla/0/").status_code == 405


def test_access_is_closed_and_sessions_end(
    clerk: Client, everybody: dict[str, Person], sloneczna: AssociationRef
) -> None:
    person = everybody["active"]
    with enter_association(sloneczna):
        account = OwnerAccount.objects.get(person=person)
        OwnerSession.objects.create(session_key="k", expire_date="2030-01-01T00:00Z", account_id=account.pk)

    signed_out = clerk.post(f"{LIST}{person.pk}/dostep/", {"co": "wyloguj"}, follow=True)
    with enter_association(sloneczna):
        assert not OwnerSession.objects.exists()
        assert OwnerAccount.objects.get(person=person).is_active
    closed = clerk.post(f"{LIST}{person.pk}/dostep/", {"co": "zamknij"}, follow=True)

    assert "Wylogowano tę osobę" in signed_out.content.decode()
    assert "Dostęp zamknięty." in closed.content.decode()
    with enter_association(sloneczna):
        assert not OwnerAccount.objects.get(person=person).is_active


def test_handover_is_recorded(clerk: Client, everybody: dict[str, Person], sloneczna: AssociationRef) -> None:
    person = everybody["issued"]
    with enter_association(sloneczna):
        issue = StarterPasswordIssue.objects.get(account__person=person)
    address = f"{LIST}{person.pk}/odbior/{issue.pk}/"

    unchecked = clerk.post(address, {"received_by": "Maria Rutkowska"})
    nobody = clerk.post(address, {"is_identity_checked": "on"})
    checked = clerk.post(
        address, {"received_by": "Maria Rutkowska", "is_identity_checked": "on"}, follow=True
    ).content.decode()
    again = clerk.post(address, {"received_by": "Ktoś Inny", "is_identity_checked": "on"})

    assert "dopiero po sprawdzeniu tożsamości" in unchecked.content.decode()
    assert nobody.status_code == 200
    assert "Zapisano, kto odebrał hasło startowe." in checked
    assert "tożsamość sprawdzona" in checked
    assert "Zapisz odbiór" not in checked
    assert again.status_code == 200
    with enter_association(sloneczna):
        issue.refresh_from_db()
        assert issue.received_by == "Maria Rutkowska"


def test_issue_of_another_person_cannot_be_handed_over(clerk: Client, everybody: dict[str, Person]) -> None:
    stranger, person = everybody["never"], everybody["issued"]

    answer = clerk.post(
        f"{LIST}{stranger.pk}/odbior/{person.pk}/", {"received_by": "X Y", "is_identity_checked": "on"}
    )

    assert answer.status_code == 404
