"""„Zmień kwotę”: what an owner chose per fund, read from the address; what is wrong is said beside the field."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext

from associations.payments.amounts import LONGEST_TEXT, AmountFault, read_amount
from associations.payments.transfers import Choice, TransferData
from billing_views.owner.place import Links
from billing_views.parts.formatting import format_money, format_zloty

AMOUNT, INTEREST = "kwota", "odsetki"
NOTHING_CHOSEN = Choice()
_PARAMETER = re.compile(rf"({AMOUNT}|{INTEREST})-([0-9]{{1,18}})")


@dataclass(frozen=True, slots=True)
class Typed:
    """What the address says of one fund: the choice, the text of the amount and what is wrong with it."""

    choice: Choice = NOTHING_CHOSEN
    text: str = ""
    fault: AmountFault | None = None


@dataclass(frozen=True, slots=True)
class AmountForm:
    """The form of one fund. `interest` is the label of the box, empty where there is none to pay."""

    action_url: str
    kept: tuple[tuple[str, str], ...]
    name: str
    value: str
    error: str
    interest_name: str
    interest: str
    is_interest_chosen: bool
    back_url: str


def read_choices(given: QueryDict) -> dict[int, Typed]:
    """By fund id; unknown parameters are passed over, of repeated ones the last counts."""
    found: dict[int, Typed] = {}
    for name in given:
        match = _PARAMETER.fullmatch(name)
        if match and int(match[2]) not in found:
            found[int(match[2])] = _read(given, match[2])
    return found


def draw_form(transfer: TransferData, typed: Mapping[int, Typed], links: Links) -> AmountForm:
    """The form of the transfer's fund; it carries along what was chosen for the others."""
    own = transfer.due.fund.id
    one = typed.get(own, Typed())
    others = [pair for fund in typed if fund != own for pair in _chosen(fund, typed[fund])]
    path = Links.path_of("paying")
    anchor = f"#{anchor_of(own)}"
    interest = transfer.due.separate_interest
    return AmountForm(
        action_url=links.base + path + anchor,
        kept=(*others, *links.kept),
        name=f"{AMOUNT}-{own}",
        value=one.text if one.fault else format_money(transfer.part),
        error=say_fault(one.fault),
        interest_name=f"{INTEREST}-{own}",
        interest=gettext("Dolicz odsetki %(amount)s") % {"amount": format_zloty(interest)}
        if interest
        else "",
        is_interest_chosen=one.choice.with_interest,
        back_url=links.below(f"{path}?{urlencode(others)}" if others else path) + anchor
        if own in typed
        else "",
    )


def anchor_of(fund_id: int) -> str:
    """Where the card of a fund stands on the page."""
    return f"fundusz-{fund_id}"


def say_fault(fault: AmountFault | None) -> str:
    """What is wrong with an amount, and what would be right."""
    if fault is AmountFault.NOT_AN_AMOUNT:
        return gettext("To nie jest kwota. Wpisz ją na przykład tak: 1 234,56.")
    if fault is AmountFault.TOO_SMALL:
        return gettext("Najmniejsza kwota przelewu to 0,01 zł.")
    return gettext("Największa kwota przelewu to 9 999 999,99 zł.") if fault else ""


def _read(given: QueryDict, fund: str) -> Typed:
    text = given.get(f"{AMOUNT}-{fund}") or ""
    found = read_amount(text)
    with_interest = given.get(f"{INTEREST}-{fund}") == "1"
    if isinstance(found, AmountFault):
        return Typed(Choice(None, with_interest), text[:LONGEST_TEXT], found)
    return Typed(Choice(found, with_interest), text)


def _chosen(fund: int, typed: Typed) -> Iterator[tuple[str, str]]:
    if typed.choice.amount is not None:
        yield f"{AMOUNT}-{fund}", format_money(typed.choice.amount)
    if typed.choice.with_interest:
        yield f"{INTEREST}-{fund}", "1"
