"""Recording rates of statutory interest: the one writer, in one transaction with the platform's audit."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from associations.audit.actors import Actor
from associations.ledger.rates import InterestRate, merge_rates, read_rates, shipped_rates
from saas.rates.comparing import RateChanges, compare_rates
from saas.rates.models import RecordedRate
from saas.rates.nbp import read_nbp_rates
from saas.rates.queries import recorded_rates
from saas.staff.platform_audit import record_platform_act
from saas.tenancy.switching import enter_public

RATES_LOCK = 0x72617465  # any number that no other advisory lock of the program uses


class RatesError(Exception):
    """A rate that cannot be recorded; `problems` says why, each in one sentence."""

    def __init__(self, code: str, problems: Iterable[str]) -> None:
        self.code = code
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def read_rates_file(path: Path) -> tuple[list[InterestRate], bool]:
    """The rates of NBP's XML or of a CSV file, ascending, and whether nothing lies between them.

    Raises RatesFileError naming everything that is wrong.
    """
    if path.suffix.lower() == ".xml":
        return read_nbp_rates(path), True
    return sorted(read_rates(path), key=lambda rate: rate.effective_from), False


def record_rates(
    *,
    actor: Actor,
    rates: Sequence[InterestRate],
    is_complete: bool,
    today: dt.date,
    may_rewrite: bool = False,
    is_trial: bool = False,
    origin: str = "",
) -> RateChanges:
    """Record what is new, all or nothing; what changed, or with `is_trial` would change. Pages compute with it at once.

    `rates` ascending. `origin` names the file in the audit. Raises RatesError for a gap, a day far ahead and, without
    `may_rewrite`, where the interest of days told of already would become another.
    """
    if not rates:
        raise RatesError("no_rates", ["there is no rate in it"])
    with enter_public(), transaction.atomic():
        _wait_for_others()
        known = merge_rates(recorded_rates(), over=shipped_rates())
        changes = compare_rates(known, rates, is_complete=is_complete, today=today)
        _refuse(changes, may_rewrite=may_rewrite)
        if not is_trial and not changes.is_empty:
            _write(changes, removed_because=origin)
            record_platform_act(actor=actor, action="rates.recorded", target=origin[:100], **_told(changes))
    return changes


def remove_rate(*, actor: Actor, day: dt.date, reason: str) -> InterestRate:
    """Say that no rate changed on the day; the one that was known. Raises RatesError where none was."""
    with enter_public(), transaction.atomic():
        _wait_for_others()
        known = {rate.effective_from: rate for rate in merge_rates(recorded_rates(), over=shipped_rates())}
        former = known.get(day)
        if former is None:
            raise RatesError("no_rate", [f"no rate is known of {day}"])
        if len(known) == 1:
            raise RatesError("last_rate", ["the only rate stays"])
        _note(day, None, reason)
        record_platform_act(
            actor=actor,
            action="rate.removed",
            target=str(day),
            percent=str(former.annual_percent),
            reason=reason,
        )
    return former


def _wait_for_others() -> None:
    """Two operators at once: the second compares with what the first one wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RATES_LOCK])


def _refuse(changes: RateChanges, *, may_rewrite: bool) -> None:
    if changes.problems:
        raise RatesError("rates_refused", changes.problems)
    if changes.rewrites_history and not may_rewrite:
        raise RatesError("rates_known", [*_rewritten(changes), "say --replace if that is meant"])


def _rewritten(changes: RateChanges) -> Iterable[str]:
    for former, new in changes.replaced:
        yield f"{new.effective_from}: {former.annual_percent}% is known, {new.annual_percent}% is told"
    for rate in changes.inserted:
        yield f"{rate.effective_from}: {rate.annual_percent}% would come before rates that are known"
    for rate in changes.removed:
        yield f"{rate.effective_from}: {rate.annual_percent}% is known, and the file has no such change"


def _write(changes: RateChanges, *, removed_because: str) -> None:
    new = [rate for _former, rate in changes.replaced]
    for rate in [*changes.added, *changes.confirmed, *changes.inserted, *new]:
        _note(rate.effective_from, rate, rate.source)
    for rate in changes.removed:
        _note(rate.effective_from, None, removed_because)


def _note(day: dt.date, rate: InterestRate | None, source: str) -> None:
    RecordedRate.objects.update_or_create(
        effective_from=day,
        defaults={"annual_percent": rate.annual_percent if rate else None, "source": source or "removed"},
    )


def _told(changes: RateChanges) -> dict[str, Any]:
    """What the audit keeps: rates are public, every one is named with what stood before."""
    told = {
        "added": [f"{rate.effective_from} {rate.annual_percent}" for rate in changes.added],
        "confirmed": [f"{rate.effective_from} {rate.annual_percent}" for rate in changes.confirmed],
        "inserted": [f"{rate.effective_from} {rate.annual_percent}" for rate in changes.inserted],
        "replaced": [
            f"{new.effective_from} {former.annual_percent} → {new.annual_percent}"
            for former, new in changes.replaced
        ],
        "removed": [f"{rate.effective_from} {rate.annual_percent}" for rate in changes.removed],
    }
    return {name: lines for name, lines in told.items() if lines}
