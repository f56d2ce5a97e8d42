"""Letters in bulk: whom they go to, and what becomes of the passwords in them."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from associations.audit.models import AuditEntry
from associations.owners.models import IssueMethod, OwnerAccount, StarterPasswordIssue
from associations.owners.passwords import is_right_password
from associations.premises.models import Building, Person, Property
from associations.profile.models import AssociationProfile
from billing_views.manager import letters
from saas.tenancy.switching import AssociationRef, enter_association
from tests.factories import make_holding, make_person, make_premises

PAGE = "/a/sloneczna/hasla/"


def issue(client: Client, chosen: str = "nigdy-nie-wydane", building: str = "") -> Any:
    return client.post(PAGE, {"chosen": chosen, "building": building}, follow=True)


def download(client: Client, page: Any) -> PdfReader:
    found = re.search(r'action="(/a/sloneczna/hasla/[0-9a-f]{32}/)"', page.content.decode())
    assert found
    return PdfReader(io.BytesIO(client.post(found[1]).content))


def logins(association: AssociationRef) -> set[str]:
    with enter_association(association):
        return set(OwnerAccount.objects.values_list("login", flat=True))


def test_letters_go_to_present_owners_who_never_got_a_password(
    clerk: Client, everybody: dict[str, Person], sloneczna: AssociationRef
) -> None:
    reader = download(clerk, issue(clerk))

    assert len(reader.pages) == 1
    assert "Osoba never" in reader.pages[0].extract_text()
    with enter_association(sloneczna):
        issued = StarterPasswordIssue.objects.get(account__person=everybody["never"])
        assert issued.method == IssueMethod.LETTER
        assert not OwnerAccount.objects.filter(person=everybody["former"]).exists()


def test_letters_go_to_those_whose_password_expired(
    clerk: Client, everybody: dict[str, Person], sloneczna: AssociationRef
) -> None:
    reader = download(clerk, issue(clerk, "po-terminie"))

    assert [("Osoba expired" in page.extract_text()) for page in reader.pages] == [True]
    with enter_association(sloneczna):
        assert not OwnerAccount.objects.get(person=everybody["expired"]).has_expired_starter


@pytest.fixture
def two_buildings(db: None, sloneczna: AssociationRef) -> Building:
    """Three people in B01, one of whom holds two premises, and one in B02; who is returned."""
    with enter_association(sloneczna):
        both = make_person("1", "Adamska Ewa")
        make_holding(make_premises("0401-002", number="2"), both)
        make_holding(make_premises("0401-009", number="9"), both)
        make_holding(make_premises("0401-001", number="1"), make_person("2", "Zając Jan"), make_person("3"))
        other = Building.objects.create(property=Property.objects.get(), code="B02")
        far = make_premises("0402-001", number="1")
        type(far).objects.filter(pk=far.pk).update(building=other)
        make_holding(far, make_person("4", "Daleka Osoba"))
    return other


def test_letters_lie_in_the_order_of_premises(clerk: Client, two_buildings: Building) -> None:
    reader = download(clerk, issue(clerk))

    found = [re.findall(r"040\d-\d{3}", page.extract_text()) for page in reader.pages]
    assert found == [["0401-001"], ["0401-001"], ["0401-002", "0401-009"], ["0402-001"]]


def test_letters_of_one_building(clerk: Client, two_buildings: Building, sloneczna: AssociationRef) -> None:
    page = clerk.get(PAGE).content.decode()
    reader = download(clerk, issue(clerk, building=str(two_buildings.pk)))

    assert "B01 ul. Słoneczna 2 (nie wydano: 3, po terminie: 0)" in page
    assert "B02 ul. Słoneczna 2 (nie wydano: 1, po terminie: 0)" in page
    assert ["Daleka Osoba" in page.extract_text() for page in reader.pages] == [True]
    assert len(logins(sloneczna)) == 1


def test_passwords_in_the_letters_open_their_accounts(
    clerk: Client, two_buildings: Building, sloneczna: AssociationRef
) -> None:
    reader = download(clerk, issue(clerk))

    passwords = [
        re.findall(r"[a-z2-9]{4}(?: [a-z2-9]{4}){3}", page.extract_text())[0] for page in reader.pages
    ]
    assert len(set(passwords)) == 4
    with enter_association(sloneczna):
        for page, password in zip(reader.pages, passwords, strict=True):
            account = next(
                one
                for one in OwnerAccount.objects.select_related("person").order_by("login")
                if one.person.name in page.extract_text()
            )
            assert is_right_password(account, password)


def test_at_most_so_many_at_once_and_the_rest_next_time(
    clerk: Client, two_buildings: Building, sloneczna: AssociationRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "LETTERS_AT_ONCE", 3)

    first = issue(clerk)
    second = issue(clerk)

    assert "Wydano 3 hasła startowe." in first.content.decode()
    assert "Wydano 1 hasło startowe." in second.content.decode()
    assert len(download(clerk, first).pages) == 3
    assert len(download(clerk, second).pages) == 1


def test_nobody_left_is_said(clerk: Client, two_buildings: Building) -> None:
    issue(clerk)

    page = issue(clerk).content.decode()

    assert "Nie ma nikogo do wydania hasła w tym wyborze." in page


def test_each_letter_is_audited(clerk: Client, two_buildings: Building, sloneczna: AssociationRef) -> None:
    issue(clerk)

    with enter_association(sloneczna):
        entries = AuditEntry.objects.filter(action="starter_password.issued")
        assert [(entry.actor_name, entry.details["method"]) for entry in entries] == [
            ("Anna Biurowa", "letter")
        ] * 4


def test_page_says_whether_letters_may_go_by_post(clerk: Client, sloneczna: AssociationRef) -> None:
    before = clerk.get(PAGE).content.decode()
    with enter_association(sloneczna):
        AssociationProfile.objects.update(allows_letters_by_post=True)
    after = clerk.get(PAGE).content.decode()

    assert "Wysyłanie pocztą jest wyłączone" in before
    assert "Listy można wysłać pocztą" in after


@pytest.mark.parametrize(
    "data", [{}, {"chosen": "wszyscy"}, {"chosen": "nigdy-nie-wydane", "building": "999"}]
)
def test_nonsense_is_answered_with_the_form(data: dict[str, str], clerk: Client, maria: Person) -> None:
    assert clerk.post(PAGE, data).status_code == 200


def test_foreign_token_is_answered_like_a_used_one(clerk: Client) -> None:
    for token in ("0" * 32, "..", "x"):
        assert clerk.post(f"{PAGE}{token}/", follow=True).status_code in {200, 404}
    assert clerk.get(PAGE, query_params={"listy": "../../etc"}).status_code == 200


def test_longest_texts_keep_a_letter_on_one_page(
    clerk: Client, maria: Person, sloneczna: AssociationRef
) -> None:
    with enter_association(sloneczna):
        Person.objects.update(name="Bardzo-Długie Nazwisko " * 8)
        AssociationProfile.objects.update(
            name="Spółdzielnia " * 15, office_address="ul. Długa 1, " * 20, office_hours="pn–pt 8–15, " * 20
        )

    assert len(download(clerk, issue(clerk)).pages) == 1
