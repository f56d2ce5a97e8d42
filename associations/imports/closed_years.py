"""Zamknięte lata: a calendar year that is closed takes no changed figures until a manager reopens it with a reason.

Figures belong to the year of their edition's month: postings by their date, charges and balances by their month,
readings by their day, settlements by the end of their period. Identical figures pass.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.imports.editions import EditionSpec
from associations.imports.models import Problem, Severity, YearClosing, YearClosingKind
from associations.imports.rules import ImportRuleError

FIRST_YEAR, LAST_YEAR = 1990, 2200
CODES_NAMED = 5


@dataclass(frozen=True, slots=True)
class YearState:
    """A year with figures or with a history of closing. `acts`: who closed and reopened it, the latest first."""

    year: int
    has_figures: bool
    acts: tuple[YearClosing, ...]

    @property
    def is_closed(self) -> bool:
        """The latest act decides."""
        return bool(self.acts) and self.acts[0].kind == YearClosingKind.CLOSE


def closed_years() -> list[int]:
    """Years that take no changed figures now, in order: one query."""
    latest: dict[int, str] = dict(YearClosing.objects.order_by("id").values_list("year", "kind"))
    return sorted(year for year, kind in latest.items() if kind == YearClosingKind.CLOSE)


def list_years(specs: Iterable[EditionSpec]) -> list[YearState]:
    """Years with standing figures or acts of closing, the latest first."""
    acts: dict[int, list[YearClosing]] = {}
    for act in YearClosing.objects.order_by("-id"):
        acts.setdefault(act.year, []).append(act)
    figures = _years_with_figures(specs)
    return [
        YearState(year, year in figures, tuple(acts.get(year, ())))
        for year in sorted({*figures, *acts}, reverse=True)
    ]


def close_year(*, actor: Actor, year: int, reason: str = "") -> YearClosing:
    """From now on no import changes the year's figures. Raises ImportRuleError where it is closed already."""
    return _add(actor, year, YearClosingKind.CLOSE, reason)


def reopen_year(*, actor: Actor, year: int, reason: str) -> YearClosing:
    """Let imports change the year's figures again. Raises ImportRuleError without a reason, or if it is open."""
    if not reason.strip():
        raise ImportRuleError("no_reason", _("Podaj powód: zostanie zapisany w dzienniku."))
    return _add(actor, year, YearClosingKind.REOPEN, reason)


def record_closed_years(batch_id: int) -> list[int]:
    """List as an error each closed year that the grouped batch would change; it blocks the whole batch."""
    changed = changed_closed_years(batch_id)
    Problem.objects.bulk_create(
        Problem(
            batch_id=batch_id,
            severity=Severity.ERROR,
            is_from_reading=False,
            code="closed_year",
            value=str(year),
            reason=say_closed(year, codes),
        )
        for year, codes in changed.items()
    )
    return list(changed)


def changed_closed_years(batch_id: int) -> dict[int, list[str]]:
    """Closed year → codes of the premises whose figures of it the grouped batch would change."""
    closed = closed_years()
    if not closed:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT extract(year FROM g.month)::int AS year, array_agg(DISTINCT g.premises_code)
            FROM imports_stagedgroup g
            WHERE g.batch_id = %s AND g.outcome <> 'same' AND extract(year FROM g.month)::int = ANY(%s)
            GROUP BY 1 ORDER BY 1
            """,
            [batch_id, closed],
        )
        return {year: sorted(codes) for year, codes in cursor.fetchall()}


def refuse_closed_years(batch_id: int) -> None:
    """Raise ImportRuleError where the batch changes a closed year; no year is closed until the transaction ends.

    The last word, inside the transaction of the publication: the check before it may be a moment older.
    """
    _hold_closings()
    for year, codes in changed_closed_years(batch_id).items():
        raise ImportRuleError("closed_year", say_closed(year, codes))


def undone_closed_years(specs: Iterable[EditionSpec], publication_id: int) -> list[int]:
    """Closed years whose figures came with the publication: it cannot be undone while they are closed."""
    closed = closed_years()
    found: set[int] = set()
    for spec in specs if closed else ():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT DISTINCT extract(year FROM e.month)::int FROM {spec.edition_table} e"
                " WHERE e.opened_by_id = %s AND extract(year FROM e.month)::int = ANY(%s)",
                [publication_id, closed],
            )
            found.update(row[0] for row in cursor.fetchall())
    return sorted(found)


def refuse_undo_in_closed_years(specs: Iterable[EditionSpec], publication_id: int) -> None:
    """Raise ImportRuleError where undoing the publication would change a closed year; inside its transaction."""
    _hold_closings()
    years = undone_closed_years(specs, publication_id)
    if years:
        raise ImportRuleError("closed_year", say_undo_refused(years))


def say_closed(year: int, codes: list[str]) -> str:
    """Why a batch that changes a closed year is refused; Polish, as all sentences of checks."""
    named = ", ".join(codes[:CODES_NAMED]) + (" i inne" if len(codes) > CODES_NAMED else "")
    whose = f"zapisy lokalu {named}" if len(codes) == 1 else f"zapisy {len(codes)} lokali ({named})"
    return (
        f"Rok {year} jest zamknięty, a paczka zmienia w nim {whose}. Otwórz rok, podając powód, albo wgraj plik"
        " bez tych zmian."
    )


def say_undo_refused(years: list[int]) -> str:
    """Why a publication cannot be undone; Polish."""
    which = f"rok {years[0]} jest zamknięty" if len(years) == 1 else f"lata {_join(years)} są zamknięte"
    return f"Nie można cofnąć tej paczki: zmieniłoby to zamknięte dane, a {which}. Otwórz je najpierw, podając powód."


def _join(years: list[int]) -> str:
    return ", ".join(str(year) for year in years)


def _add(actor: Actor, year: int, kind: YearClosingKind, reason: str) -> YearClosing:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ImportRuleError("no_such_year", _("Nie ma takiego roku."))
    with transaction.atomic():
        # One after the other: two clicks at once find the second year closed already.
        _hold_closings(exclusive=True)
        if (year in closed_years()) == (kind == YearClosingKind.CLOSE):
            already = _("Ten rok jest już zamknięty."), _("Ten rok jest otwarty.")
            raise ImportRuleError("no_change", already[kind == YearClosingKind.REOPEN])
        act = YearClosing.objects.create(
            year=year, kind=kind, by_id=actor.id, by_name=actor.name, reason=reason.strip()
        )
        action = "year.closed" if kind == YearClosingKind.CLOSE else "year.reopened"
        record_act(actor=actor, action=action, target=str(year), reason=act.reason)
    return act


def _hold_closings(*, exclusive: bool = False) -> None:
    """Nobody closes or opens a year until the transaction ends; publications do not wait for each other."""
    with connection.cursor() as cursor:
        mode = "SHARE ROW EXCLUSIVE" if exclusive else "SHARE"
        cursor.execute(f"LOCK TABLE imports_yearclosing IN {mode} MODE")


def _years_with_figures(specs: Iterable[EditionSpec]) -> set[int]:
    years: set[int] = set()
    for spec in specs:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT DISTINCT e.month FROM {spec.edition_table} e WHERE e.closed_by_id IS NULL AND e.row_count > 0"
            )
            months: list[tuple[dt.date]] = cursor.fetchall()
            years.update(month.year for (month,) in months)
    return years
