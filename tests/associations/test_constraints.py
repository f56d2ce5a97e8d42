"""Every constraint of an association's tables refuses a failing row: the database is the last guard of figures.

Imports bypass save(): what Python forgets to check must stop here. A constraint without a case fails the suite.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from associations.charges.models import ChargeEdition, NoticeRun
from associations.imports.control import find_broken_editions
from associations.imports.models import (
    DroppedFile,
    ImportBatch,
    ImportFile,
    ImportProfile,
    Problem,
    Publication,
    UploadRequest,
    YearClosing,
)
from associations.ledger.importing import POSTINGS
from associations.ledger.models import Account, BalanceEdition, PostingEdition
from associations.meters.models import Medium, Meter, Reading, ReadingEdition, Settlement, SettlementEdition
from associations.notifications.models import MailSubscription, OutboxMessage
from associations.owners.models import OwnerAccount, OwnerRecoveryCode, SignInEvent, StarterPasswordIssue
from associations.payments.models import Payment
from associations.premises.models import (
    Building,
    Holding,
    HoldingMember,
    Person,
    Premises,
    Property,
    Title,
    TransferAccount,
)
from associations.profile.models import AssociationLogo, AssociationProfile, Fund, FundAccountChange
from tests.factories import day, make_person, make_premises

pytestmark = pytest.mark.usefixtures("in_sloneczna")


@dataclass
class Books:
    """One row of everything that others refer to."""

    premises: Premises
    person: Person
    batch: ImportBatch
    publication: Publication
    account: Account
    medium: Medium
    meter: Meter
    fund: Fund
    holding: Holding
    owner: OwnerAccount


@pytest.fixture
def books(in_sloneczna: None) -> Books:
    premises, person = make_premises(), make_person("17000410")
    batch = ImportBatch.objects.create(created_by_name="biuro")
    fund = Fund.objects.get(code="main")
    medium = Medium.objects.create(name="zimna woda")
    return Books(
        premises=premises,
        person=person,
        batch=batch,
        publication=Publication.objects.create(batch=batch, kind="publish", by_name="biuro"),
        account=Account.objects.create(code="204-1", fund=fund, sort_key="204-1"),
        medium=medium,
        meter=Meter.objects.create(premises=premises, medium=medium, serial="00225127"),
        fund=fund,
        holding=Holding.objects.create(premises=premises, starts_on=day("2020-01-01")),
        owner=OwnerAccount.objects.create(person=person, login="nowak17"),
    )


def edition(model: type[Any], books: Books, part: models.Model) -> Any:
    return model.objects.create(
        premises=books.premises, month=day("2026-01-01"), batch=books.batch, digest=b"x" * 32, row_count=1,
        opened_by=books.publication, part=part,
    )  # fmt: skip


def title(books: Books, **fields: Any) -> Title:
    defaults: dict[str, Any] = {"kind": "separate_ownership"}
    return Title.objects.create(premises=books.premises, person=books.person, **(defaults | fields))


def settlement(books: Books, **fields: Any) -> Settlement:
    return Settlement.objects.create(
        premises=books.premises, medium=books.medium, batch=books.batch, month=day("2026-01-01"), file_no=1,
        line_no=1, result=0, **fields,
    )  # fmt: skip


def reading(books: Books, **fields: Any) -> Reading:
    return Reading.objects.create(
        premises=books.premises, medium=books.medium, batch=books.batch, meter=books.meter, value=1,
        month=day("2026-01-01"), read_on=day("2026-01-31"), file_no=1, line_no=1, **fields,
    )  # fmt: skip


def payment(**fields: Any) -> Payment:
    given = {"account": "85102010550000000000000001", "booked_on": day("2026-11-12"), "amount": 1, **fields}
    return Payment.objects.create(identity="a", **given)


def message(books: Books, **fields: Any) -> OutboxMessage:
    given = {"kind": "new_data", "about": "publication:1", "due_at": timezone.now(), **fields}
    return OutboxMessage.objects.create(account=books.owner, **given)


def profile(**fields: Any) -> None:
    AssociationProfile.objects.update(**fields)


def twice(make: Callable[[], Any]) -> None:
    make()
    make()


# Constraint → what must not be possible. Each is tried with the rows of `books` in place.
CASES: dict[str, Callable[[Books], Any]] = {
    "notice_run_state": lambda b: NoticeRun.objects.create(month=dt.date(2026, 1, 1), state="lost"),
    "profile_single_row": lambda b: AssociationProfile.objects.create(id=2, name="druga", kind="community"),
    "profile_kind": lambda b: profile(kind="company"),
    "profile_state": lambda b: profile(state="open"),
    "profile_due_day": lambda b: profile(due_day=32),
    "profile_nip": lambda b: profile(nip="123"),
    "profile_brand_color": lambda b: profile(brand_color="teal"),
    "logo_single_row": lambda b: AssociationLogo.objects.create(id=2, content=b"", width=1, height=1),
    "fund_kind": lambda b: Fund.objects.create(code="x", kind="x", name="x"),
    "fund_bank_account": lambda b: Fund.objects.filter(code="main").update(bank_account="12"),
    "fund_account_change_nrb": lambda b: FundAccountChange.objects.create(fund=b.fund, after="12", by_name="x"),
    "fund_account_change_differs": lambda b: FundAccountChange.objects.create(fund=b.fund, by_name="x"),
    "building_code_unique": lambda b: Building.objects.create(property=Property.objects.get(), code="B01"),
    "premises_kind": lambda b: Premises.objects.update(kind="castle"),
    "premises_area": lambda b: Premises.objects.update(area=-1),
    "premises_share": lambda b: Premises.objects.update(share="1.000001"),
    "premises_code_given": lambda b: Premises.objects.create(code="", sort_key=""),
    "transfer_account_unique": lambda b: twice(
        lambda: TransferAccount.objects.create(premises=b.premises, fund=b.fund, nrb="85102010550000000000000001")
    ),
    "transfer_account_nrb": lambda b: TransferAccount.objects.create(premises=b.premises, fund=b.fund, nrb="PL85"),
    "person_code_given": lambda b: Person.objects.create(code="", name="x", sort_key=""),
    "title_unique": lambda b: twice(lambda: title(b)),
    "title_kind": lambda b: title(b, kind="squatter"),
    "title_dates": lambda b: title(b, starts_on=day("2026-02-01"), ends_on=day("2026-01-31")),
    "title_share": lambda b: title(b, share_numerator=3, share_denominator=2),
    "holding_unique": lambda b: twice(lambda: Holding.objects.create(premises=b.premises)),
    "holding_dates": lambda b: Holding.objects.update(ends_on=day("2019-12-31")),
    "holding_member_unique": lambda b: twice(
        lambda: HoldingMember.objects.create(holding=b.holding, person=b.person)
    ),
    "owner_login_form": lambda b: OwnerAccount.objects.update(login="Nowak 17"),
    "owner_totp_has_seed": lambda b: OwnerAccount.objects.update(totp_confirmed_at=timezone.now()),
    "owner_recovery_code_unique": lambda b: twice(
        lambda: OwnerRecoveryCode.objects.create(account=b.owner, code_hash="h")
    ),
    "sign_in_event_outcome": lambda b: SignInEvent.objects.create(account=b.owner, outcome="maybe"),
    "subscription_days_before": lambda b: MailSubscription.objects.create(account=b.owner, days_before=15),
    "subscription_address_confirmed": lambda b: MailSubscription.objects.create(
        account=b.owner, address="anna@example.org"
    ),
    "outbox_told_once": lambda b: twice(lambda: message(b)),
    "outbox_kind": lambda b: message(b, kind="greeting"),
    "outbox_state": lambda b: message(b, state="lost"),
    "issue_method": lambda b: StarterPasswordIssue.objects.create(
        account=b.owner, method="pigeon", expires_at=timezone.now()
    ),
    "issue_receiver_named": lambda b: StarterPasswordIssue.objects.create(
        account=b.owner, method="in_person", expires_at=timezone.now(), received_at=timezone.now()
    ),
    "batch_state": lambda b: ImportBatch.objects.update(state="lost"),
    "batch_source": lambda b: ImportBatch.objects.update(source="pigeon"),
    "import_profile_unique": lambda b: twice(
        lambda: ImportProfile.objects.create(name="x", dataset="postings", header_key="k", created_by_name="biuro")
    ),
    "import_profile_key": lambda b: ImportProfile.objects.create(
        name="x", dataset="postings", header_key="", created_by_name="biuro"
    ),
    "payment_amount": lambda b: payment(amount=0),
    "payment_account": lambda b: payment(account="12"),
    "year_closing_kind": lambda b: YearClosing.objects.create(year=2025, kind="seal", by_name="biuro"),
    "year_closing_year": lambda b: YearClosing.objects.create(year=1025, kind="close", by_name="biuro"),
    "year_closing_reopened_with_reason": lambda b: YearClosing.objects.create(
        year=2025, kind="reopen", by_name="biuro"
    ),
    "upload_request_unique": lambda b: twice(
        lambda: UploadRequest.objects.create(token_id=uuid.UUID(int=1), key="k", fingerprint="f", batch=b.batch)
    ),
    "dropped_file_unique": lambda b: twice(lambda: DroppedFile.objects.create(name="a.csv", sha256="f")),
    "import_file_number": lambda b: twice(
        lambda: ImportFile.objects.create(batch=b.batch, number=1, name="a", size=1, sha256="", stored_as="")
    ),
    "problem_severity": lambda b: Problem.objects.create(
        batch=b.batch, severity="fatal", is_from_reading=True, code="x", reason="x"
    ),
    "publication_kind": lambda b: Publication.objects.update(kind="maybe"),
    "charge_edition_open": lambda b: twice(lambda: edition(ChargeEdition, b, b.fund)),
    "posting_edition_open": lambda b: twice(lambda: edition(PostingEdition, b, b.account)),
    "balance_edition_open": lambda b: twice(lambda: edition(BalanceEdition, b, b.fund)),
    "reading_edition_open": lambda b: twice(lambda: edition(ReadingEdition, b, b.medium)),
    "settlement_edition_open": lambda b: twice(lambda: edition(SettlementEdition, b, b.medium)),
    "account_code_given": lambda b: Account.objects.create(code="", fund=b.fund, sort_key=""),
    "meter_unique": lambda b: Meter.objects.create(premises=b.premises, medium=b.medium, serial="00225127"),
    "reading_kind": lambda b: reading(b, kind="guess"),
    "settlement_period": lambda b: settlement(
        b, period_from=day("2026-01-01"), period_to=day("2025-12-31")
    ),
}  # fmt: skip


def tenant_constraints() -> set[str]:
    labels = {app.rsplit(".", 1)[1] for app in settings.TENANT_APPS}
    return {
        constraint.name
        for model in apps.get_models()
        if model._meta.app_label in labels
        for constraint in model._meta.constraints
    }


def test_every_constraint_has_a_case() -> None:
    assert set(CASES) == tenant_constraints()


@pytest.mark.parametrize("name", CASES)
def test_constraint_refuses_a_failing_row(name: str, books: Books) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        CASES[name](books)


def test_one_open_edition_stands_beside_closed_ones(books: Books) -> None:
    first = edition(PostingEdition, books, books.account)
    first.closed_by = books.publication
    first.save()

    assert edition(PostingEdition, books, books.account).pk != first.pk


def test_money_is_numeric_everywhere() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND data_type IN ('real', 'double precision', 'money')"
        )

        assert cursor.fetchall() == []


def test_what_figures_refer_to_is_not_deleted(books: Books) -> None:
    """The keys of editions are not constraints of the database (docs/decisions.md): the program refuses instead."""
    edition(PostingEdition, books, books.account)

    for row in (books.premises, books.account, books.batch, books.publication):
        with pytest.raises(models.ProtectedError):
            row.delete()


def test_control_finds_an_edition_whose_key_leads_nowhere(books: Books) -> None:
    standing = edition(PostingEdition, books, books.account)
    PostingEdition.objects.filter(pk=standing.pk).update(row_count=0)
    assert find_broken_editions(POSTINGS) == ()

    for key in ("premises_id", "part_id", "batch_id", "opened_by_id", "closed_by_id"):
        with transaction.atomic():
            PostingEdition.objects.filter(pk=standing.pk).update(**{key: 999_999})
            [broken] = find_broken_editions(POSTINGS)
            transaction.set_rollback(True)

        assert (broken["kind"], broken["edition"]) == ("edition_leads_nowhere", standing.pk)


def test_ids_of_accounts_are_uuids(books: Books) -> None:
    assert isinstance(books.owner.pk, uuid.UUID)
    assert isinstance(books.holding.starts_on, dt.date)
