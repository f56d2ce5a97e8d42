"""The premises and its people as a paper names them."""

import datetime as dt
from dataclasses import dataclass

from django.utils.timezone import localtime

from billing_views.parts.formatting import format_day, format_day_words

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PaperPlace:
    """Whose paper it is: the premises' code and address, the names of those it concerns.

    `until`: the last day of a former holding. `seen_on`: the day whose figures a preview shows.
    """

    code: str
    address: str
    names: tuple[str, ...]
    until: dt.date | None = None
    seen_on: dt.date | None = None

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Lokal, adres, osoby; for a former holding its last day."""
        pairs = [("Lokal", self.code), ("Adres", self.address)]
        pairs.append(("Osoba" if len(self.names) == 1 else "Osoby", ", ".join(self.names)))
        if self.until:
            pairs.append(("Dane do dnia", format_day(self.until)))
        return tuple(pairs)

    @property
    def foot(self) -> str:
        """What every page says at its foot."""
        foot = f"Lokal {self.code}"
        if self.seen_on:
            foot += f" · podgląd zarządcy: dane opublikowane do {format_day(self.seen_on)}"
        return foot


MADE_BY_PORTAL = "Dokument wygenerowany elektronicznie z portalu. Nie wymaga podpisu ani pieczęci."


def say_published(at: dt.datetime | None) -> str:
    """When the data came from the books; "" if unknown."""
    if at is None:
        return ""
    here = localtime(at)
    return f"Dane z programu księgowego, opublikowane {format_day_words(here.date())} o {here:%H:%M}."
