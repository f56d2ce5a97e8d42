"""The balance cards above a ledger (salda), and whether the entries add up to them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from associations.ledger.calculations import balance_on
from associations.ledger.fund_balances import FundBalance
from associations.ledger.queries import AccountYear
from associations.money import ZERO
from associations.profile.funds import FundLabel
from associations.profile.models import AssociationProfile
from billing_views.owner.words import name_fund, name_fund_balance
from billing_views.parts.cards import BalanceCard
from billing_views.parts.formatting import format_day, format_zloty


@dataclass(frozen=True, slots=True)
class BalanceStrip:
    """The cards, and the headings of balances that wait for the office after a sale."""

    cards: tuple[BalanceCard, ...]
    withheld: tuple[str, ...] = ()


def draw_supplied(
    balances: Sequence[FundBalance], profile: AssociationProfile, *, is_only: bool
) -> BalanceStrip:
    """Cards of the balances as supplied; `is_only`: the premises has one fund."""
    cards, withheld = [], []
    for one in balances:
        title = name_fund_balance(one.fund, is_only=is_only)
        if one.amount is None:
            withheld.append(title)
            continue
        cards.append(
            BalanceCard(
                title=title,
                balance=one.amount,
                as_of=one.as_of,
                interest=one.interest,
                note=_say_limits(one, profile),
            )
        )
    return BalanceStrip(tuple(cards), tuple(withheld))


def draw_from_ledger(accounts: Sequence[AccountYear], day: dt.date, *, is_only: bool) -> BalanceStrip:
    """Where no balances were supplied: the closing of each fund, and that it comes from the entries."""
    cards = []
    for fund, total in closings_by_fund(accounts).items():
        if total is not None:
            note = gettext("Saldo wynika z wpisów w kartotece; osobnego salda nie przekazano.")
            cards.append(BalanceCard(name_fund_balance(fund, is_only=is_only), total, as_of=day, note=note))
    return BalanceStrip(tuple(cards))


def say_agreement(
    balances: Sequence[FundBalance], accounts: Sequence[AccountYear], profile: AssociationProfile, year: int
) -> list[str]:
    """Whether the entries of the year add up to the balances whose as-of date lies in it; silent otherwise."""
    agreeing, sentences = [], []
    for one in balances:
        if one.amount is None or one.as_of is None or one.as_of.year != year:
            continue
        of_fund = [account for account in accounts if account.account.fund == one.fund]
        sums = [balance_on(account.opening.amount, account.entries, one.as_of) for account in of_fund]
        if not sums or None in sums:
            continue
        total = sum((amount for amount in sums if amount is not None), ZERO)
        if total == _without_interest(one, profile):
            agreeing.append(one.as_of)
        else:
            sentences.append(_say_difference(one, one.as_of, total))
    if agreeing and not sentences:
        sentences.append(
            gettext("Suma wpisów na %(day)s zgadza się z saldem.") % {"day": format_day(max(agreeing))}
        )
    return sentences


def closings_by_fund(accounts: Sequence[AccountYear]) -> dict[FundLabel, Decimal | None]:
    """The closings of a year's accounts added up within each fund; None where one of them is unknown."""
    totals: dict[FundLabel, Decimal | None] = {}
    for one in accounts:
        before = totals.get(one.account.fund, ZERO)
        totals[one.account.fund] = None if before is None or one.closing is None else before + one.closing
    return totals


def _without_interest(one: FundBalance, profile: AssociationProfile) -> Decimal | None:
    """What the entries should come to: some programs count the interest not yet posted into the balance."""
    if one.amount is None or not profile.balance_includes_interest:
        return one.amount
    return one.amount + (one.interest or ZERO)


def _say_difference(one: FundBalance, day: dt.date, total: Decimal) -> str:
    return gettext("%(fund)s: suma wpisów na %(day)s to %(total)s i różni się od podanego salda.") % {
        "fund": name_fund(one.fund),
        "day": format_day(day),
        "total": format_zloty(total, is_signed=True),
    }


def _say_limits(one: FundBalance, profile: AssociationProfile) -> str:
    sentences = []
    if one.as_of:
        sentences.append(
            gettext("Wpłaty zaksięgowane po %(day)s nie są tu uwzględnione.") % {"day": format_day(one.as_of)}
        )
    if one.interest and profile.balance_includes_interest:
        sentences.append(gettext("Te odsetki są już wliczone w saldo."))
    return " ".join(sentences)
