"""What the commands about rates of interest share: typed values, and saying what changed."""

import datetime as dt
import json
from typing import Any

from django.core.management.base import CommandError

from saas.rates.comparing import RateChanges


def read_day(text: str) -> dt.date:
    """`2027-01-07`; raises CommandError."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"A day is written 2027-01-07, not {text!r}.") from None


def say_changes(changes: RateChanges, *, as_json: bool, is_trial: bool) -> str:
    """What was, or with `is_trial` would be, recorded: a line per rate, or one JSON object."""
    rows: list[dict[str, Any]] = [
        *({"what": "added", **_row(rate)} for rate in changes.added),
        *({"what": "confirmed", **_row(rate)} for rate in changes.confirmed),
        *({"what": "inserted", **_row(rate)} for rate in changes.inserted),
        *(
            {"what": "replaced", **_row(new), "former_percent": f"{former.annual_percent:f}"}
            for former, new in changes.replaced
        ),
        *({"what": "removed", **_row(rate)} for rate in changes.removed),
    ]
    if as_json:
        return json.dumps({"is_trial": is_trial, "rates": rows}, ensure_ascii=False, indent=1)
    lines = [
        f"{row['what']:10} {row['effective_from']}  {row['annual_percent']}%  {row['source']}" for row in rows
    ]
    if is_trial:
        lines.append("Nothing was recorded (--dry-run).")
    return "\n".join(lines or ["Nothing new: every rate is known."])


def _row(rate: Any) -> dict[str, str]:
    return {
        "effective_from": rate.effective_from.isoformat(),
        "annual_percent": f"{rate.annual_percent:f}",
        "source": rate.source,
    }
