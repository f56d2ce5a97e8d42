"""Who is told of a publication and of a due day: owners of the rows, and nobody else."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from associations.catalogue import CATALOGUE
from associations.charges.calculations import due_days
from associations.imports.models import Publication
from associations.ledger.models import Posting
from associations.notifications.calculations import WARSAW, due_days_ahead
from associations.notifications.models import MailSubscription, MessageKind, OutboxMessage
from associations.notifications.outbox import (
    announce_publication,
    tell_password_changed,
    withdraw_announcement,
)
from associations.notifications.reminders import remind_of_due_days
from associations.notifications.sending import claim_mail
from associations.owners.models import OwnerAccount
from associations.owners.sign_ins import record_sign_in
from associations.premises.actions import rebuild_holdings
from associations.premises.models import Person, Premises
from saas.tenancy.switching import AssociationRef
from tests.factories import (
    make_account_of,
    make_ledger_account,
    make_person,
    make_premises,
    make_title,
    publish_balance,
    publish_charges,
    publish_postings,
    publish_readings,
)
from tests.structure.sql_rules import offences
from tests.tampering import tampering

pytestmark = pytest.mark.usefixtures("in_sloneczna")


def subscribe(person: Person, **wishes: Any) -> OwnerAccount:
    account = make_account_of(person, f"login-{person.code}")
    wishes = wishes or {"about_new_data": True}
    MailSubscription.objects.create(
        account=account, address=f"{person.code}@example.org", confirmed_at=timezone.now(), **wishes
    )
    return account


@pytest.fixture
def sold(in_sloneczna: AssociationRef) -> tuple[Premises, OwnerAccount, OwnerAccount]:
    """A flat sold on 15 March 2026, its seller and its buyer."""
    premises, seller, buyer = make_premises(), make_person("seller"), make_person("buyer")
    make_title(premises, seller, "2009-01-01", "2026-03-14")
    make_title(premises, buyer, "2026-03-15")
    rebuild_holdings([premises.pk])
    return premises, subscribe(seller), subscribe(buyer)


def announce(publication: Publication) -> int:
    return announce_publication(
        CATALOGUE.editions, batch_id=publication.batch_id, publication_id=publication.pk
    )


def told() -> list[tuple[str, Any]]:
    rows = OutboxMessage.objects.order_by("account__login").values_list("account__login", "details")
    return list(rows)


def test_publication_is_told_to_owners_of_the_premises_alone(sold: Any) -> None:
    neighbour = make_person("neighbour")
    other = make_premises("0401-035", number="35")
    make_title(other, neighbour)
    rebuild_holdings([other.pk])
    subscribe(neighbour)

    assert announce(publish_charges(sold[0], "2026-05", "EKSP 1 m2 1 1.00")) == 1

    assert told() == [("login-buyer", {"datasets": ["charges"]})]
    message = OutboxMessage.objects.get()
    assert (message.kind, message.address) == (MessageKind.NEW_DATA, "")
    assert message.due_at.astimezone(WARSAW).hour == 8
    assert message.due_at.astimezone(WARSAW).date() == timezone.localdate() + dt.timedelta(days=1)


def test_month_of_a_sale_is_told_to_whom_its_rows_may_be(sold: Any) -> None:
    assert announce(publish_charges(sold[0], "2026-03", "EKSP 1 m2 1 1.00")) == 1
    assert told() == [("login-seller", {"datasets": ["charges"]})]

    assert announce(publish_readings(sold[0], "zimna woda", "1", "2026-03-31 2 1 measured")) == 2


def test_row_that_names_its_payer_is_told_to_the_payer_alone(sold: Any) -> None:
    seller = Person.objects.get(code="seller")

    assert announce(publish_balance(sold[0], "2026-06-30", "-10", payer=seller)) == 1
    assert told() == [("login-seller", {"datasets": ["balances"]})]


@pytest.mark.parametrize(
    "change", [{"about_new_data": False}, {"address": "", "confirmed_at": None}, {"ended": True}]
)
def test_who_did_not_ask_or_cannot_sign_in_is_not_told(sold: Any, change: dict[str, Any]) -> None:
    if change.pop("ended", False):
        OwnerAccount.objects.update(is_active=False)
    MailSubscription.objects.update(**change)

    assert announce(publish_charges(sold[0], "2026-05", "EKSP 1 m2 1 1.00")) == 0


def test_undone_publication_is_not_told(sold: Any) -> None:
    publication = publish_charges(sold[0], "2026-05", "EKSP 1 m2 1 1.00")
    announce(publication)

    assert withdraw_announcement(publication.batch_id) == 1
    assert claim_mail(now=timezone.now() + dt.timedelta(days=2)) is None


def remind(today: str, hour: int = 7) -> int:
    now = dt.datetime.combine(dt.date.fromisoformat(today), dt.time(hour), WARSAW)
    days = due_days_ahead(now.date(), 10, due_days=due_days)
    return remind_of_due_days(days, now=now)


def test_due_day_is_reminded_of_once_so_many_days_before(in_sloneczna: AssociationRef) -> None:
    premises, person = make_premises(), make_person("ann")
    make_title(premises, person)
    rebuild_holdings([premises.pk])
    subscribe(person, about_due_days=True, days_before=3)
    publish_charges(premises, "2026-12", "EKSP 1 m2 1 1.00")

    assert remind("2026-12-06") == 0
    assert remind("2026-12-07", hour=6) == 1
    assert remind("2026-12-08") == 0

    message = OutboxMessage.objects.get()
    assert message.details == {"day": "2026-12-10", "months": ["2026-12-01"], "named": ["2026-12-10"]}
    assert message.due_at == dt.datetime(2026, 12, 7, 8, tzinfo=WARSAW)


def test_due_day_that_moves_is_reminded_of_by_the_working_day(in_sloneczna: AssociationRef) -> None:
    """10 January 2027 is a Sunday."""
    premises, person = make_premises(), make_person("ann")
    make_title(premises, person)
    rebuild_holdings([premises.pk])
    subscribe(person, about_due_days=True, days_before=1)
    publish_charges(premises, "2027-01", "EKSP 1 m2 1 1.00")

    assert remind("2027-01-09") == 0
    assert remind("2027-01-10") == 1
    assert OutboxMessage.objects.get().details == {
        "day": "2027-01-11",
        "months": ["2027-01-01"],
        "named": ["2027-01-11", "2027-01-10", "2027-01-09"],
    }


def test_due_day_named_by_a_posting_is_reminded_of(in_sloneczna: AssociationRef) -> None:
    premises, person = make_premises(), make_person("ann")
    make_title(premises, person)
    rebuild_holdings([premises.pk])
    subscribe(person, about_due_days=True, days_before=14)
    publish_postings(premises, make_ledger_account(), "2026-11-02 FV_1 100", "2026-11-03 WB_1 0 100")
    with tampering():
        Posting.objects.update(due_on=dt.date(2026, 12, 5))  # a Saturday

    assert remind("2026-12-01") == 1
    assert OutboxMessage.objects.get().details["day"] == "2026-12-07"


def test_nothing_is_reminded_of_where_nothing_is_charged(in_sloneczna: AssociationRef) -> None:
    premises, person = make_premises(), make_person("ann")
    make_title(premises, person)
    rebuild_holdings([premises.pk])
    subscribe(person, about_due_days=True, days_before=14)
    publish_charges(premises, "2026-11", "EKSP 1 m2 1 1.00")

    assert remind("2026-12-01") == 0


def test_password_and_new_device_are_told_where_asked_for(in_sloneczna: AssociationRef) -> None:
    asked = subscribe(make_person("ann"), about_password=True, about_new_device=True)
    silent = subscribe(make_person("bob"))
    for account in (asked, silent):
        tell_password_changed(account_id=account.pk, at=timezone.now())
        for device in ("Firefox, Windows", "Firefox, Windows", "Chrome, Android", "Firefox, Windows"):
            record_sign_in(account=account, device=device)

    kinds = OutboxMessage.objects.order_by("id").values_list("account__login", "kind")
    assert list(kinds) == [("login-ann", "password_changed"), ("login-ann", "new_device")]


def test_statements_keep_to_the_rules_of_sql_texts(sold: Any) -> None:
    MailSubscription.objects.update(about_due_days=True)
    publication = publish_charges(sold[0], "2026-12", "EKSP 1 m2 1 1.00")
    statements: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert announce(publication) == 1
        assert remind("2026-12-09") == 1

    inserts = [sql for sql in statements if "INSERT INTO" in sql]
    assert len(inserts) >= 2
    assert [offences(sql) for sql in statements if offences(sql)] == []
