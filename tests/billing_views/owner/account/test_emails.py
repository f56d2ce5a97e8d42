"""The owner's e-mail address and wishes, and the links of mails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from associations.audit.models import AuditEntry
from associations.notifications.models import (
    AddressConfirmation,
    MailSubscription,
    MessageKind,
    OutboxMessage,
)
from associations.notifications.tokens import confirmation_token, sign_unsubscription
from saas.jobs.models import Job, JobKind
from saas.tenancy.switching import enter_association, enter_public
from tests.billing_views.owner.account.conftest import Owner
from tests.billing_views.owner.account.test_account import words
from tests.billing_views.owner.account.test_sign_in import sign_in

Browse = Callable[..., Client]
ADDRESS = "anna@example.org"


@pytest.fixture(autouse=True)
def _mail_is_set_up(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"


@pytest.fixture
def here(browse: Browse, owner: Owner) -> Client:
    client = browse()
    sign_in(client, owner)
    return client


def give(client: Client, address: str = ADDRESS) -> Any:
    return client.post("/konto/e-mail/", {"address": address}, follow=True)


def link_of(owner: Owner) -> str:
    with enter_association(owner.association):
        confirmation = AddressConfirmation.objects.filter(used_at=None).latest("created_at")
    return f"/e-mail/potwierdz/{confirmation_token(confirmation.pk)}/"


def confirm(owner: Owner, browse: Browse) -> Any:
    """By somebody who is not signed in there: the mail is read on another device."""
    return browse().post(link_of(owner))


def address_of(owner: Owner) -> str:
    with enter_association(owner.association):
        found = MailSubscription.objects.filter(account_id=owner.account.pk).first()
    return found.address if found else ""


def subscribe(owner: Owner, **wishes: bool) -> None:
    with enter_association(owner.association):
        MailSubscription.objects.create(
            account=owner.account, address=ADDRESS, confirmed_at=timezone.now(), **wishes
        )


def test_address_stands_when_its_link_was_opened_and_its_button_pressed(
    here: Client, owner: Owner, browse: Browse
) -> None:
    page = words(give(here))
    assert "Wysłaliśmy link" in page
    assert f"czeka na potwierdzenie {ADDRESS}" in page
    with enter_public():
        assert Job.objects.filter(kind=JobKind.SEND_MAIL).count() == 1
    link = link_of(owner)
    assert ADDRESS in words(browse().get(link))
    assert address_of(owner) == ""

    assert "jest potwierdzony" in words(browse().post(link))

    assert address_of(owner) == ADDRESS
    assert browse().get(link).status_code == 404
    assert browse().post(link).status_code == 404
    with enter_association(owner.association):
        acts = AuditEntry.objects.filter(action__startswith="email.").order_by("id")
        assert list(acts.values_list("action", flat=True)) == ["email.asked", "email.confirmed"]
        assert ADDRESS not in str(list(acts.values()))


def test_link_works_for_48_hours(here: Client, owner: Owner, browse: Browse) -> None:
    give(here)
    link = link_of(owner)
    assert browse().get(link).status_code == 200
    with enter_association(owner.association):
        AddressConfirmation.objects.update(expires_at=timezone.now())

    assert browse().post(link).status_code == 404
    assert address_of(owner) == ""


def test_new_link_ends_the_one_before(here: Client, owner: Owner, browse: Browse) -> None:
    give(here)
    first = link_of(owner)
    give(here, "inna@example.org")

    assert browse().post(first).status_code == 404
    assert confirm(owner, browse).status_code == 200
    assert address_of(owner) == "inna@example.org"


def test_former_address_stands_until_then_and_is_told(here: Client, owner: Owner, browse: Browse) -> None:
    subscribe(owner)
    give(here, "inna@example.org")
    assert address_of(owner) == ADDRESS

    confirm(owner, browse)

    with enter_association(owner.association):
        told = OutboxMessage.objects.get(kind=MessageKind.ADDRESS_CHANGED)
        assert told.address == ADDRESS


def test_removed_address_is_told_and_forgotten(here: Client, owner: Owner) -> None:
    subscribe(owner, about_password=True)
    give(here, "inna@example.org")
    link = link_of(owner)
    assert ADDRESS in words(here.get("/konto/e-mail/usun/"))

    here.post("/konto/e-mail/usun/")

    assert address_of(owner) == ""
    assert here.post(link).status_code == 404
    assert ADDRESS not in words(here.get("/konto/"))
    with enter_association(owner.association):
        assert OutboxMessage.objects.get(kind=MessageKind.ADDRESS_CHANGED).address == ADDRESS


@pytest.mark.parametrize("address", ["", "anna", "a@b", "x" * 250 + "@example.org", "a\x00@example.org"])
def test_what_is_no_address_is_refused(address: str, here: Client, owner: Owner) -> None:
    assert give(here, address).status_code == 200
    with enter_association(owner.association):
        assert not AddressConfirmation.objects.exists()


def test_same_address_needs_no_second_link(here: Client, owner: Owner) -> None:
    subscribe(owner)

    assert "Ten adres jest już potwierdzony." in words(give(here, ADDRESS.upper()))


def test_nobodys_mailbox_is_flooded(here: Client, owner: Owner) -> None:
    for number in range(5):
        assert "Wysłaliśmy link" in words(give(here, f"ofiara{number}@example.org"))

    assert "Najwyżej 5 linków na dobę" in words(give(here))


def test_without_a_mail_server_nothing_is_asked_for(here: Client, owner: Owner, settings: Any) -> None:
    settings.EMAIL_HOST = ""

    for address in ("/konto/", "/konto/e-mail/", "/konto/powiadomienia/"):
        assert "Portal nie wysyła jeszcze e-maili." in words(here.get(address))
    give(here)
    with enter_association(owner.association):
        assert not AddressConfirmation.objects.exists()


def test_wishes_are_empty_at_first_and_kept(here: Client, owner: Owner) -> None:
    subscribe(owner)
    assert "checked" not in here.get("/konto/powiadomienia/").content.decode()

    here.post("/konto/powiadomienia/", {"about_due_days": "on", "days_before": "7"})

    with enter_association(owner.association):
        kept = MailSubscription.objects.get()
        assert (kept.about_due_days, kept.days_before, kept.about_new_data) == (True, 7, False)
    assert "Wysyłamy wiadomości: termin płatności." in words(here.get("/konto/"))


@pytest.mark.parametrize("days", ["0", "15", "x", "", "-3", "9" * 30])
def test_days_before_are_1_to_14(days: str, here: Client, owner: Owner) -> None:
    subscribe(owner)

    assert here.post("/konto/powiadomienia/", {"days_before": days}).status_code == 200
    with enter_association(owner.association):
        assert MailSubscription.objects.get().days_before == 3


def test_wishes_need_an_address(here: Client) -> None:
    assert "Najpierw podaj i potwierdź adres" in words(here.get("/konto/powiadomienia/"))
    assert here.post("/konto/powiadomienia/", {"days_before": "3"})["Location"] == "/konto/e-mail/"


def unsubscribe_link(owner: Owner, *kinds: MessageKind) -> str:
    return f"/e-mail/wypisz/{sign_unsubscription(owner.account.pk, kinds)}/"


def wishes_of(owner: Owner) -> tuple[bool, bool]:
    with enter_association(owner.association):
        kept = MailSubscription.objects.get()
    return kept.about_new_data, kept.about_password


def test_link_ends_mails_of_its_kind_by_a_button_without_signing_in(owner: Owner, browse: Browse) -> None:
    subscribe(owner, about_new_data=True, about_password=True)
    link = unsubscribe_link(owner, MessageKind.NEW_DATA)

    assert "opublikowano nowe dane" in words(browse().get(link))
    assert wishes_of(owner) == (True, True)

    assert "Zapisane." in words(browse().post(link))
    assert wishes_of(owner) == (False, True)
    assert browse().post(link).status_code == 200


def test_mail_program_unsubscribes_by_one_click(owner: Owner) -> None:
    """RFC 8058: a POST without cookies and without a CSRF token."""
    subscribe(owner, about_new_data=True, about_password=True)
    program = Client(headers={"host": "sloneczna.localhost"}, enforce_csrf_checks=True)
    link = unsubscribe_link(owner, MessageKind.PASSWORD_CHANGED)
    assert program.post(link).status_code == 403

    assert program.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200

    assert wishes_of(owner) == (True, False)


def test_token_that_we_did_not_sign_ends_nothing(owner: Owner, browse: Browse) -> None:
    subscribe(owner, about_new_data=True)
    link = unsubscribe_link(owner, MessageKind.NEW_DATA)

    for token in (link[:-3] + "x/", "/e-mail/wypisz/nic/", link.replace("wypisz/", "wypisz/x")):
        assert browse().get(token).status_code == 404
        assert browse().post(token, {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert browse("lipowa").post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert wishes_of(owner) == (True, False)


def test_changed_password_and_new_device_ask_for_a_mail(here: Client, owner: Owner) -> None:
    subscribe(owner, about_password=True, about_new_device=True)
    phone = Client(headers={"host": "sloneczna.localhost", "user-agent": "Android Chrome/1"})
    sign_in(phone, owner)
    with enter_association(owner.association):
        assert list(OutboxMessage.objects.values_list("kind", flat=True)) == ["new_device"]
    with enter_public():
        assert Job.objects.filter(kind=JobKind.SEND_MAIL).count() == 1
