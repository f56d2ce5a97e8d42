"""„Dostęp dla programów”: a key is made for the current password, shown once, and revoked."""

import re

import pytest
from django.test import Client

from associations.audit.actors import SYSTEM
from saas.staff.actions import create_staff, issue_link
from saas.staff.granting import grant_access
from saas.staff.models import ApiToken, LinkPurpose, StaffUser
from saas.staff.tokens import create_token
from saas.tenancy.switching import AssociationRef
from tests.billing_views.manager.account.conftest import PASSWORD

PAGE = "/konto/programy/"
GIVEN = {"name": "Program księgowy", "associations": ["sloneczna"], "days": "90", "current": PASSWORD}


def test_key_is_shown_once_and_opens_the_api(signed_in: Client) -> None:
    answer = signed_in.post(PAGE, GIVEN | {"may_publish": "on"})
    later = signed_in.get(PAGE).content.decode()

    [secret] = re.findall(r"kt_[\w-]{43}", answer.content.decode())
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert secret not in later
    assert "Program księgowy" in later
    assert "wgrywa, publikuje i cofa" in later
    program = Client(headers={"host": "localhost", "authorization": f"Bearer {secret}"})
    assert program.get("/api/v1/associations/sloneczna/imports/").status_code == 200
    assert "jeszcze nie" not in signed_in.get(PAGE).content.decode()


def test_wrong_password_makes_no_key(signed_in: Client) -> None:
    answer = signed_in.post(PAGE, GIVEN | {"current": "zgaduję"})

    assert "Nieprawidłowe hasło." in answer.content.decode()
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    "change", [{"associations": ["lipowa"]}, {"associations": []}, {"days": "4000"}, {"name": " "}]
)
def test_key_for_more_than_one_may_is_refused(signed_in: Client, change: dict[str, object]) -> None:
    answer = signed_in.post(PAGE, GIVEN | change)

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode() or "Popraw" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_association_is_offered_by_its_name(signed_in: Client) -> None:
    page = signed_in.get(PAGE).content.decode()

    assert 'value="sloneczna"' in page
    assert 'value="lipowa"' not in page


def test_key_is_revoked(signed_in: Client) -> None:
    signed_in.post(PAGE, GIVEN)
    address = f"{PAGE}{ApiToken.objects.get().pk}/uniewaznij/"

    answers = [signed_in.post(address) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 404]
    page = signed_in.get(PAGE).content.decode()
    assert "unieważniony" in page
    assert address not in page


def test_key_of_somebody_else_is_neither_shown_nor_revoked(
    signed_in: Client, manager: StaffUser, sloneczna: AssociationRef
) -> None:
    other = create_staff(actor=SYSTEM, email="ewa@zarzadca.example", name="Ewa Nowak")
    grant_access(actor=SYSTEM, user=other, association=sloneczna, role="manager")
    token = create_token(
        actor=SYSTEM, user=other, name="Cudzy klucz", slugs=["sloneczna"], days=1, may_publish=False
    ).token

    answer = signed_in.post(f"{PAGE}{token.pk}/uniewaznij/")

    assert answer.status_code == 404
    assert "Cudzy klucz" not in signed_in.get(PAGE).content.decode()
    token.refresh_from_db()
    assert token.revoked_at is None


def test_person_without_imports_is_offered_no_form(
    signed_in: Client, manager: StaffUser, sloneczna: AssociationRef
) -> None:
    grant_access(actor=SYSTEM, user=manager, association=sloneczna, role="office")

    page = signed_in.get(PAGE).content.decode()

    assert "Nie masz uprawnień do importu" in page
    assert "Utwórz klucz" not in page


def test_account_leads_to_the_keys(signed_in: Client) -> None:
    assert f'href="{PAGE}"' in signed_in.get("/konto/").content.decode()


def test_setting_a_password_by_a_link_says_that_keys_end(signed_in: Client, manager: StaffUser) -> None:
    signed_in.post(PAGE, GIVEN)
    link = issue_link(actor=SYSTEM, user=manager, purpose=LinkPurpose.PASSWORD)
    fresh = Client(headers={"host": "localhost"})
    path = "/nowe-haslo/" + link.rpartition("/nowe-haslo/")[2]
    new = {"password": "szare-niebo-22", "repeated": "szare-niebo-22"}

    asked = fresh.get(path).content.decode()
    answer = fresh.post(path, new, follow=True).content.decode()

    assert "unieważnia klucze dla programów" in asked
    assert "Klucze dla programów zostały unieważnione" in answer
    assert ApiToken.objects.get().revoked_at is not None
