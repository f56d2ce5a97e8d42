"""What a checked batch brings, as its preview shows it: the stored summary (ImportBatch.summary) as values.

Figures were computed by workers.preview and are only written here, never computed again.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing_views.parts.formatting import NO_BREAK_SPACE, format_month_words, name_month


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """A control sum of a dataset: in the file's rows, standing in its scope before the import, and after it.

    `difference` is what the file brings and the import leaves out. `file_total` is the file's own totals row (None: it
    has none) and `file_difference` the sum of its rows minus that. None as `before`: checked by an earlier release.
    """

    label: str
    in_file: Decimal
    after: Decimal
    difference: Decimal
    file_total: Decimal | None
    before: Decimal | None = None
    file_difference: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TotalsLine:
    """A fund, a part (account, medium) or a month: rows and each control sum, in the file, before and after."""

    label: str
    month: dt.date | None
    rows: tuple[int, int, int]
    sums: tuple[tuple[Decimal, Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A bank statement: its payments, and opening + incoming + outgoing = closing, in złote."""

    account: str
    number: str
    rows: int
    opening: Decimal
    incoming: Decimal
    outgoing: Decimal
    closing: Decimal


@dataclass(frozen=True, slots=True)
class DatasetFigures:
    """Rows of one dataset by what happens to them; `period` is its first and last month, if it has months."""

    dataset: str
    label: str
    rows: int
    new: int
    changed: int
    same: int
    gone: int
    premises: int
    period: tuple[dt.date, dt.date] | None
    notes: tuple[str, ...]
    totals: tuple[ControlTotal, ...]
    row_totals: tuple[int, int, int] | None = None
    # New, changed and gone row by row; None where whole groups tell as much.
    row_changes: tuple[int, int, int] | None = None
    by_fund: tuple[TotalsLine, ...] = ()
    by_part: tuple[TotalsLine, ...] = ()
    by_month: tuple[TotalsLine, ...] = ()
    statements: tuple[StatementLine, ...] = ()

    @property
    def told(self) -> tuple[int, int, int, int]:
        """Rows new, changed, gone and the same, as people count them: one by one."""
        if self.row_changes is None:
            return self.new, self.changed, self.gone, self.same
        new, changed, gone = self.row_changes
        return new, changed, gone, max(self.rows - new - changed, 0)


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """All datasets of a batch and what may be done with it."""

    datasets: tuple[DatasetFigures, ...] = ()
    premises_with_errors: tuple[str, ...] = ()
    can_publish: bool = False
    can_publish_without: bool = False
    is_unchanged: bool = False

    @property
    def rows(self) -> int:
        """Rows read from all files."""
        return sum(figures.rows for figures in self.datasets)

    @property
    def new(self) -> int:
        """Rows where nothing stood."""
        return sum(figures.told[0] for figures in self.datasets)

    @property
    def changed(self) -> int:
        """Rows that replace others."""
        return sum(figures.told[1] for figures in self.datasets)

    @property
    def same(self) -> int:
        """Rows that stand already."""
        return sum(figures.told[3] for figures in self.datasets)

    @property
    def gone(self) -> int:
        """Rows that stand inside the scope of the files and are not in them."""
        return sum(figures.told[2] for figures in self.datasets)

    @property
    def to_write(self) -> int:
        """Rows that a publication writes: new and changed ones."""
        return self.new + self.changed

    @property
    def period(self) -> tuple[dt.date, dt.date] | None:
        """First and last month over all datasets."""
        periods = [figures.period for figures in self.datasets if figures.period]
        if not periods:
            return None
        return min(first for first, _last in periods), max(last for _first, last in periods)


def read_summary(stored: Mapping[str, Any]) -> BatchSummary:
    """The stored summary; empty while the batch has not been checked."""
    return BatchSummary(
        datasets=tuple(_read_figures(row) for row in stored.get("datasets", ())),
        premises_with_errors=tuple(stored.get("premises_with_errors", ())),
        can_publish=bool(stored.get("can_publish")),
        can_publish_without=bool(stored.get("can_publish_without")),
        is_unchanged=bool(stored.get("is_unchanged")),
    )


def describe_period(period: tuple[dt.date, dt.date] | None) -> str:
    """„październik 2026” or „styczeń 2024 – październik 2026”; an empty text for None."""
    if period is None:
        return ""
    first, last = period
    if (first.year, first.month) == (last.year, last.month):
        return format_month_words(first)
    return f"{format_month_words(first)} – {format_month_words(last)}"


def shorten_period(period: tuple[dt.date, dt.date] | None) -> str:
    """A period for headings: „październik 2026”, „styczeń – październik 2026” or „01.2024 – 10.2026”."""
    if period is None or period[0] == period[1]:
        return describe_period(period)
    first, last = period
    if first.year == last.year:
        return f"{name_month(first.month)}{NO_BREAK_SPACE}– {format_month_words(last)}"
    return f"{first:%m.%Y} – {last:%m.%Y}"


def name_batch(batch_id: int, summary: BatchSummary) -> str:
    """„Paczka 12: październik 2026”; without a period only its number."""
    period = shorten_period(summary.period)
    if not period:
        return _("Paczka {number}").format(number=batch_id)
    return _("Paczka {number}: {period}").format(number=batch_id, period=period)


def _read_figures(row: Mapping[str, Any]) -> DatasetFigures:
    return DatasetFigures(
        dataset=row.get("dataset", ""),
        label=_(row["label"]) if row.get("label") else "",
        rows=row.get("rows", 0),
        new=row.get("new", 0),
        changed=row.get("changed", 0),
        same=row.get("same", 0),
        gone=row.get("gone", 0),
        premises=row.get("premises", 0),
        period=_read_period(row.get("period")),
        notes=tuple(row.get("notes", ())),
        totals=tuple(_read_total(total) for total in row.get("totals", ())),
        row_totals=_read_counts(row.get("row_totals")),
        row_changes=_read_changes(row.get("row_changes")),
        by_fund=_read_lines(row, "fund"),
        by_part=_read_lines(row, "part"),
        by_month=_read_lines(row, "month"),
        statements=tuple(_read_statement(one) for one in row.get("statements", ())),
    )


def _read_statement(row: Mapping[str, Any]) -> StatementLine:
    sums = {name: Decimal(row[name]) for name in ("opening", "incoming", "outgoing", "closing")}
    return StatementLine(account=row["account"], number=row["number"], rows=row["rows"], **sums)


def _read_changes(counts: Mapping[str, int] | None) -> tuple[int, int, int] | None:
    return (counts["new"], counts["changed"], counts["gone"]) if counts else None


def _read_counts(counts: Mapping[str, int] | None) -> tuple[int, int, int] | None:
    return (counts["in_file"], counts["before"], counts["after"]) if counts else None


def _read_lines(row: Mapping[str, Any], kind: str) -> tuple[TotalsLine, ...]:
    return tuple(
        TotalsLine(
            label=line["label"],
            month=dt.date.fromisoformat(line["label"]) if kind == "month" else None,
            rows=(line["rows"][0], line["rows"][1], line["rows"][2]),
            sums=tuple((Decimal(one[0]), Decimal(one[1]), Decimal(one[2])) for one in line["sums"]),
        )
        for line in row.get("breakdowns", {}).get(kind, ())
    )


def _read_total(row: Mapping[str, Any]) -> ControlTotal:
    file_total, before, file_difference = (
        row.get("file_total"),
        row.get("before"),
        row.get("file_difference"),
    )
    return ControlTotal(
        label=_(row["label"]),
        in_file=Decimal(row["in_file"]),
        after=Decimal(row["after"]),
        difference=Decimal(row["difference"]),
        file_total=None if file_total is None else Decimal(file_total),
        before=None if before is None else Decimal(before),
        file_difference=None if file_difference is None else Decimal(file_difference),
    )


def _read_period(months: Any) -> tuple[dt.date, dt.date] | None:
    if not months:
        return None
    first, last = months
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last)
