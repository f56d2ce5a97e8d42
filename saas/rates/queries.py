"""Which rates of statutory interest are known: those of the release with those that operators recorded over them.

Read outside every association: what a page shows comes from the association's tables alone, so a page reads its rates
before its own transaction begins.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from associations.ledger.rates import InterestRate, merge_rates, plain_percent, shipped_rates
from saas.rates.models import RecordedRate
from saas.tenancy.switching import enter_public

Origin = Literal["shipped", "recorded"]


@dataclass(frozen=True, slots=True)
class ListedRate:
    """A rate and where it comes from; `is_in_force`: it is the one of today."""

    rate: InterestRate
    origin: Origin
    is_in_force: bool


def platform_rates() -> tuple[InterestRate, ...]:
    """Every known rate, oldest first, as recorded at this moment: nothing is remembered between requests."""
    return merge_rates(recorded_rates(), over=shipped_rates())


def recorded_rates() -> dict[dt.date, InterestRate | None]:
    """What operators recorded, by day; None where they said that nothing changed."""
    with enter_public():
        rows = list(RecordedRate.objects.order_by("effective_from"))
    return {
        row.effective_from: None
        if row.annual_percent is None
        else InterestRate(row.effective_from, plain_percent(row.annual_percent), row.source)
        for row in rows
    }


def list_rates(today: dt.date) -> tuple[ListedRate, ...]:
    """Every known rate, oldest first, with its origin."""
    recorded = recorded_rates()
    rates = merge_rates(recorded, over=shipped_rates())
    begun = [rate.effective_from for rate in rates if rate.effective_from <= today]
    return tuple(
        ListedRate(
            rate,
            "recorded" if recorded.get(rate.effective_from) else "shipped",
            is_in_force=begun[-1:] == [rate.effective_from],
        )
        for rate in rates
    )
