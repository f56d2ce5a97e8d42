"""What is past its due date on a day („w tym po terminie płatności”), and which debts that is.

Rule (docs/decisions.md): debits whose due date, moved to the next working day (art. 115 KC), lies before the day, and
the unpaid opening, less all credits up to the day; never below zero. A negative debit and a debit without due date
count from their posting date. Credits cover the oldest debts first; that is a way of counting, no re-allocation.
Amounts in złote of one fund, debts positive. No database, no clock.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from associations.ledger.calculations import Entry, Opening
from associations.money import ZERO, add_up
from associations.working_days import next_working_day

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """A debt (amount above zero) or what lessens debts (below zero): credits, negative debits, a positive opening.

    `counts_from`: the first day on which it counts to what is overdue. `accrues_from`: the first day for which interest
    runs, or stops running: the day of a payment still counts. `payable_until`: the due date moved to a working day.
    """

    posted_on: dt.date
    counts_from: dt.date
    accrues_from: dt.date
    amount: Decimal
    due_on: dt.date | None = None
    payable_until: dt.date | None = None
    document: str = ""
    description: str = ""
    is_opening: bool = False


@dataclass(frozen=True, slots=True)
class OpenDebt:
    """A debt of which `left` is not paid."""

    claim: Claim
    left: Decimal


@dataclass(frozen=True, slots=True)
class Arrears:
    """A fund on a day: the sum past its due date, its debts (oldest first), and debts that are not due yet."""

    on: dt.date
    overdue: Decimal
    debts: tuple[OpenDebt, ...]
    not_due: tuple[OpenDebt, ...]


def claims_of(opening: Opening, entries: Iterable[Entry], *, carried: Iterable[Entry] = ()) -> list[Claim]:
    """An opening and the entries after it as claims; an unknown or even opening is none.

    `carried`: debits of former years that the opening contains and that need not be due yet.
    """
    claims = [claim for entry in carried for claim in debit_claims(entry)]
    owed = -(opening.amount or ZERO) - add_up(claim.amount for claim in claims)
    if owed:
        claims.append(opening_claim(opening.on, owed))
    for entry in entries:
        claims += entry_claims(entry)
    return claims


def opening_claim(day: dt.date, amount: Decimal) -> Claim:
    """What an opening brings: due before the day, whatever its documents were. Amount: debt positive."""
    return Claim(day, counts_from=day, accrues_from=day, amount=amount, is_opening=True)


def entry_claims(entry: Entry) -> list[Claim]:
    """The debit and the credit of an entry, as far as they are not zero."""
    claims = debit_claims(entry)
    if entry.credit:
        claims.append(_claim(entry, -entry.credit, entry.posted_on, entry.posted_on + ONE_DAY))
    return claims


def debit_claims(entry: Entry) -> list[Claim]:
    """The debit of an entry, if it has one."""
    if entry.debit > 0 and entry.due_on:
        payable_until = next_working_day(entry.due_on)
        first_day = payable_until + ONE_DAY
        return [_claim(entry, entry.debit, first_day, first_day, payable_until)]
    if entry.debit:
        return [_claim(entry, entry.debit, entry.posted_on, entry.posted_on + ONE_DAY)]
    return []


def overdue_on(claims: Iterable[Claim], day: dt.date) -> Decimal:
    """What is past its due date on the day, from 0.00 up; entries posted after it do not count."""
    return max(ZERO, add_up(one.amount for one in claims if one.posted_on <= day and one.counts_from <= day))


def arrears_on(claims: Sequence[Claim], day: dt.date) -> Arrears:
    """The same with its debts: credits and corrections up to the day cover the oldest first."""
    posted = [one for one in claims if one.posted_on <= day]
    covered = -add_up(one.amount for one in posted if one.amount < 0 and one.counts_from <= day)
    debts = sorted((one for one in posted if one.amount > 0), key=lambda one: one.counts_from)
    found = []
    for claim in debts:
        paid = min(covered, claim.amount)
        covered -= paid
        if paid < claim.amount:
            found.append(OpenDebt(claim, claim.amount - paid))
    return Arrears(
        on=day,
        overdue=overdue_on(posted, day),
        debts=tuple(one for one in found if one.claim.counts_from <= day),
        not_due=tuple(one for one in found if one.claim.counts_from > day),
    )


def _claim(
    entry: Entry,
    amount: Decimal,
    counts_from: dt.date,
    accrues_from: dt.date,
    payable_until: dt.date | None = None,
) -> Claim:
    return Claim(
        posted_on=entry.posted_on,
        counts_from=counts_from,
        accrues_from=accrues_from,
        amount=amount,
        due_on=entry.due_on,
        payable_until=payable_until,
        document=entry.document,
        description=entry.description,
    )
