"""Which received payments the books already contain. Pure.

The bank and the books name a payment differently, so it is recognised by amount and day: a credit of the same amount
within a few days, or all credits of one day together where a payment was split over funds. A credit booked on a later
day says that the books have passed the payment's day.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

BOOKED_AT_MOST_BEFORE = dt.timedelta(days=5)
BOOKED_AT_MOST_AFTER = dt.timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Received:
    """A payment by the bank's statement; złote, negative where the bank took it back. `fund_id` None: any fund."""

    booked_on: dt.date
    amount: Decimal
    title: str
    payer_name: str
    fund_id: int | None


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit (Ma) of the books, in złote."""

    fund_id: int
    posted_on: dt.date
    amount: Decimal


def unbooked(received: Sequence[Received], books: Sequence[Credit]) -> list[Received]:
    """The payments that the books do not contain yet, in the order given; a credit stands for one payment only."""
    left = sorted(books, key=lambda credit: credit.posted_on)
    waiting = []
    for payment in received:
        booked = _find_booked(payment, left)
        if booked:
            for credit in booked:
                left.remove(credit)
        elif not _is_passed(payment, books):
            waiting.append(payment)
    return waiting


def _find_booked(payment: Received, left: Sequence[Credit]) -> list[Credit]:
    near = [credit for credit in left if _is_near(payment, credit)]
    for credit in near:
        if credit.amount == payment.amount and payment.fund_id in {None, credit.fund_id}:
            return [credit]
    for day in dict.fromkeys(credit.posted_on for credit in near):
        of_day = [credit for credit in near if credit.posted_on == day]
        if len(of_day) > 1 and sum(credit.amount for credit in of_day) == payment.amount:
            return of_day
    return []


def _is_near(payment: Received, credit: Credit) -> bool:
    first, last = payment.booked_on - BOOKED_AT_MOST_BEFORE, payment.booked_on + BOOKED_AT_MOST_AFTER
    return first <= credit.posted_on <= last


def _is_passed(payment: Received, books: Sequence[Credit]) -> bool:
    """Whether the books hold a credit of a later day, in the payment's fund where it names one."""
    return any(
        credit.posted_on > payment.booked_on and payment.fund_id in {None, credit.fund_id} for credit in books
    )
