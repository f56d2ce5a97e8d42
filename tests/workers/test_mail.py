"""Mails leave the outbox by a job, once, through a real SMTP dialogue."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from associations.notifications.actions import ask_for_address, choose_mails, confirm_address, remove_address
from associations.notifications.calculations import RETRY_PAUSES, WARSAW
from associations.notifications.models import (
    MailSubscription,
    MessageKind,
    MessageState,
    OutboxMessage,
)
from associations.notifications.outbox import write_message
from associations.notifications.sending import claim_mail
from associations.notifications.tokens import confirmation_token, read_unsubscription
from associations.owners.actions import change_password, choose_language, owner_actor
from associations.owners.models import OwnerAccount
from associations.premises.actions import rebuild_holdings
from associations.profile.models import AssociationProfile
from saas.jobs.actions import enqueue_job
from saas.jobs.models import Job, JobKind
from saas.tenancy.switching import AssociationRef, enter_association, enter_public
from tests.factories import make_account_of, make_person, make_premises, make_title, publish_charges
from tests.smtp_sink import Sink, mail_server
from workers.mail_round import look_for_mail, remind_now
from workers.running import run_one_job

ADDRESS = "anna@example.org"


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with mail_server() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_USE_TLS = False
        settings.APEX_URL = "https://portal.example:8443"
        yield sink


@pytest.fixture
def account(committed_db: None, sloneczna: AssociationRef) -> OwnerAccount:
    with enter_association(sloneczna):
        return make_account_of(make_person("17000010", "Rutkowska Maria"), "maria")


@pytest.fixture
def subscriber(account: OwnerAccount, sloneczna: AssociationRef) -> OwnerAccount:
    """Wants to hear of everything."""
    with enter_association(sloneczna):
        MailSubscription.objects.create(
            account=account,
            address=ADDRESS,
            confirmed_at=timezone.now(),
            about_new_data=True,
            about_due_days=True,
            about_password=True,
            about_new_device=True,
        )
    return account


def run_job(association: AssociationRef) -> None:
    enqueue_job(association=association, kind=JobKind.SEND_MAIL)
    assert run_one_job()
    with enter_public():
        assert Job.objects.latest("created_at").state == "done"


def write(account: OwnerAccount, kind: MessageKind, about: str, **details: Any) -> None:
    write_message(account_id=account.pk, kind=kind, about=about, details=details)


def rows(association: AssociationRef) -> list[tuple[str, str, int]]:
    with enter_association(association):
        return list(OutboxMessage.objects.order_by("id").values_list("kind", "state", "attempts"))


def test_address_is_confirmed_by_the_link_and_its_successor_tells_the_former(
    account: OwnerAccount, sloneczna: AssociationRef, sink: Sink
) -> None:
    actor = owner_actor(account)
    with enter_association(sloneczna):
        first = ask_for_address(actor=actor, account_id=account.pk, address=ADDRESS)
    run_job(sloneczna)
    with enter_association(sloneczna):
        confirm_address(token=confirmation_token(first.pk))
        second = ask_for_address(actor=actor, account_id=account.pk, address="maria@example.org")
        confirm_address(token=confirmation_token(second.pk))
        remove_address(actor=actor, account_id=account.pk)
    run_job(sloneczna)

    assert sink.recipients == [ADDRESS, ADDRESS, "maria@example.org"]
    body = sink.mails[0].get_content()
    assert f"/e-mail/potwierdz/{confirmation_token(first.pk)}/" in body
    assert "https://sloneczna.localhost:8443/" in body
    assert "List-Unsubscribe" not in sink.mails[0]
    assert "inny adres e-mail" in sink.mails[1].get_content()
    assert "usunięto ten adres" in sink.mails[2].get_content()
    # The link of an address that was confirmed meanwhile is not sent after the fact.
    assert ("confirm_address", "withdrawn", 0) in rows(sloneczna)
    with enter_association(sloneczna):
        assert not OutboxMessage.objects.exclude(address="", details={}).exists()


def test_password_mail_is_in_the_accounts_language_and_can_be_ended_by_a_program(
    subscriber: OwnerAccount, sloneczna: AssociationRef, sink: Sink
) -> None:
    with enter_association(sloneczna):
        choose_language(account=subscriber, language="en")
        change_password(account=subscriber, new_password="zielony rower na dachu")
    run_job(sloneczna)

    [mail] = sink.mails
    assert mail["To"] == ADDRESS
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = re.search(r"/e-mail/wypisz/([^/]+)/>", mail["List-Unsubscribe"])
    assert token
    assert read_unsubscription(token[1]) == (subscriber.pk, (MessageKind.PASSWORD_CHANGED,))
    assert "Rutkowska" not in mail.as_string()


def test_digest_joins_the_day_and_comes_once_a_day(
    subscriber: OwnerAccount, sloneczna: AssociationRef, sink: Sink
) -> None:
    soon = (timezone.localdate() + dt.timedelta(days=3)).isoformat()
    with enter_association(sloneczna):
        write(subscriber, MessageKind.NEW_DATA, "batch:1", datasets=["charges"])
        write(subscriber, MessageKind.NEW_DATA, "batch:2", datasets=["balances", "charges"])
        write(subscriber, MessageKind.DUE_DAY, f"due:{soon}", day=soon)
    run_job(sloneczna)
    with enter_association(sloneczna):
        write(subscriber, MessageKind.NEW_DATA, "batch:3", datasets=["readings"])
    run_job(sloneczna)

    [mail] = sink.mails
    assert mail["Subject"].strip() == "Nowe dane w portalu i zbliżający się termin płatności"
    assert "naliczenia opłat, salda." in mail.get_content()
    assert rows(sloneczna)[-1] == ("new_data", "waiting", 0)
    with enter_association(sloneczna):
        assert OutboxMessage.objects.latest("id").due_at > timezone.now()


def test_nothing_is_sent_to_who_no_longer_wants_it(
    subscriber: OwnerAccount, sloneczna: AssociationRef, sink: Sink
) -> None:
    yesterday = (timezone.localdate() - dt.timedelta(days=1)).isoformat()
    with enter_association(sloneczna):
        write(subscriber, MessageKind.NEW_DEVICE, "sign_in:1", device="Chrome", at=timezone.now().isoformat())
        write(subscriber, MessageKind.DUE_DAY, "due:past", day=yesterday)
        write(subscriber, MessageKind.NEW_DATA, "batch:1", datasets=["charges"])
        wishes = {MessageKind.DUE_DAY: True}
        choose_mails(actor=owner_actor(subscriber), account_id=subscriber.pk, wishes=wishes, days_before=3)
    run_job(sloneczna)

    assert sink.mails == []
    assert {state for _, state, _ in rows(sloneczna)} == {"withdrawn"}


def test_refusal_for_now_is_tried_again_after_a_pause_and_for_ever_is_given_up(
    subscriber: OwnerAccount, sloneczna: AssociationRef, sink: Sink
) -> None:
    at = timezone.now()
    with enter_association(sloneczna):
        write(subscriber, MessageKind.PASSWORD_CHANGED, "password:1", at=at.isoformat())
        write(subscriber, MessageKind.PASSWORD_CHANGED, "password:2", at=at.isoformat())
    sink.answers = ["451 later", "550 no such mailbox"]
    run_job(sloneczna)
    run_job(sloneczna)

    assert rows(sloneczna) == [("password_changed", "waiting", 1), ("password_changed", "given_up", 1)]
    with enter_association(sloneczna):
        waiting = OutboxMessage.objects.get(state="waiting")
        assert RETRY_PAUSES[0] <= waiting.due_at - at < RETRY_PAUSES[1]
        OutboxMessage.objects.filter(pk=waiting.pk).update(due_at=at, attempts=len(RETRY_PAUSES))
    sink.answers = ["451 later"]
    run_job(sloneczna)
    assert rows(sloneczna)[0] == ("password_changed", "given_up", len(RETRY_PAUSES) + 1)
    assert sink.mails == []


def test_mail_that_may_have_left_is_not_sent_again(
    subscriber: OwnerAccount, sloneczna: AssociationRef, sink: Sink
) -> None:
    with enter_association(sloneczna):
        write(subscriber, MessageKind.PASSWORD_CHANGED, "password:1", at=timezone.now().isoformat())
    sink.answers = [""]
    run_job(sloneczna)
    run_job(sloneczna)

    assert len(sink.mails) == 1
    assert rows(sloneczna) == [("password_changed", "unknown", 1)]


def test_mail_of_a_killed_worker_is_not_sent_again_and_others_are(
    subscriber: OwnerAccount, sloneczna: AssociationRef, sink: Sink
) -> None:
    with enter_association(sloneczna):
        write(subscriber, MessageKind.PASSWORD_CHANGED, "password:1", at=timezone.now().isoformat())
        with transaction.atomic():
            assert claim_mail(now=timezone.now())
        write(subscriber, MessageKind.PASSWORD_CHANGED, "password:2", at=timezone.now().isoformat())
    run_job(sloneczna)
    run_job(sloneczna)

    assert len(sink.mails) == 1
    assert [state for _, state, _ in rows(sloneczna)] == ["unknown", "sent"]


def test_dead_server_loses_nothing(
    subscriber: OwnerAccount, sloneczna: AssociationRef, sink: Sink, settings: Any
) -> None:
    with enter_association(sloneczna):
        write(subscriber, MessageKind.PASSWORD_CHANGED, "password:1", at=timezone.now().isoformat())
    sink.shutdown()
    sink.server_close()
    run_job(sloneczna)

    assert rows(sloneczna) == [("password_changed", "waiting", 0)]
    with enter_association(sloneczna):
        assert OutboxMessage.objects.get().due_at > timezone.now()


def test_round_asks_for_a_job_where_something_is_due_and_only_once(
    subscriber: OwnerAccount, sloneczna: AssociationRef, sink: Sink, settings: Any
) -> None:
    from django.core.cache import cache

    with enter_association(sloneczna):
        write(subscriber, MessageKind.PASSWORD_CHANGED, "password:1", at=timezone.now().isoformat())
    cache.delete_many(["mail-looked", "mail-round"])

    assert look_for_mail() == 1
    assert look_for_mail() == 0
    cache.delete("mail-looked")
    assert look_for_mail() == 0
    assert run_one_job()
    assert len(sink.mails) == 1
    settings.EMAIL_HOST = ""
    cache.delete("mail-looked")
    assert look_for_mail() == 0


def test_without_a_mail_server_nothing_leaves(
    subscriber: OwnerAccount, sloneczna: AssociationRef, settings: Any, mailoutbox: list[Any]
) -> None:
    with enter_association(sloneczna):
        write(subscriber, MessageKind.PASSWORD_CHANGED, "password:1", at=timezone.now().isoformat())
    run_job(sloneczna)
    assert mailoutbox == []
    settings.EMAIL_HOST = "mail.example"
    run_job(sloneczna)

    assert [mail.to for mail in mailoutbox] == [[ADDRESS]]
    assert rows(sloneczna) == [("password_changed", MessageState.SENT, 1)]


def test_reminders_follow_the_due_day_of_the_association(
    subscriber: OwnerAccount, sloneczna: AssociationRef
) -> None:
    """13 December 2026 is a Sunday: who pays on Monday is in time."""
    with enter_association(sloneczna):
        premises = make_premises()
        make_title(premises, subscriber.person)
        rebuild_holdings([premises.pk])
        publish_charges(premises, "2026-12", "EKSP 1 m2 1 1.00")
        AssociationProfile.objects.update(due_day=13)

        assert remind_now(now=dt.datetime(2026, 12, 10, 7, tzinfo=WARSAW)) == 0
        assert remind_now(now=dt.datetime(2026, 12, 11, 7, tzinfo=WARSAW)) == 1
        assert OutboxMessage.objects.get().details["day"] == "2026-12-14"
