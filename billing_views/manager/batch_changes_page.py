"""The page of changes as values: tabs, a table with old beside new values, pages. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from associations.imports.change_sql import KINDS, Kind
from associations.imports.changes import ChangedRow, Changes, ChangeSpec, Field, FieldKind
from associations.imports.registry_changes import RegistryChanges, RegistryView
from associations.premises.models import TitleKind
from billing_views.manager.imports_help import name_dataset
from billing_views.parts.formatting import (
    NO_BREAK_HYPHEN,
    NO_BREAK_SPACE,
    format_day,
    format_money,
    format_month_words,
    format_quantity,
    format_rate,
)
from billing_views.parts.notices import EmptyState
from billing_views.parts.page import Tab
from billing_views.parts.tables import Pagination

KIND_WORDS: dict[Kind, str] = {"new": "nowe", "changed": "zmienione", "gone": "znikajace"}
"""How addresses name the kinds."""
FIGURES = ("money", "quantity", "rate")
_Row = tuple[str, str, tuple[Any, ...] | None, tuple[Any, ...] | None]
"""Whose row it is, a second line, old and new values."""


@dataclass(frozen=True, slots=True)
class ValueCell:
    """A value; where it changed, the old one stands before the new one."""

    label: str
    text: str
    old: str = ""
    is_changed: bool = False
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A row: whose it is, a second line, and its values."""

    heading: str
    note: str
    cells: tuple[ValueCell, ...]


@dataclass(frozen=True, slots=True)
class ChangesTable:
    """Columns (label, whether figures) and rows of the page."""

    heading: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[ValueRow, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Context of `manager/batch_changes.html`."""

    batch_name: str
    is_published: bool
    is_undone: bool
    chosen: str = ""
    kind: str = ""
    search: str = ""
    datasets: tuple[Tab, ...] = ()
    kinds: tuple[Tab, ...] = ()
    table: ChangesTable | None = None
    pages: Pagination | None = None
    empty: EmptyState | None = None


def link_datasets(views: Sequence[ChangeSpec | RegistryView], chosen: object) -> tuple[Tab, ...]:
    """A link per dataset and registry in which something changes."""
    return tuple(Tab(_label(view), f"?{urlencode({'zbior': _name(view)})}", view is chosen) for view in views)


def link_kinds(
    counts: dict[Kind, int], current: Kind, dataset: str, search: str, *, is_published: bool
) -> tuple[Tab, ...]:
    """„Nowe (12)”, „Zmienione (3)”, „Znikną (0)”, with the search that was made."""
    labels: dict[Kind, str] = {
        "new": _("Nowe ({n})"),
        "changed": _("Zmienione ({n})"),
        "gone": _("Zniknęły ({n})") if is_published else _("Znikną ({n})"),
    }
    kept = {"szukaj": search} if search else {}

    def address(kind: Kind) -> str:
        return f"?{urlencode({'zbior': dataset, 'rodzaj': KIND_WORDS[kind], **kept})}"

    return tuple(
        Tab(labels[kind].format(n=format_quantity(counts[kind])), address(kind), kind == current)
        for kind in KINDS
    )


def draw_changes(spec: ChangeSpec, found: Changes) -> ChangesTable:
    """Rows of figures: premises, month and part at the left."""
    rows = [(row.premises_code, _say_place(row), row.old, row.new) for row in found.rows]
    return _draw(_("Lokal"), spec.fields, rows)


def draw_registry_changes(view: RegistryView, found: RegistryChanges) -> ChangesTable:
    """Entries of a registry."""
    return _draw(_("Pozycja"), view.fields, [(row.heading, "", row.old, row.new) for row in found.rows])


def say_nothing(*, is_known: bool, url: str) -> EmptyState:
    """Why there is nothing to compare."""
    if is_known:
        return EmptyState(_("Ta paczka niczego nie zmienia"), url=url, link=_("Wróć do paczki"))
    return EmptyState(
        _("Nie ma zmian do pokazania"),
        _("Zmiany widać po sprawdzeniu paczki, przed publikacją i po niej."),
        url,
        _("Wróć do paczki"),
    )


def _draw(
    heading: str,
    fields: Sequence[Field],
    rows: Sequence[_Row],
) -> ChangesTable:
    shown = [place for place, field in enumerate(fields) if _is_column(field, place, rows)]
    aside = [place for place, field in enumerate(fields) if field.is_aside and place not in shown]
    return ChangesTable(
        heading=heading,
        columns=tuple((_(fields[place].label), fields[place].kind in FIGURES) for place in shown),
        rows=tuple(
            ValueRow(
                name,
                ", ".join(
                    [
                        note,
                        *(
                            str(values[place])
                            for values in (new or old or (),)
                            for place in aside
                            if values[place]
                        ),
                    ]
                ),
                tuple(_draw_cell(fields[place], place, old, new) for place in shown),
            )
            for name, note, old, new in rows
        ),
    )


def _draw_cell(
    field: Field, place: int, old: tuple[Any, ...] | None, new: tuple[Any, ...] | None
) -> ValueCell:
    before, after = (write_value(values[place], field.kind) if values else "" for values in (old, new))
    is_changed = old is not None and new is not None and before != after
    return ValueCell(
        label=_(field.label),
        text=after if new is not None else before,
        old=before if is_changed else "",
        is_changed=is_changed,
        is_figure=field.kind in FIGURES,
    )


def write_value(value: Any, kind: FieldKind) -> str:
    """A value as the pages write it; an empty text for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, dt.date):
        return format_day(value)
    if isinstance(value, Decimal):
        writer = {"money": format_money, "rate": format_rate}.get(kind, format_quantity)
        return writer(value)
    if kind == "title":
        return _(TitleKind(value).label)
    return str(value)


def _say_place(row: ChangedRow) -> str:
    """„październik 2026, 204-1”."""
    month = format_month_words(row.month).replace(" ", NO_BREAK_SPACE)
    return f"{month}, {row.part_code.replace('-', NO_BREAK_HYPHEN)}"


def _is_column(field: Field, place: int, rows: Sequence[_Row]) -> bool:
    """A column that nobody filled is left out, and one that stands aside while nothing in it changes."""
    if field.is_aside:
        return any(old and new and old[place] != new[place] for *_names, old, new in rows)
    return any(
        values[place] not in {None, ""} for *_names, old, new in rows for values in (old, new) if values
    )


def _name(view: ChangeSpec | RegistryView) -> str:
    return view.editions.dataset if isinstance(view, ChangeSpec) else view.registry


def _label(view: ChangeSpec | RegistryView) -> str:
    return name_dataset(view.editions.dataset) if isinstance(view, ChangeSpec) else _(view.label)
