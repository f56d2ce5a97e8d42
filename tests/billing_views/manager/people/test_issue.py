"""A starter password issued by the office: shown once, printed once, and nowhere else."""

import io
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pypdf import PdfReader

from associations.owners.letter_files import remove_stale_letters
from associations.owners.models import OwnerAccount, StarterPasswordIssue
from associations.owners.passwords import is_right_password
from associations.premises.models import Person
from associations.profile.models import AssociationProfile
from saas.staff.models import StaffSession
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.manager.people.conftest import SignIn
from tests.factories import make_holding, make_person, make_premises

GROUPED = re.compile(r"[a-hj-km-np-z2-9]{4}(?: [a-hj-km-np-z2-9]{4}){3}")


def issue(client: Client, person: Person, **data: str) -> Any:
    return client.post(f"/a/sloneczna/osoby/{person.pk}/haslo/", {"last_issue": "0", **data})


def shown_password(answer: Any) -> str:
    found = GROUPED.findall(answer.content.decode())
    assert len(found) == 1
    return str(found[0])


def pdf_text(answer: Any) -> str:
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    return "\n".join(page.extract_text() for page in reader.pages)


def download_address(answer: Any) -> str:
    found = re.search(r'action="(/a/sloneczna/hasla/[0-9a-f]{32}/)"', answer.content.decode())
    assert found
    return found[1]


def test_password_is_shown_once_with_the_login(
    clerk: Client, maria: Person, sloneczna: AssociationRef
) -> None:
    answer = issue(clerk, maria)

    password = shown_password(answer)
    assert "17000010" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    with enter_association(sloneczna):
        account = OwnerAccount.objects.get(person=maria)
        assert is_right_password(account, password)
        assert account.must_change_password
    assert not GROUPED.search(clerk.get(f"/a/sloneczna/osoby/{maria.pk}/").content.decode())


def test_form_sent_again_replaces_no_password(
    clerk: Client, maria: Person, sloneczna: AssociationRef
) -> None:
    password = shown_password(issue(clerk, maria))

    again = clerk.post(f"/a/sloneczna/osoby/{maria.pk}/haslo/", {"last_issue": "0"}, follow=True)

    assert "wydano tej osobie inne hasło" in again.content.decode()
    with enter_association(sloneczna):
        assert is_right_password(OwnerAccount.objects.get(person=maria), password)
        assert StarterPasswordIssue.objects.count() == 1


def test_new_password_with_a_new_login(clerk: Client, maria: Person, sloneczna: AssociationRef) -> None:
    issue(clerk, maria)
    with enter_association(sloneczna):
        newest = StarterPasswordIssue.objects.get().pk

    answer = issue(clerk, maria, last_issue=str(newest), new_login="1")

    with enter_association(sloneczna):
        account = OwnerAccount.objects.get(person=maria)
        assert account.login != "17000010"
        assert account.login in answer.content.decode()


@pytest.mark.parametrize("last_issue", ["", "x", "-1", "9" * 30])
def test_nonsense_in_the_form_is_no_error(last_issue: str, clerk: Client, maria: Person) -> None:
    assert issue(clerk, maria, last_issue=last_issue).status_code in {200, 302}


def test_letter_holds_the_data_of_its_person_and_of_nobody_else(
    clerk: Client, maria: Person, sloneczna: AssociationRef
) -> None:
    with enter_association(sloneczna):
        make_holding(make_premises("0401-777", number="7"), make_person("999", "Kanarek Obcy"))
        AssociationProfile.objects.update(office_address="ul. Słoneczna 5", office_hours="pn–pt 8–15")
    answer = issue(clerk, maria)

    letter = clerk.post(download_address(answer))

    text = pdf_text(letter)
    for words in (
        "Spółdzielnia Mieszkaniowa „Słoneczna”",
        "ul. Słoneczna 5",
        "pn–pt 8–15",
        "Rutkowska Maria",
        "ul. Słoneczna 2 m. 1",
        "0401-001",
        "17000010",
        "http://sloneczna.localhost:8000",
        shown_password(answer),
    ):
        assert words in text
    for words in ("Kanarek", "0401-777", "maria@example.org"):
        assert words not in text


def test_letter_is_tagged_and_speaks_polish(clerk: Client, maria: Person) -> None:
    letter = clerk.post(download_address(issue(clerk, maria)))

    catalog: Any = PdfReader(io.BytesIO(letter.content)).trailer["/Root"]
    assert catalog["/Lang"] == "pl-PL"
    assert catalog["/MarkInfo"]["/Marked"]


def test_name_that_looks_like_markup_is_printed_as_it_is(
    clerk: Client, maria: Person, sloneczna: AssociationRef
) -> None:
    name = '#read("/etc/passwd") *x* $a$ <b> \\ " @'
    with enter_association(sloneczna):
        Person.objects.update(name=name)
        AssociationProfile.objects.update(office_hours="#panic() [8–15]")

    text = pdf_text(clerk.post(download_address(issue(clerk, maria)))).replace("\n", " ")

    assert name in text
    assert "#panic() [8–15]" in text


def test_letter_is_downloaded_once(clerk: Client, maria: Person, files: Path) -> None:
    address = download_address(issue(clerk, maria))

    first = clerk.post(address)
    second = clerk.post(address, follow=True)

    assert first["Content-Type"] == "application/pdf"
    assert "Tych listów już nie ma" in second.content.decode()
    assert [path for path in files.rglob("*") if path.is_file()] == []


def test_letter_on_disk_is_encrypted_and_private(clerk: Client, maria: Person, files: Path) -> None:
    answer = issue(clerk, maria)

    (path,) = [path for path in files.rglob("*") if path.is_file()]
    assert path.parent == files / "a_sloneczna" / "letters"
    assert b"PDF" not in path.read_bytes()[:64]
    assert shown_password(answer).encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


def test_letter_opens_in_the_session_that_asked_for_it_alone(
    clerk: Client, maria: Person, sign_in: SignIn, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    address = download_address(issue(clerk, maria))
    colleague = sign_in(sloneczna, lipowa)

    assert colleague.post(address).status_code == 302
    assert colleague.post(address.replace("sloneczna", "lipowa")).status_code == 302
    assert clerk.post(address).status_code == 200


def test_letter_is_gone_after_an_hour(clerk: Client, maria: Person, files: Path) -> None:
    address = download_address(issue(clerk, maria))
    (path,) = [path for path in files.rglob("*") if path.is_file()]
    long_ago = time.time() - 3601
    os.utime(path, (long_ago, long_ago))

    assert remove_stale_letters() == 1
    assert clerk.post(address).status_code == 302
    assert not path.exists()


def test_password_stands_in_no_table_no_session_and_no_log(
    clerk: Client, maria: Person, sloneczna: AssociationRef, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    answer = issue(clerk, maria)
    shown = shown_password(answer)
    clerk.post(download_address(answer))

    secrets = (shown, shown.replace(" ", ""))
    with enter_association(sloneczna):
        inside = every_row(sloneczna.schema_name)
    tables = every_row("public") + inside
    sessions = repr([session.get_decoded() for session in StaffSession.objects.order_by("pk")])
    assert "17000010" in tables
    for secret in secrets:
        assert secret not in tables
        assert secret not in sessions
        assert secret not in caplog.text


def every_row(schema: str) -> str:
    """Every row of every table of the schema, as text."""
    rows: list[Any] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{schema}"."{name}" t')
            rows.extend(cursor.fetchall())
    return repr(rows)


def test_owner_signs_in_with_what_the_office_showed(clerk: Client, maria: Person) -> None:
    password = shown_password(issue(clerk, maria))
    owner = Client(headers={"host": "sloneczna.localhost"})

    answer = owner.post("/logowanie/", {"login": "17000010", "password": password})

    assert answer.status_code == 302
    assert owner.get("/start/")["Location"].startswith("/haslo/")
