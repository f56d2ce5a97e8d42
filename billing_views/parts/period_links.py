"""Links to the previous and the next period (year, month), with a boundary that is text, not a link."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PeriodLink:
    """A neighbouring period; `url` None means that data end here, and the page says so in words."""

    label: str
    url: str | None


@dataclass(frozen=True, slots=True)
class PeriodLinks:
    """One row of period links: „‹ 2025  2026  2027 › (brak danych)". `label` names it: „Rok", „Miesiąc"."""

    label: str
    previous: PeriodLink
    current: str
    following: PeriodLink
