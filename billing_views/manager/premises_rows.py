"""Premises as rows of the manager's list. Pure: from rows that were read to what the template shows."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from associations.ledger.latest import LatestBalance
from associations.money import add_up
from associations.premises.listing import HoldingLine
from associations.premises.models import Premises, PremisesKind
from associations.profile.models import Fund, FundKind
from billing_views.parts.formatting import format_day
from billing_views.parts.notices import EmptyState
from billing_views.parts.page import ManagerPage
from billing_views.parts.tables import Pagination


@dataclass(frozen=True, slots=True)
class HoldingLink:
    """People of a holding, from when to when, and the address of its preview."""

    names: str
    days: str
    url: str
    is_present: bool


@dataclass(frozen=True, slots=True)
class FundBalance:
    """The newest balance of a fund; None where nothing stands. Minus: underpayment."""

    fund: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class PremisesRow:
    """A premises with a balance per fund of the list; `as_of` where dates differ within the list."""

    code: str
    place: str
    holdings: tuple[HoldingLink, ...]
    balances: tuple[FundBalance, ...]
    as_of: dt.date | None


@dataclass(frozen=True, slots=True)
class PremisesLines:
    """The rows of one page, or what to say instead; `as_of` of all balances where it is the same."""

    rows: tuple[PremisesRow, ...]
    as_of: dt.date | None
    empty: EmptyState

    @property
    def has_dates(self) -> bool:
        """Whether each row needs its own as-of date."""
        return self.as_of is None and any(row.as_of for row in self.rows)


@dataclass(frozen=True, slots=True)
class PremisesPage:
    """What the page shows; `funds` are the names over the columns of balances."""

    page: ManagerPage
    search: str
    caption: str
    funds: tuple[str, ...]
    lines: PremisesLines
    pages: Pagination
    notices_url: str | None = None


def describe_premises(
    premises: Sequence[Premises],
    holdings: Mapping[int, Sequence[HoldingLine]],
    balances: Sequence[LatestBalance],
    funds: Sequence[Fund],
    *,
    base_url: str,
    may_import: bool,
) -> tuple[tuple[str, ...], PremisesLines]:
    """Names of the funds that have balances here, and the rows of the list."""
    with_balances = {balance.fund_id for balance in balances}
    shown = [fund for fund in funds if fund.pk in with_balances]
    by_premises: dict[int, list[LatestBalance]] = defaultdict(list)
    for balance in balances:
        by_premises[balance.premises_id].append(balance)
    rows = tuple(
        _describe(one, holdings.get(one.pk, ()), by_premises[one.pk], shown, base_url) for one in premises
    )
    empty = EmptyState(
        _("Nie ma tu żadnych lokali"),
        _("Wgraj plik lokali i plik osób, a potem opublikuj paczkę."),
        f"{base_url}importy/" if may_import else None,
        _("Przejdź do importów") if may_import else "",
    )
    dates = {row.as_of for row in rows if row.as_of}
    as_of = dates.pop() if len(dates) == 1 else None
    return tuple(_name_fund(fund) for fund in shown), PremisesLines(rows, as_of, empty)


def name_kind(kind: str) -> str:
    """The kind in words: „lokal mieszkalny”, „garaż”."""
    return {
        PremisesKind.FLAT: _("lokal mieszkalny"),
        PremisesKind.COMMERCIAL: _("lokal użytkowy"),
        PremisesKind.GARAGE: _("garaż"),
        PremisesKind.PARKING: _("miejsce postojowe"),
        PremisesKind.STORAGE: _("komórka lokatorska"),
        PremisesKind.OTHER: _("inny lokal"),
    }[PremisesKind(kind)]


def name_place(premises: Premises) -> str:
    """The address; what is not a flat says what it is: „ul. Lipowa 12, nr G1 · garaż”."""
    parts = [name_address(premises)]
    if premises.kind != PremisesKind.FLAT:
        parts.append(name_kind(premises.kind))
    return " · ".join(part for part in parts if part)


def name_address(premises: Premises) -> str:
    """„ul. Słoneczna 2 m. 34”; other premises than flats are numbered „, nr 7”."""
    if not (premises.address and premises.number):
        return premises.address or premises.number
    if premises.kind == PremisesKind.FLAT:
        return _("{address} m.\u00a0{number}").format(address=premises.address, number=premises.number)
    return _("{address}, nr\u00a0{number}").format(address=premises.address, number=premises.number)


def add_balances(
    balances: Sequence[LatestBalance], fund_id: int, people: frozenset[int]
) -> tuple[Decimal, dt.date | None] | None:
    """The newest balance of a fund that is of the premises or of its present people, and its date.

    Balance = Σ credit − Σ debit; minus means underpayment. Several payers of one day are added up; a former
    owner's balance is left out. None where nothing stands.
    """
    own = [
        one for one in balances if one.fund_id == fund_id and (one.payer_id is None or one.payer_id in people)
    ]
    if not own:
        return None
    newest = max((one.as_of for one in own if one.as_of), default=None)
    return add_up(one.amount for one in own if one.as_of == newest), newest


def _name_fund(fund: Fund) -> str:
    return fund.name if fund.kind == FundKind.OTHER else _(fund.name)


def _describe(
    premises: Premises,
    holdings: Sequence[HoldingLine],
    balances: Sequence[LatestBalance],
    funds: Sequence[Fund],
    base_url: str,
) -> PremisesRow:
    people = frozenset(person for line in holdings if line.is_present for person in line.person_ids)
    found = [add_balances(balances, fund.pk, people) for fund in funds]
    return PremisesRow(
        code=premises.code,
        place=name_place(premises),
        holdings=tuple(_link(line, base_url, is_only=len(holdings) == 1) for line in holdings),
        balances=tuple(
            FundBalance(_name_fund(fund), one[0] if one else None)
            for fund, one in zip(funds, found, strict=True)
        ),
        as_of=max((one[1] for one in found if one and one[1]), default=None),
    )


def _link(line: HoldingLine, base_url: str, *, is_only: bool) -> HoldingLink:
    return HoldingLink(
        names=", ".join(line.names),
        days="" if is_only and line.is_present else _say_days(line),
        url=f"{base_url}podglad/{line.id}/kartoteka/",
        is_present=line.is_present,
    )


def _say_days(line: HoldingLine) -> str:
    if line.is_present:
        return _("od {day}").format(day=format_day(line.starts_on)) if line.starts_on else ""
    if line.ends_on:
        return _("do {day}").format(day=format_day(line.ends_on))
    return _("od {day}").format(day=format_day(line.starts_on))
