"""Days that an address asks for (`?dzien=2026-10-31`), and the form that asks for them with „Pokaż”."""

import datetime as dt
from dataclasses import dataclass

from django.http import QueryDict

FIRST_YEAR, LAST_YEAR = 1900, 2999


@dataclass(frozen=True, slots=True)
class DayField:
    """A day to choose between `first` and `last` (ISO dates; empty for no bound)."""

    name: str
    label: str
    value: str
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class DayForm:
    """Context of `owner/day_form.html`; `kept` are further parameters that the address keeps."""

    action_url: str
    fields: tuple[DayField, ...]
    kept: tuple[tuple[str, str], ...] = ()


def chosen_day(parameters: QueryDict, name: str) -> dt.date | None:
    """The day of a parameter, `2026-10-31` or `31.10.2026`; None where there is none or no such day."""
    text = parameters.get(name, "").strip()
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            # Only the date of it is kept: a day has no time zone.
            day = dt.datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
        return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
    return None
