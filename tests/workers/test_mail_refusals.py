"""Mails that a server or their own headers refuse cost no other mail; and nobody's mailbox is flooded."""

import threading

from django.db import connection
from django.utils import timezone

from associations.notifications.actions import CONFIRMATIONS_A_DAY, MailRuleError, ask_for_address
from associations.notifications.models import AddressConfirmation, MessageKind, OutboxMessage
from associations.owners.actions import owner_actor
from associations.owners.models import OwnerAccount
from associations.profile.models import AssociationProfile
from saas.jobs.actions import enqueue_job
from saas.jobs.models import JobKind
from saas.tenancy.switching import AssociationRef, enter_association
from tests.smtp_sink import Sink
from tests.workers.test_mail import account, rows, run_job, sink, subscriber, write
from workers.running import run_one_job

__all__ = ["account", "sink", "subscriber"]
NOW = "2026-11-22T10:00:00+00:00"


def test_server_that_hangs_up_with_its_refusal_loses_no_other_mail(
    subscriber: OwnerAccount, sloneczna: AssociationRef, sink: Sink
) -> None:
    with enter_association(sloneczna):
        for number in range(3):
            write(subscriber, MessageKind.PASSWORD_CHANGED, f"password:{number}", at=NOW)
    sink.answers = ["421 too many mails"]
    enqueue_job(association=sloneczna, kind=JobKind.SEND_MAIL)
    # The second job is asked for by the first, and speaks over a line of its own.
    assert run_one_job()
    assert run_one_job()

    assert [state for _kind, state, _attempts in rows(sloneczna)] == ["waiting", "sent", "sent"]
    assert len(sink.mails) == 2


def test_name_in_two_lines_makes_no_header(
    subscriber: OwnerAccount, sloneczna: AssociationRef, sink: Sink
) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.update(name="Spółdzielnia\r\nBcc: obcy@example.org")
        write(subscriber, MessageKind.PASSWORD_CHANGED, "password:1", at=NOW)
    run_job(sloneczna)

    assert rows(sloneczna) == [("password_changed", "sent", 1)]
    assert sink.mails[0]["Bcc"] is None
    assert sink.recipients == ["anna@example.org"]


def test_mail_whose_headers_cannot_be_written_is_given_up_and_the_next_one_goes(
    subscriber: OwnerAccount, sloneczna: AssociationRef, sink: Sink
) -> None:
    with enter_association(sloneczna):
        write(subscriber, MessageKind.PASSWORD_CHANGED, "password:1", at=NOW)
        OutboxMessage.objects.create(
            account=subscriber,
            kind=MessageKind.ADDRESS_CHANGED,
            about="removal:1",
            details={"is_removed": True, "at": NOW},
            address="anna@example.org\nBcc: obcy@example.org",
            due_at=timezone.now().replace(year=2020),
        )
    run_job(sloneczna)

    assert [state for _kind, state, _attempts in rows(sloneczna)] == ["sent", "given_up"]


def test_links_asked_for_at_once_are_no_more_than_those_one_by_one(
    account: OwnerAccount, sloneczna: AssociationRef
) -> None:
    actor, start = owner_actor(account), threading.Barrier(12)

    def ask(number: int) -> None:
        try:
            with enter_association(sloneczna):
                start.wait()
                ask_for_address(actor=actor, account_id=account.pk, address=f"a{number}@example.org")
        except MailRuleError:
            return
        finally:
            connection.close()

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()

    with enter_association(sloneczna):
        assert AddressConfirmation.objects.count() == CONFIRMATIONS_A_DAY
