"""Control totals of a batch as tables: in all, by fund, account and month, and against the file's own totals row."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from associations.profile.bank_accounts import format_nrb
from billing_views.manager.batch_summary import (
    BatchSummary,
    ControlTotal,
    DatasetFigures,
    StatementLine,
    TotalsLine,
)
from billing_views.parts.formatting import (
    format_money,
    format_month_words,
    format_quantity,
    format_signed_money,
)
from billing_views.parts.tables import Cell, Column, Table


@dataclass(frozen=True, slots=True)
class TotalsDetails:
    """A table that opens at a click: the totals of one dataset by fund, account or month."""

    title: str
    table: Table


def totals_table(summary: BatchSummary) -> Table | None:
    """Rows and sums of all datasets: in the file, before and after the import, and the change."""
    rows = [
        row for figures in summary.datasets for row in _rows_of(figures, has_difference=_differs(summary))
    ]
    if not rows:
        return None
    columns = [Column(_("Suma"), "what"), *_columns()]
    if _differs(summary):
        label = _("Różnica wobec pliku")
        columns.append(Column(label, "num", label))
    return Table(_("Sumy kontrolne"), tuple(columns), tuple(rows))


def agreement_table(summary: BatchSummary) -> Table | None:
    """The totals rows of the files against the sums of their own rows; None where no file has one."""
    stated = [
        (figures, total)
        for figures in summary.datasets
        for total in figures.totals
        if total.file_total is not None
    ]
    if not stated:
        return None
    total_label, rows_label, verdict = _("Suma w pliku (wiersz RAZEM)"), _("Suma wierszy"), _("Zgodność")
    columns = (
        Column(_("Suma"), "what"),
        Column(total_label, "num", total_label),
        Column(rows_label, "num", rows_label),
        Column(verdict, "keep", verdict),
    )
    return Table(
        _("Wiersz RAZEM w pliku"), columns, tuple(_agreement_row(figures, total) for figures, total in stated)
    )


def statements_table(summary: BatchSummary) -> Table | None:
    """Each bank statement with its balances and what came in and went out; None where the batch has none."""
    lines = [line for figures in summary.datasets for line in figures.statements]
    if not lines:
        return None
    labels = (_("Liczba wpłat"), _("Saldo początkowe"), _("Wpływy"), _("Wydatki"), _("Saldo końcowe"))
    columns = (Column(_("Wyciąg"), "what"), *(Column(label, "num", label) for label in labels))
    return Table(_("Wyciągi bankowe"), columns, tuple(_statement_row(line) for line in lines))


def totals_details(summary: BatchSummary) -> tuple[TotalsDetails, ...]:
    """Each dataset by fund, account and month, where there is more than one of them."""
    found = []
    for figures in summary.datasets:
        kinds = (
            (_("{data} według funduszy"), _("Fundusz"), figures.by_fund, False),
            (_("{data} według mediów") if figures.dataset in {"readings", "settlements"} else _("{data} według kont"),
             _("Pozycja"), figures.by_part, False),
            (_("{data} według miesięcy"), _("Miesiąc"), figures.by_month, True),
        )  # fmt: skip
        for title, heading, lines, is_month in kinds:
            if len(lines) > 1:
                caption = title.format(data=figures.label)
                found.append(
                    TotalsDetails(caption, _details_table(caption, heading, figures, lines, is_month))
                )
    return tuple(found)


def _columns() -> tuple[Column, ...]:
    in_file, before, after, change = _("W pliku"), _("Przed importem"), _("Po imporcie"), _("Zmiana")
    return (
        Column(in_file, "num", in_file),
        Column(before, "num", before),
        Column(after, "num", after),
        Column(change, "sum", change),
    )


def _differs(summary: BatchSummary) -> bool:
    return any(total.difference for figures in summary.datasets for total in figures.totals)


def _rows_of(figures: DatasetFigures, *, has_difference: bool) -> Iterable[tuple[Cell, ...]]:
    if figures.row_totals:
        counts = (Cell(_("{data}: wiersze").format(data=figures.label)), *_count_cells(figures.row_totals))
        yield (*counts, Cell()) if has_difference else counts
    for total in figures.totals:
        cells = (Cell(_name(figures, total)), *_money_cells((total.in_file, total.before, total.after)))
        yield (*cells, Cell(format_signed_money(total.difference))) if has_difference else cells


def _name(figures: DatasetFigures, total: ControlTotal) -> str:
    # „Salda: Salda” says nothing more than „Salda”.
    return total.label if total.label == figures.label else f"{figures.label}: {total.label}"


def _statement_row(line: StatementLine) -> tuple[Cell, ...]:
    sums = (line.opening, line.incoming, line.outgoing, line.closing)
    name = line.number or _("bez numeru")
    return (
        Cell(name, note=format_nrb(line.account)),
        Cell(format_quantity(line.rows)),
        *(Cell(format_money(amount)) for amount in sums),
    )


def _count_cells(counts: tuple[int, int, int]) -> tuple[Cell, ...]:
    in_file, before, after = counts
    change = after - before
    sign = "+" if change > 0 else ""
    return (
        *(Cell(format_quantity(one)) for one in (in_file, before, after)),
        Cell(sign + format_quantity(change)),
    )


def _money_cells(sums: tuple[Decimal, Decimal | None, Decimal]) -> tuple[Cell, ...]:
    in_file, before, after = sums
    change = "" if before is None else format_signed_money(after - before)
    return (Cell(format_money(in_file)), Cell(format_money(before)), Cell(format_money(after)), Cell(change))


def _agreement_row(figures: DatasetFigures, total: ControlTotal) -> tuple[Cell, ...]:
    stated, difference = total.file_total, total.file_difference
    if stated is None or difference is None:
        return (Cell(_name(figures, total)), Cell(format_money(stated)), Cell(), Cell())
    verdict = (
        Cell(_("różnica {amount}").format(amount=format_signed_money(difference)), None, "owed")
        if difference
        else Cell(_("zgadza się"), None, "paid")
    )
    return (
        Cell(_name(figures, total)),
        Cell(format_money(stated)),
        Cell(format_money(stated + difference)),
        verdict,
    )


def _details_table(
    caption: str, heading: str, figures: DatasetFigures, lines: tuple[TotalsLine, ...], is_month: bool
) -> Table:
    rows = []
    for line in lines:
        name = format_month_words(line.month) if is_month else line.label
        rows.append((Cell(name, note=_("wiersze")), *_count_cells(line.rows)))
        rows += [
            (Cell(name, note=total.label), *_money_cells(sums))
            for total, sums in zip(figures.totals, line.sums, strict=True)
        ]
    return Table(caption, (Column(heading, "what"), *_columns()), tuple(rows))
