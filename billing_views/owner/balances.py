"""The balance cards above a ledger (salda) with what is overdue, and whether the entries add up to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from associations.ledger.fund_balances import FundBalance
from associations.ledger.overdue import Arrears, Claim, OpenDebt
from associations.ledger.standings import FundStanding
from associations.money import ZERO, add_up
from associations.profile.models import AssociationProfile
from billing_views.owner.place import Place
from billing_views.owner.words import name_fund, name_fund_balance
from billing_views.parts.cards import BalanceCard
from billing_views.parts.formatting import format_day, format_zloty
from billing_views.parts.plurals import say_count

LISTED_DEBTS = 3
"""Debts that a card lists; all of them stand on the page „Skąd to saldo”."""


@dataclass(frozen=True, slots=True)
class BalanceStrip:
    """The cards, and the headings of balances that wait for the office after a sale."""

    cards: tuple[BalanceCard, ...]
    withheld: tuple[str, ...] = ()


def draw_balances(standings: Sequence[FundStanding], place: Place) -> BalanceStrip:
    """A card per fund: the balance as supplied, else what the entries come to, and that it does."""
    cards, withheld = [], []
    for one in standings:
        title = name_fund_balance(one.fund, is_only=len(standings) == 1)
        if one.amount is not None:
            cards.append(_draw_card(one, one.amount, title, place))
        elif one.supplied is not None:
            withheld.append(title)
    return BalanceStrip(tuple(cards), tuple(withheld))


def name_supplied_interest(profile: AssociationProfile) -> str:
    """Whose figure the interest beside a balance is."""
    if profile.is_cooperative:
        return gettext("Odsetki podane przez spółdzielnię (niezaksięgowane)")
    return gettext("Odsetki podane przez zarządcę (niezaksięgowane)")


def name_debt(claim: Claim) -> str:
    """What a debt is: its document, or the opening of the year."""
    if claim.is_opening:
        return gettext("bilans otwarcia %(day)s") % {"day": format_day(claim.posted_on)}
    return (
        claim.document
        or claim.description
        or gettext("wpis z %(day)s") % {"day": format_day(claim.posted_on)}
    )


def say_agreement(standings: Iterable[FundStanding], year: int) -> list[str]:
    """Whether the entries add up to the balances whose as-of date lies in the year; silent otherwise."""
    agreeing, sentences = [], []
    for one in standings:
        if one.difference is None or one.day is None or one.day.year != year:
            continue
        if one.difference == ZERO:
            agreeing.append(one.day)
        else:
            sentences.append(say_difference(one))
    if agreeing and not sentences:
        sentences.append(
            gettext("Suma wpisów na %(day)s zgadza się z saldem.") % {"day": format_day(max(agreeing))}
        )
    return sentences


def say_difference(one: FundStanding) -> str:
    """By how much the entries differ from the balance supplied."""
    return gettext(
        "%(fund)s: suma wpisów na %(day)s to %(total)s i różni się od podanego salda o %(difference)s."
    ) % {
        "fund": name_fund(one.fund),
        "day": format_day(one.day),
        "total": format_zloty(one.computed, is_signed=True),
        "difference": format_zloty(abs(one.difference or ZERO)),
    }


def _draw_card(one: FundStanding, amount: Decimal, title: str, place: Place) -> BalanceCard:
    arrears = one.arrears if one.is_explained else None
    overdue = arrears.overdue if arrears and arrears.overdue else None
    interest = one.supplied.interest if one.supplied else None
    is_interesting = bool(overdue or interest)
    return BalanceCard(
        title=title,
        balance=amount,
        as_of=one.supplied.as_of if one.supplied else one.day,
        overdue=overdue,
        debts=tuple(_say_debts(arrears)) if arrears else (),
        interest=interest,
        interest_label=name_supplied_interest(place.profile),
        interest_url=place.links.to("interest", fund_id=one.fund.id) if is_interesting else None,
        explanation_url=place.links.to("explanation", fund_id=one.fund.id),
        note=_say_limits(one.supplied, place.profile),
    )


def _say_debts(arrears: Arrears) -> list[str]:
    sentences = [_say_debt(one) for one in arrears.debts[:LISTED_DEBTS]]
    more = len(arrears.debts) - LISTED_DEBTS
    if more > 0:
        sentences.append(
            say_count(
                more,
                gettext("i {n} późniejsza należność"),
                gettext("i {n} późniejsze należności"),
                gettext("i {n} późniejszych należności"),
            )
        )
    if arrears.not_due:
        sentences.append(_say_not_due(arrears.not_due))
    return sentences


def _say_debt(one: OpenDebt) -> str:
    words = {"amount": format_zloty(one.left), "name": name_debt(one.claim)}
    if one.claim.due_on is None:
        return gettext("%(amount)s: %(name)s") % words
    return gettext("%(amount)s: %(name)s, termin %(day)s") % {**words, "day": format_day(one.claim.due_on)}


def _say_not_due(debts: Sequence[OpenDebt]) -> str:
    days = [one.claim.payable_until for one in debts if one.claim.payable_until]
    return gettext("%(amount)s jeszcze przed terminem płatności (najbliższy: %(day)s)") % {
        "amount": format_zloty(add_up(one.left for one in debts)),
        "day": format_day(min(days, default=None)),
    }


def _say_limits(one: FundBalance | None, profile: AssociationProfile) -> str:
    if one is None:
        return gettext("Saldo wynika z wpisów w kartotece; osobnego salda nie przekazano.")
    sentences = []
    if one.as_of:
        sentences.append(
            gettext("Wpłaty zaksięgowane po %(day)s nie są tu uwzględnione.") % {"day": format_day(one.as_of)}
        )
    if one.interest and profile.balance_includes_interest:
        sentences.append(gettext("Te odsetki są już wliczone w saldo."))
    return " ".join(sentences)
