"""Control totals (sumy kontrolne) of a batch: in its files, standing in their scope before, after it, by part and month.

The scope is the premises × parts × period of the file. Sums are those of the dataset (EditionSpec.totals): openings
are no turnover. What the file's own totals row states is compared with its own rows, whatever they mean.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from associations.imports.checks import Check
from associations.imports.editions import EditionSpec
from associations.imports.models import ImportTable, Severity

MOST_PARTS = 50
"""More accounts than these (one per person) are not listed one by one."""


@dataclass(slots=True)
class Figures:
    """Rows and the two sums: in the file, standing before, and after the batch."""

    rows: list[int] = field(default_factory=lambda: [0, 0, 0])
    first_sum: list[Decimal] = field(default_factory=lambda: [Decimal(0)] * 3)
    second_sum: list[Decimal] = field(default_factory=lambda: [Decimal(0)] * 3)

    def add(self, other: "Figures") -> None:
        """Count another part in."""
        self.rows = [a + b for a, b in zip(self.rows, other.rows, strict=True)]
        self.first_sum = [a + b for a, b in zip(self.first_sum, other.first_sum, strict=True)]
        self.second_sum = [a + b for a, b in zip(self.second_sum, other.second_sum, strict=True)]

    def sums(self, column: str) -> list[Decimal]:
        """The sum of a column of the groups: in the file, before, after."""
        return self.second_sum if column == "second_sum" else self.first_sum


@dataclass(frozen=True, slots=True)
class Totals:
    """A dataset's figures in all, by part and by month; rows that go, and names and funds of its parts."""

    whole: Figures
    gone: int
    is_addition: bool
    by_part: dict[str, Figures]
    by_month: dict[str, Figures]
    names: dict[str, tuple[str, str]]


def read_totals(spec: EditionSpec, batch_id: int, *, left_out: list[str], is_addition: bool) -> Totals:
    """Two queries; `left_out` are premises whose standing figures stay. An addition's file has what it adds alone."""
    whole, gone = Figures(), 0
    by_part: dict[str, Figures] = {}
    by_month: dict[str, Figures] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _totals_sql(spec, is_addition=is_addition, leaves_out=bool(left_out)),
            {"batch": batch_id, "dataset": spec.dataset, "left_out": left_out},
        )
        for part, month, is_of_part, is_of_month, vanishing, *values in cursor.fetchall():
            found = Figures(values[:3], values[3:6], values[6:])
            if is_of_part:
                by_part[part] = found
            elif is_of_month:
                by_month[month.isoformat()] = found
            else:
                whole, gone = found, vanishing
    return Totals(whole, gone, is_addition, by_part, by_month, part_names(spec, batch_id, sorted(by_part)))


def _totals_sql(spec: EditionSpec, *, is_addition: bool, leaves_out: bool) -> str:
    def three(name: str) -> str:
        old, kind = f"old_{name}", "bigint" if name == "row_count" else "numeric"
        in_file = f"{name} - {old}" if is_addition else name
        after = f"CASE WHEN is_left THEN {old} ELSE {name} END"
        return ", ".join(f"coalesce(sum({text}), 0)::{kind}" for text in (in_file, old, after))

    def each(text: str) -> str:
        return ", ".join(text.format(name) for name in ("row_count", "first_sum", "second_sum"))

    # What stands where something changes or goes; where nothing changes it is what the file says, or nothing.
    return f"""
        WITH {_kept_sql(spec) if leaves_out else ""} lines AS MATERIALIZED (
            SELECT part_code, month, outcome, premises_code = ANY(%(left_out)s) AS is_left, {each("{0}")},
                   {each("CASE outcome WHEN 'same' THEN {0} ELSE 0 END AS old_{0}")}
            FROM imports_stagedgroup
            WHERE batch_id = %(batch)s AND dataset = %(dataset)s AND outcome IN ('new', 'same')
            UNION ALL
            SELECT g.part_code, g.month, g.outcome, g.premises_code = ANY(%(left_out)s), {each("g.{0}")},
                   {each("coalesce(e.{0}, 0)")}
            FROM imports_stagedgroup g
            LEFT JOIN premises_premises p ON p.code = g.premises_code
            LEFT JOIN {spec.part_table} t ON t.{spec.part_key} = g.part_code
            LEFT JOIN {spec.edition_table} e
              ON e.premises_id = p.id AND e.part_id = t.id AND e.month = g.month AND e.closed_by_id IS NULL
            WHERE g.batch_id = %(batch)s AND g.dataset = %(dataset)s AND g.outcome NOT IN ('new', 'same')
            {_kept_lines(is_addition=is_addition) if leaves_out else ""}
        ), summed AS MATERIALIZED (
            SELECT part_code, month, outcome, is_left, {each("sum({0}) AS {0}")}, {each("sum(old_{0}) AS old_{0}")}
            FROM lines GROUP BY 1, 2, 3, 4
        )
        SELECT part_code, month, grouping(part_code) = 0, grouping(month) = 0,
               coalesce(sum(old_row_count) FILTER (WHERE outcome = 'gone' AND NOT is_left), 0)::bigint,
               {three("row_count")}, {three("first_sum")}, {three("second_sum")}
        FROM summed GROUP BY GROUPING SETS ((), (part_code), (month)) ORDER BY part_code, month
    """


def _kept_sql(spec: EditionSpec) -> str:
    """Figures of premises that are left out, in months and parts of theirs that the file does not name."""
    return f"""own AS MATERIALIZED (
            SELECT premises_code, month, part_code FROM imports_stagedgroup
            WHERE batch_id = %(batch)s AND dataset = %(dataset)s
        ), kept AS MATERIALIZED (
            SELECT e.month, t.{spec.part_key} AS part_code, e.row_count, e.first_sum, e.second_sum
            FROM {spec.edition_table} e
            JOIN premises_premises p ON p.id = e.premises_id
            JOIN {spec.part_table} t ON t.id = e.part_id
            WHERE e.closed_by_id IS NULL AND p.code = ANY(%(left_out)s)
              AND e.month BETWEEN (SELECT min(month) FROM own) AND (SELECT max(month) FROM own)
              AND NOT EXISTS (SELECT 1 FROM own o WHERE o.premises_code = p.code AND o.month = e.month
                              AND o.part_code = t.{spec.part_key})
              AND NOT EXISTS (SELECT 1 FROM own o WHERE o.premises_code = '' AND o.month = e.month
                              AND o.part_code = t.{spec.part_key})
        ),"""


def _kept_lines(*, is_addition: bool) -> str:
    return f"""UNION ALL
            SELECT part_code, month, 'kept', true, {"row_count" if is_addition else "0"},
                   {"first_sum, second_sum" if is_addition else "0, 0"}, row_count, first_sum, second_sum FROM kept"""


def part_names(spec: EditionSpec, batch_id: int, parts: list[str]) -> dict[str, tuple[str, str]]:
    """Part → its name and its fund ("" where the dataset has none). One query."""
    if not spec.part_names or not parts:
        return {part: (part, "") for part in parts}
    with connection.cursor() as cursor:
        cursor.execute(spec.part_names, {"batch": batch_id, "parts": parts})
        found = {part: (name, fund) for part, name, fund in cursor.fetchall()}
    return {part: found.get(part, (part, "")) for part in parts}


def describe_totals(
    spec: EditionSpec, totals: Totals, batch_id: int, tables: Iterable[ImportTable]
) -> dict[str, Any]:
    """What the batch's summary keeps: rows, sums, and both by fund, part and month; figures as strings."""
    of_dataset = [table for table in tables if table.dataset == spec.dataset]
    rows = totals.whole.rows
    return {
        "row_totals": {"in_file": rows[0], "before": rows[1], "after": rows[2]},
        "totals": [
            _describe_sum(
                label,
                totals.whole.sums(column),
                _stated(spec, batch_id, of_dataset, name),
                is_addition=totals.is_addition,
            )
            for label, column, name in spec.totals
        ],
        "breakdowns": _describe_breakdowns(spec, totals),
    }


def _describe_sum(
    label: str, sums: list[Decimal], compared: tuple[Decimal, Decimal] | None, *, is_addition: bool
) -> dict[str, str | None]:
    in_file, before, after = sums
    # What the file brings and the books do not take: figures of premises that are left out.
    missing = after - in_file - (before if is_addition else 0)
    return {
        "label": label,
        "in_file": f"{in_file:.2f}",
        "before": f"{before:.2f}",
        "after": f"{after:.2f}",
        "change": f"{after - before:.2f}",
        "difference": f"{missing:.2f}",
        "file_total": f"{compared[0]:.2f}" if compared else None,
        "file_difference": f"{compared[1] - compared[0]:.2f}" if compared else None,
    }


def _describe_breakdowns(spec: EditionSpec, totals: Totals) -> dict[str, list[dict[str, Any]]]:
    funds: dict[str, Figures] = {}
    for part, figures in totals.by_part.items():
        fund = totals.names[part][1]
        if fund:
            funds.setdefault(fund, Figures()).add(figures)
    is_fund_itself = all(name == fund for name, fund in totals.names.values())
    parts = {} if is_fund_itself or len(totals.by_part) > MOST_PARTS else totals.by_part
    return {
        "fund": [_describe_line(spec, fund, figures) for fund, figures in sorted(funds.items())],
        "part": [_describe_line(spec, totals.names[part][0], figures) for part, figures in parts.items()],
        "month": [_describe_line(spec, month, figures) for month, figures in totals.by_month.items()],
    }


def _describe_line(spec: EditionSpec, label: str, figures: Figures) -> dict[str, Any]:
    return {
        "label": label,
        "rows": figures.rows,
        "sums": [[f"{value:.2f}" for value in figures.sums(column)] for _label, column, _name in spec.totals],
    }


def _stated(
    spec: EditionSpec, batch_id: int, tables: list[ImportTable], name: str
) -> tuple[Decimal, Decimal] | None:
    """What the totals rows of the files state in a column, and the sum of the rows of those tables."""
    stated = [table for table in tables if name in table.totals]
    if not stated:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(sum(s.{name}), 0) FROM {spec.staged_table} s"
            " JOIN unnest(%s::int[], %s::text[]) AS x (file_no, sheet) ON x.file_no = s.file_no AND x.sheet = s.sheet"
            " WHERE s.batch_id = %s",
            [[table.file_number for table in stated], [table.key for table in stated], batch_id],
        )
        read = cursor.fetchone()[0]
    return sum((Decimal(table.totals[name]) for table in stated), Decimal(0)), read


def totals_differ(spec: EditionSpec) -> tuple[Check, ...]:
    """A file whose own totals row is not the sum of its rows: cut off, filtered or joined by hand."""
    return tuple(
        Check(
            code="totals_differ",
            dataset=spec.dataset,
            column="",
            severity=Severity.WARNING,
            sql=f"""
                SELECT b.file_number AS file_no, b.key AS sheet, NULL::int AS line_no,
                       replace(b.totals ->> '{name}', '.', ',') AS value,
                       '' AS premises_code,
                       'Wiersz RAZEM podaje w pliku sumę „{label}” ' || replace(b.totals ->> '{name}', '.', ',')
                       || ', a jego wiersze dają ' || replace(read.total::text, '.', ',') || ': różnica '
                       || replace((read.total - (b.totals ->> '{name}')::numeric)::text, '.', ',')
                       || '. Sprawdź, czy plik jest cały.' AS reason
                FROM imports_importtable b
                CROSS JOIN LATERAL (
                    SELECT coalesce(sum(s.{name}), 0)::numeric(18, 2) AS total FROM {spec.staged_table} s
                    WHERE s.batch_id = %(batch)s AND s.file_no = b.file_number AND s.sheet = b.key) read
                WHERE b.batch_id = %(batch)s AND b.dataset = '{spec.dataset}' AND b.totals ->> '{name}' IS NOT NULL
                  AND read.total <> (b.totals ->> '{name}')::numeric
            """,
        )
        for label, _column, name in spec.totals
    )
