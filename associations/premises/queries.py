"""What a person holds: premises, titles (przydziały), co-owners by name, bank accounts to pay to. Writes nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef

from associations.premises.calculations import DateWindow
from associations.premises.models import Holding, HoldingMember, Premises, Title, TransferAccount
from associations.profile.funds import FundLabel
from associations.profile.models import Fund


@dataclass(frozen=True, slots=True)
class HeldPremises:
    """A holding of a person: the premises, the person's own titles in it, and the names of the others."""

    holding_id: int
    premises: Premises
    starts_on: dt.date | None
    ends_on: dt.date | None
    titles: tuple[Title, ...]
    co_owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PayTo:
    """The bank account (NRB) of a fund to which an owner pays."""

    fund: FundLabel
    nrb: str


def held_premises(person_id: int) -> list[HeldPremises]:
    """All holdings of a person, present ones first, then by premises. Two queries.

    Of the others in a holding nothing but the name is read.
    """
    holdings, names = _holdings_with_names(person_id)
    titles = _titles_by_premises(person_id)
    held = [
        HeldPremises(
            holding_id=holding.pk,
            premises=holding.premises,
            starts_on=holding.starts_on,
            ends_on=holding.ends_on,
            titles=tuple(title for title in titles[holding.premises_id] if _overlap(title, holding)),
            co_owners=tuple(names[holding.pk]),
        )
        for holding in holdings
    ]
    return sorted(held, key=_present_first)


_ACCOUNTS = """
SELECT w.id, f.id, f.kind, f.name, f.position, coalesce(t.nrb, f.bank_account)
  FROM profile_fund f CROSS JOIN unnest(%s::bigint[]) AS w (id)
  LEFT JOIN premises_transferaccount t ON t.premises_id = w.id AND t.fund_id = f.id AND t.is_current
 WHERE coalesce(t.nrb, f.bank_account) <> ''
 ORDER BY w.id, f.position, f.id
"""


def transfer_accounts(premises_ids: Collection[int]) -> dict[int, tuple[PayTo, ...]]:
    """Where each premises pays to, by fund: its own account, else the association's for the fund. One query.

    A fund without either is left out; a premises without any has no entry.
    """
    found: dict[int, list[PayTo]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, [list(premises_ids)])
        for premises, *fund, nrb in cursor.fetchall():
            found[premises].append(PayTo(FundLabel(*fund), nrb))
    return {premises: tuple(accounts) for premises, accounts in found.items()}


def common_accounts() -> tuple[PayTo, ...]:
    """The association's own accounts of funds, which are not of any premises. One query."""
    funds = Fund.objects.exclude(bank_account="").order_by("position", "id")
    return tuple(PayTo(_label(fund), fund.bank_account) for fund in funds)


def count_without_own_account(fund_id: int) -> int:
    """How many premises pay to the association's account of the fund, having no number of their own. One query."""
    own = TransferAccount.objects.filter(premises=OuterRef("pk"), fund=fund_id, is_current=True)
    return Premises.objects.filter(~Exists(own), is_current=True).count()


def _holdings_with_names(person_id: int) -> tuple[list[Holding], dict[int, list[str]]]:
    rows = (
        HoldingMember.objects.filter(holding__members__person=person_id)
        .select_related("holding__premises", "person")
        .only("person__name", "holding__starts_on", "holding__ends_on", "holding__premises")
        .order_by("person__sort_key", "person_id")
    )
    holdings: dict[int, Holding] = {}
    names: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        holdings[row.holding_id] = row.holding
        if row.person_id != person_id:
            names[row.holding_id].append(row.person.name)
    return list(holdings.values()), names


def _titles_by_premises(person_id: int) -> dict[int, list[Title]]:
    titles: dict[int, list[Title]] = defaultdict(list)
    for title in Title.objects.filter(person=person_id, is_current=True).order_by("starts_on", "id"):
        titles[title.premises_id].append(title)
    return titles


def _overlap(title: Title, holding: Holding) -> bool:
    """A holding lies wholly inside or outside each title of its persons."""
    day = holding.starts_on or holding.ends_on or dt.date.max
    return DateWindow(title.starts_on, title.ends_on).holds(day)


def _present_first(held: HeldPremises) -> tuple[object, ...]:
    ends_on = held.ends_on or dt.date.max
    return (-ends_on.toordinal(), held.premises.sort_key, held.premises.code, held.holding_id)


def _label(fund: Fund) -> FundLabel:
    return FundLabel(fund.pk, fund.kind, fund.name, fund.position)
