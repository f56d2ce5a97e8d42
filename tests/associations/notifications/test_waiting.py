"""Mails that wait: what is no longer so when their turn comes is not told, and a reminder comes before its day."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from associations.charges.calculations import due_days
from associations.charges.models import ChargeEdition
from associations.imports.models import Publication
from associations.notifications.actions import ask_for_address
from associations.notifications.calculations import WARSAW, due_days_ahead
from associations.notifications.models import MailSubscription, MessageKind, MessageState, OutboxMessage
from associations.notifications.outbox import write_message
from associations.notifications.reminders import remind_of_due_days
from associations.notifications.sending import Envelope, claim_mail, mark_sent
from associations.owners.actions import owner_actor
from associations.owners.models import OwnerAccount
from associations.premises.actions import rebuild_holdings
from associations.premises.models import Premises
from saas.tenancy.switching import AssociationRef
from tests.factories import make_account_of, make_person, make_premises, make_title, publish_charges

DAY_BEFORE = dt.datetime(2026, 12, 9, 7, tzinfo=WARSAW)
"""Charges of December are due on the 10th."""


@pytest.fixture
def premises(in_sloneczna: AssociationRef) -> Premises:
    return make_premises()


@pytest.fixture
def account(premises: Premises) -> OwnerAccount:
    """Wants digests, and to be reminded on the day before."""
    person = make_person("ann")
    make_title(premises, person)
    rebuild_holdings([premises.pk])
    account = make_account_of(person, "login-ann")
    MailSubscription.objects.create(
        account=account,
        address="ann@example.org",
        confirmed_at=timezone.now(),
        about_new_data=True,
        about_due_days=True,
        days_before=1,
    )
    return account


def remind(now: dt.datetime) -> int:
    return remind_of_due_days(due_days_ahead(now.date(), 10, due_days=due_days), now=now)


def tell_news(account: OwnerAccount, about: str, published_at: dt.datetime) -> None:
    write_message(
        account_id=account.pk, kind=MessageKind.NEW_DATA, about=about, details={"datasets": ["charges"]}
    )
    OutboxMessage.objects.filter(about=about).update(created_at=published_at, due_at=published_at)


def kinds(envelope: Envelope | None) -> tuple[MessageKind, ...]:
    return envelope.kinds if envelope else ()


def take_back(publication: Publication) -> None:
    ChargeEdition.objects.filter(opened_by=publication).update(closed_by=publication)


def test_reminder_of_charges_that_were_taken_back_is_not_sent(
    premises: Premises, account: OwnerAccount
) -> None:
    charged = publish_charges(premises, "2026-12", "EKSP 1 m2 1 1.00")
    assert remind(DAY_BEFORE) == 1
    take_back(charged)

    assert claim_mail(now=DAY_BEFORE.replace(hour=8)) is None


def test_charges_that_come_back_are_reminded_of(premises: Premises, account: OwnerAccount) -> None:
    charged = publish_charges(premises, "2026-12", "EKSP 1 m2 1 1.00")
    remind(DAY_BEFORE)
    take_back(charged)
    assert claim_mail(now=DAY_BEFORE.replace(hour=8)) is None
    publish_charges(premises, "2026-12", "EKSP 1 m2 2 2.00")

    assert remind(DAY_BEFORE.replace(hour=9)) == 1
    assert kinds(claim_mail(now=DAY_BEFORE.replace(hour=9))) == (MessageKind.DUE_DAY,)


@pytest.mark.parametrize("days_before", [1, 2])
def test_reminder_comes_before_its_day_though_the_days_digest_has_gone(
    premises: Premises, account: OwnerAccount, days_before: int
) -> None:
    MailSubscription.objects.update(days_before=days_before)
    tell_news(account, "batch:1", DAY_BEFORE.replace(hour=7))
    digest = claim_mail(now=DAY_BEFORE.replace(hour=8))
    assert kinds(digest) == (MessageKind.NEW_DATA,)
    assert digest
    mark_sent(digest)
    publish_charges(premises, "2026-12", "EKSP 1 m2 1 1.00")
    tell_news(account, "batch:2", DAY_BEFORE.replace(hour=9))
    assert remind(DAY_BEFORE.replace(hour=10)) == 1

    reminder = claim_mail(now=DAY_BEFORE.replace(hour=10))

    assert kinds(reminder) == (MessageKind.DUE_DAY,)
    assert OutboxMessage.objects.get(about="batch:2").state == MessageState.WAITING
    assert claim_mail(now=DAY_BEFORE.replace(hour=23)) is None


def test_reminder_that_the_next_digest_can_tell_waits_for_it(
    premises: Premises, account: OwnerAccount
) -> None:
    MailSubscription.objects.update(days_before=3)
    earlier = DAY_BEFORE - dt.timedelta(days=2)
    tell_news(account, "batch:1", earlier)
    digest = claim_mail(now=earlier.replace(hour=8))
    assert digest
    mark_sent(digest)
    publish_charges(premises, "2026-12", "EKSP 1 m2 1 1.00")
    assert remind(earlier.replace(hour=10)) == 1

    assert claim_mail(now=earlier.replace(hour=10)) is None
    assert kinds(claim_mail(now=DAY_BEFORE - dt.timedelta(hours=23 - 8))) == (MessageKind.DUE_DAY,)


def test_reminder_of_today_is_no_use(premises: Premises, account: OwnerAccount) -> None:
    publish_charges(premises, "2026-12", "EKSP 1 m2 1 1.00")
    remind(DAY_BEFORE)

    assert claim_mail(now=DAY_BEFORE + dt.timedelta(days=1, hours=2)) is None
    assert OutboxMessage.objects.get().state == MessageState.WITHDRAWN


@pytest.mark.parametrize(("days", "expected"), [(4, (MessageKind.NEW_DATA,)), (5, ())])
def test_publication_that_waited_for_days_is_no_news(account: OwnerAccount, days: int, expected: Any) -> None:
    tell_news(account, "batch:1", dt.datetime(2026, 12, 1, 7, tzinfo=WARSAW))

    assert kinds(claim_mail(now=dt.datetime(2026, 12, 1 + days, 7, tzinfo=WARSAW))) == expected


def test_link_that_has_run_out_meanwhile_is_not_sent(account: OwnerAccount) -> None:
    ask_for_address(actor=owner_actor(account), account_id=account.pk, address="new@example.org")

    assert claim_mail(now=timezone.now() + dt.timedelta(hours=49)) is None
    assert OutboxMessage.objects.get().state == MessageState.WITHDRAWN


def test_warning_about_the_password_is_sent_however_late(account: OwnerAccount) -> None:
    MailSubscription.objects.update(about_password=True)
    write_message(account_id=account.pk, kind=MessageKind.PASSWORD_CHANGED, about="password:1")

    assert kinds(claim_mail(now=timezone.now() + dt.timedelta(days=9))) == (MessageKind.PASSWORD_CHANGED,)
