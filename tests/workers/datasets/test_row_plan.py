"""Many rows at once and each row by itself give the same lines: the fast way has no opinion of its own."""

from collections.abc import Callable

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from workers.datasets import DATASETS, Dataset, dataset_named
from workers.datasets.fields import Field, Kind
from workers.datasets.headers import match_headers
from workers.reading_options import TableOptions
from workers.row_plan import NotPlainError, RowPlan
from workers.values.fault import Cell

# What stands in a column of this kind; other kinds hold texts. Every list has one cell that is refused or empty.
CELLS: dict[Kind, list[Cell]] = {
    Kind.MONEY: ["0", "7", "-25", 3.0, "(3)", ""],
    Kind.DECIMAL: ["1", "0,5", 0.25, None],
    Kind.INTEGER: ["2", 3, ""],
    Kind.DATE: ["01.02.2026", "2026-03-04", "", "2026-13-01"],
    Kind.MONTH: ["2026-02", "listopad 2026", "x"],
    Kind.SHARE: ["1/2", 0.5, ""],
    Kind.CHOICE: ["Wn", "Ma", "najem", "garaż", "odczyt", ""],
    Kind.FLAG: ["tak", "nie", ""],
    Kind.BANK_ACCOUNT: ["85102010550000000000000001", ""],
    Kind.EMAIL: ["anna@example.com", ""],
}
TEXTS: list[Cell] = ["1", "BO", "BO 2026", "Bilans otwarcia", "m2", "remontowy", 17000010.0, ""]
OPTIONS = [TableOptions(), TableOptions(is_in_grosze=True, is_sign_reversed=True, decimal=".", dates="mdy")]
# Every dataset, and those with helping columns (an amount and its side) by means of these.
TRIED = [(dataset.name, False) for dataset in DATASETS] + [
    (dataset.name, True) for dataset in DATASETS if dataset.staged_fields != dataset.fields
]


def plan_of(dataset: Dataset, options: TableOptions, *, helpers: bool) -> tuple[RowPlan, list[Field]]:
    """A plan for a table with every column of the dataset; with its helpers instead of what they replace."""
    replaced = {name for field in dataset.fields for name in field.yields_to} if helpers else set()
    fields = [
        field for field in dataset.fields if (field.is_staged or helpers) and field.name not in replaced
    ]
    headers = [f"k{index}" for index in range(len(fields))]
    columns = {header: field.name for header, field in zip(headers, fields, strict=True) if field.help}
    chosen = TableOptions(dataset=dataset.name, columns=columns)
    [match] = match_headers(headers, chosen)
    return RowPlan(match, headers, [], options), fields


def one_by_one(plan: RowPlan, rows: list[list[Cell]]) -> list[str] | None:
    lines = []
    for number, row in enumerate(rows):
        line, faults = plan.examine(row)
        if faults:
            return None
        lines.append(f"{number}\t{line}")
    return lines


@pytest.mark.parametrize("options", OPTIONS, ids=["plain", "options"])
@pytest.mark.parametrize(("dataset", "helpers"), TRIED, ids=str)
@settings(max_examples=60)
@given(data=st.data())
def test_rows_together_are_read_as_one_by_one(
    data: st.DataObject, dataset: str, options: TableOptions, helpers: bool
) -> None:
    plan, fields = plan_of(dataset_named(dataset), options, helpers=helpers)
    row = st.tuples(*(st.sampled_from(CELLS.get(field.kind, TEXTS)) for field in fields)).map(list)
    rows: list[list[Cell]] = data.draw(st.lists(row, min_size=1, max_size=2))

    together: list[str] | None
    try:
        together = plan.plain_lines(range(len(rows)), rows)
    except NotPlainError:
        together = None

    event("read" if together else "refused")
    if together is not None:
        assert together == one_by_one(plan, rows)


@given(st.lists(st.sampled_from(["BO", "WB 1", "\\N", "bo/2026", "0", "5.00"]), min_size=4, max_size=40))
def test_openings_and_empty_amounts_are_marked_alike(cells: list[str]) -> None:
    postings = dataset_named("postings")
    rows = [cells[index : index + 4] for index in range(0, len(cells) - 3, 4)]
    full = [["1", "\\N", "204", "2026-01-01", "\\N", *row, "f"] for row in rows]
    columns = [list(column) for column in zip(*full, strict=True)]
    finish: Callable[[list[str]], object] = postings.finish or (lambda _: None)
    faults = [finish(row) for row in full]
    is_fine = faults == [None] * len(full)

    assert (postings.finish_columns or (lambda _: False))(columns) is is_fine
    if is_fine:
        assert [list(row) for row in zip(*columns, strict=True)] == full
