"""Which number stood before and which stands now: by imports, their undo, and the fund's account beneath."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localdate

from associations.audit.actors import SYSTEM
from associations.imports.models import Publication, PublicationKind, RegistryChange
from associations.premises.account_changes import announced_changes
from associations.premises.account_timeline import AccountChange, AccountEvent, find_change
from associations.premises.models import Premises, TransferAccount
from associations.profile.fund_accounts import change_fund_account
from associations.profile.models import Fund
from tests.factories import fund, make_batch, make_premises

A, B, C = "85102010550000000000000001", "71102010550000000000700011", "44102010550000000000700012"
START = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


def at(hours: int) -> dt.datetime:
    return START + dt.timedelta(hours=hours)


def own(hours: int, before: str, after: str) -> AccountEvent:
    return AccountEvent(at(hours), True, before, after)


def common(hours: int, before: str, after: str) -> AccountEvent:
    return AccountEvent(at(hours), False, before, after)


@pytest.mark.parametrize(
    ("events", "numbers", "change"),
    [
        ([], (A, ""), None),
        ([own(1, "", A)], (A, ""), None),
        ([own(1, "", A)], (A, B), AccountChange(at(1), (B,), A, False)),
        ([own(1, A, B)], (B, ""), AccountChange(at(1), (A,), B, False)),
        ([own(1, A, B), own(2, B, C)], (C, ""), AccountChange(at(2), (A, B), C, False)),
        ([own(2, B, A), own(1, A, B)], (A, ""), AccountChange(at(2), (B,), A, True, at(1))),
        ([own(1, "", A), own(2, A, "")], ("", ""), AccountChange(at(2), (A,), "", False)),
        ([own(1, "", A), own(2, A, B)], (B, ""), AccountChange(at(2), (A,), B, False)),
        ([common(1, A, B)], ("", B), AccountChange(at(1), (A,), B, False)),
        ([common(1, A, B)], (C, B), None),
        ([common(1, A, B), own(2, "", C)], (C, B), AccountChange(at(2), (A, B), C, False)),
        ([own(1, A, "")], ("", B), AccountChange(at(1), (A,), B, False)),
    ],
)
def test_owners_are_told_where_the_number_that_they_see_changed(
    events: list[AccountEvent], numbers: tuple[str, str], change: AccountChange | None
) -> None:
    assert find_change(events, own=numbers[0], common=numbers[1]) == change


@pytest.fixture
def flat(in_sloneczna: object) -> Premises:
    premises = make_premises("0401-034")
    TransferAccount.objects.create(premises=premises, fund=fund(), nrb=A)
    return premises


@pytest.fixture
def import_number(flat: Premises) -> Callable[..., Publication]:
    """Publish another number for the premises, as an import does, so many days ago."""

    def change(nrb: str, *, days_ago: int = 1) -> Publication:
        account = TransferAccount.objects.get(premises=flat)
        publication = Publication.objects.create(
            batch=make_batch(), kind=PublicationKind.PUBLISH, by_name="Zofia"
        )
        Publication.objects.filter(pk=publication.pk).update(at=timezone.now() - dt.timedelta(days=days_ago))
        RegistryChange.objects.create(
            publication=publication,
            registry="transfer_account",
            object_id=account.pk,
            before={"nrb": account.nrb, "is_current": True},
            after={"nrb": nrb, "is_current": True},
        )
        TransferAccount.objects.filter(pk=account.pk).update(nrb=nrb)
        return publication

    return change


def told(premises: Premises, starts_on: dt.date | None = None) -> list[tuple[str, tuple[str, ...], str]]:
    found = announced_changes({premises.pk: starts_on}, today=localdate())
    return [(one.fund.kind, one.change.former, one.change.present) for one in found.get(premises.pk, ())]


def test_an_imported_number_is_announced_for_sixty_days(
    flat: Premises, import_number: Callable[..., Publication]
) -> None:
    import_number(B, days_ago=59)
    assert told(flat) == [("main", (A,), B)]

    Publication.objects.update(at=timezone.now() - dt.timedelta(days=60))
    assert told(flat) == []


def test_an_undone_number_is_announced_as_the_former_one_again(
    flat: Premises, import_number: Callable[..., Publication]
) -> None:
    published = import_number(B)
    Publication.objects.create(batch=published.batch, kind=PublicationKind.UNDO, by_name="Zofia")
    TransferAccount.objects.update(nrb=A)

    found = announced_changes({flat.pk: None}, today=localdate())[flat.pk][0]

    assert (found.change.former, found.change.present, found.change.is_back) == ((B,), A, True)
    assert found.changed_on == localdate()


def test_a_change_before_the_holding_concerned_others(
    flat: Premises, import_number: Callable[..., Publication]
) -> None:
    import_number(B, days_ago=10)

    assert told(flat, localdate() - dt.timedelta(days=10)) == [("main", (A,), B)]
    assert told(flat, localdate() - dt.timedelta(days=9)) == []


def test_a_funds_new_account_concerns_premises_without_their_own(flat: Premises) -> None:
    other = make_premises("0401-035")
    Fund.objects.filter(code="main").update(bank_account=B)
    change_fund_account(actor=SYSTEM, fund_id=fund().pk, expected=B, nrb=C)

    assert told(flat) == []
    assert told(other) == [("main", (B,), C)]


def test_other_premises_changes_are_not_told(
    flat: Premises, import_number: Callable[..., Publication]
) -> None:
    import_number(B)
    other = make_premises("0401-035")
    TransferAccount.objects.create(premises=other, fund=fund(), nrb=C)

    assert told(other) == []


def test_it_costs_one_query(flat: Premises, import_number: Callable[..., Publication]) -> None:
    import_number(B)
    other = make_premises("0401-035")

    with CaptureQueriesContext(connection) as queries:
        found = announced_changes({flat.pk: None, other.pk: None}, today=localdate())

    assert (len(queries), list(found)) == (1, [flat.pk])
