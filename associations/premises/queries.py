"""What a person holds: premises, titles (przydziały), co-owners by name, bank accounts to pay to. Writes nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef

from associations.premises.calculations import DateWindow
from associations.premises.models import Premises, TransferAccount
from associations.profile.funds import FundLabel
from associations.profile.models import Fund


@dataclass(frozen=True, slots=True)
class HeldUnit:
    """The premises of a holding as the register describes it; `area` in m², `share` of the property."""

    pk: int
    code: str
    address: str
    number: str
    kind: str
    area: Decimal | None
    share: Decimal | None
    persons: int | None
    sort_key: str


@dataclass(frozen=True, slots=True)
class HeldTitle:
    """A title (tytuł prawny) of the person, both days included; null: open."""

    kind: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    share_numerator: int
    share_denominator: int
    is_joint: bool


@dataclass(frozen=True, slots=True)
class HeldPremises:
    """A holding of a person: the premises, the person's own titles in it, and the names of the others."""

    holding_id: int
    premises: HeldUnit
    starts_on: dt.date | None
    ends_on: dt.date | None
    titles: tuple[HeldTitle, ...]
    co_owners: tuple[str, ...]

    def is_present(self, today: dt.date) -> bool:
        """Whether the holding is not over: a last day that is to come, or today, is still of it."""
        return self.ends_on is None or self.ends_on >= today


@dataclass(frozen=True, slots=True)
class PayTo:
    """The bank account (NRB) of a fund to which an owner pays."""

    fund: FundLabel
    nrb: str


# Of the others in a holding nothing but the name is read.
_HOLDINGS = """
SELECT h.id, h.starts_on, h.ends_on, m.person_id, person.name,
       p.id, p.code, p.address, p.number, p.kind, p.area, p.share, p.persons, p.sort_key
  FROM premises_holdingmember m
  JOIN premises_holding h ON h.id = m.holding_id
  JOIN premises_premises p ON p.id = h.premises_id
  JOIN premises_person person ON person.id = m.person_id
 WHERE m.holding_id = ANY (ARRAY(SELECT holding_id FROM premises_holdingmember WHERE person_id = %s))
 ORDER BY person.sort_key, person.id
"""
_TITLES = """
SELECT premises_id, kind, starts_on, ends_on, share_numerator, share_denominator, is_joint
  FROM premises_title WHERE person_id = %s AND is_current ORDER BY starts_on, id
"""


def held_premises(person_id: int) -> list[HeldPremises]:
    """All holdings of a person, present ones first, then by premises. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDINGS, [person_id])
        members = cursor.fetchall()
        cursor.execute(_TITLES, [person_id])
        titles = cursor.fetchall()
    others: dict[int, list[str]] = defaultdict(list)
    for holding, _, _, member, name, *_ in members:
        if member != person_id:
            others[holding].append(name)
    held = [
        HeldPremises(
            holding_id=holding,
            premises=HeldUnit(*unit),
            starts_on=starts_on,
            ends_on=ends_on,
            titles=tuple(
                HeldTitle(*title)
                for premises, *title in titles
                if premises == unit[0] and _covers(title[1], title[2], starts_on or ends_on)
            ),
            co_owners=tuple(others[holding]),
        )
        for holding, starts_on, ends_on, member, _, *unit in members
        if member == person_id
    ]
    return sorted(held, key=_present_first)


# Accounts are narrowed to the premises first: joined to the list of them alone, those of all premises would be read.
_ACCOUNTS = """
SELECT w.id, f.id, f.kind, f.name, f.position, coalesce(t.nrb, f.bank_account)
  FROM profile_fund f CROSS JOIN unnest(%s::bigint[]) AS w (id)
  LEFT JOIN (SELECT premises_id, fund_id, nrb FROM premises_transferaccount
              WHERE premises_id = ANY (%s::bigint[]) AND is_current) t
         ON t.premises_id = w.id AND t.fund_id = f.id
 WHERE coalesce(t.nrb, f.bank_account) <> ''
 ORDER BY w.id, f.position, f.id
"""


def transfer_accounts(premises_ids: Collection[int]) -> dict[int, tuple[PayTo, ...]]:
    """Where each premises pays to, by fund: its own account, else the association's for the fund. One query.

    A fund without either is left out; a premises without any has no entry.
    """
    found: dict[int, list[PayTo]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, [list(premises_ids), list(premises_ids)])
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


def _covers(first: dt.date | None, last: dt.date | None, day: dt.date | None) -> bool:
    """Whether a title holds a day of the holding, which lies wholly inside or outside each title of its persons."""
    return DateWindow(first, last).holds(day or dt.date.max)


def _present_first(held: HeldPremises) -> tuple[object, ...]:
    ends_on = held.ends_on or dt.date.max
    return (-ends_on.toordinal(), held.premises.sort_key, held.premises.code, held.holding_id)


def _label(fund: Fund) -> FundLabel:
    return FundLabel(fund.pk, fund.kind, fund.name, fund.position)
