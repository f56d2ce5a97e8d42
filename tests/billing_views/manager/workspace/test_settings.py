"""Settings: what a manager changes, what is refused, and what the log keeps."""

from typing import Any

import pytest

from associations.audit.models import AuditEntry
from associations.profile.models import AssociationProfile
from saas.tenancy.switching import AssociationRef, enter_association

SETTINGS = "/a/sloneczna/ustawienia/"
VALID = {
    "name": "Spółdzielnia Mieszkaniowa „Słoneczna”",
    "nip": "123-456-32-18",
    "due_day": "15",
    "office_address": "ul. Słoneczna 1",
    "office_hours": "pon. 8:00–17:00",
    "office_phone": "22 600 10 20",
    "office_email": "biuro@example.org",
    "information_text": "Hasła wydajemy w biurze.\r\n\r\nZapraszamy.",
    "allows_letters_by_post": "on",
}


def profile_of(association: AssociationRef) -> AssociationProfile:
    with enter_association(association):
        return AssociationProfile.objects.get()


def test_changes_are_kept_and_logged_with_old_and_new_values(manager: Any, sloneczna: AssociationRef) -> None:
    answer = manager.post(SETTINGS, VALID)

    profile = profile_of(sloneczna)
    with enter_association(sloneczna):
        entry = AuditEntry.objects.get(action="profile.updated")
    assert (answer.status_code, answer["Location"]) == (302, SETTINGS)
    assert "Zapisano zmiany." in manager.text(SETTINGS)
    assert (profile.nip, profile.due_day, profile.allows_letters_by_post) == ("1234563218", 15, True)
    assert profile.information_text == "Hasła wydajemy w biurze.\n\nZapraszamy."
    assert entry.details["fields"]["due_day"] == {"before": 10, "after": 15}
    assert entry.details["fields"]["information_text"] == {}
    assert "name" not in entry.details["fields"]


def test_the_same_again_writes_nothing(manager: Any, sloneczna: AssociationRef) -> None:
    manager.post(SETTINGS, VALID), manager.post(SETTINGS, VALID)

    assert "Nic się nie zmieniło." in manager.text(SETTINGS)
    with enter_association(sloneczna):
        assert AuditEntry.objects.filter(action="profile.updated").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("nip", "1234563219", "To nie jest poprawny NIP"),
        ("nip", "12", "To nie jest poprawny NIP"),
        ("due_day", "0", "większa lub równa 1"),
        ("due_day", "32", "mniejsza lub równa 31"),
        ("due_day", "", "To pole jest wymagane."),
        ("name", "", "To pole jest wymagane."),
        ("office_email", "biuro", "poprawny adres"),
    ],
)
def test_bad_values_are_refused_beside_their_field(
    manager: Any, sloneczna: AssociationRef, field: str, value: str, sentence: str
) -> None:
    answer = manager.post(SETTINGS, VALID | {field: value})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert f'id="id_{field}_error"' in page
    assert profile_of(sloneczna).due_day == 10


@pytest.mark.parametrize("role", ["bookkeeper", "office", "reader"])
def test_settings_are_the_managers_alone(sign_in: Any, sloneczna: AssociationRef, role: str) -> None:
    visit = sign_in(sloneczna, role=role)

    assert (visit.get(SETTINGS).status_code, visit.post(SETTINGS, VALID).status_code) == (403, 403)
    assert profile_of(sloneczna).due_day == 10


def test_page_says_where_no_mail_is_sent(manager: Any, settings: Any) -> None:
    assert "Portal nie wysyła e-maili do właścicieli" in manager.text(SETTINGS)

    settings.EMAIL_HOST = "mail.example"

    assert "Portal nie wysyła e-maili" not in manager.text(SETTINGS)
