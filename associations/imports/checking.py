"""Checking a batch: every problem of its rows, what it would change, and the preview that says so.

What does not depend on each other is done side by side (imports.steps.Share): the rules that look at single rows, and
the grouping of those rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Sum

from associations.imports.additions import copy_standing_rows, forget_copies, is_addition
from associations.imports.catalogue import Catalogue
from associations.imports.checks import Check, run_checks, run_group_checks
from associations.imports.closed_years import closed_years, record_closed_years
from associations.imports.editions import EditionSpec
from associations.imports.grouping import Portion, find_vanishing, group_rows
from associations.imports.memory import sorting_in_memory
from associations.imports.models import BatchState, ImportBatch, ImportTable, Problem, Severity
from associations.imports.preview import build_summary
from associations.imports.slices import Slice, compare_slices, count_premises, has_standing, keep_same_slices
from associations.imports.staged import staged_datasets
from associations.imports.steps import (
    AFTER_BOOKS,
    AFTER_GROUPS,
    AFTER_RULES,
    WHOLE,
    Share,
    Tell,
    do_in_turn,
    keep_quiet,
    tell_part,
)

PORTIONS = 4
"""Parts in which a large file is grouped: whoever has time takes the next."""
PORTIONS_OF_SLICES = 2
"""When the rules have run and both connections are free: each portion looks at all rows of the file."""
LEAST_ROWS = 20_000
"""Of a dataset, to be grouped in portions: a second connection takes as long to open as some thousand rows."""


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """The outcome of checking: what the preview shows and what publishing compares."""

    staged: dict[str, Any]
    summary: dict[str, Any]
    errors: int
    warnings: int

    @property
    def state(self) -> BatchState:
        """Where the batch goes from here."""
        if self.errors:
            return BatchState.BLOCKED
        return BatchState.UNCHANGED if self.summary["is_unchanged"] else BatchState.READY


def staging_state(catalogue: Catalogue, batch_id: int) -> dict[str, Any]:
    """What is staged now and what stood published meanwhile: equal states need no second check.

    A crash of the server empties unlogged tables; another publication may change what this one would do.
    """
    with connection.cursor() as cursor:
        datasets = {}
        for name in staged_datasets(catalogue, batch_id):
            cursor.execute(
                # Emptied as a whole or read anew: where the rows were read tells, what they say need not be asked.
                "SELECT count(*), sum(hashint8(line_no * 65536::bigint + file_no)::bigint)::text"
                f" FROM {catalogue.staged_tables[name]} t WHERE batch_id = %s",
                [batch_id],
            )
            datasets[name] = list(cursor.fetchone())
        cursor.execute("SELECT count(*) FROM imports_stagedgroup WHERE batch_id = %s", [batch_id])
        groups = cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(max(id), 0) FROM imports_publication")
        publication = cursor.fetchone()[0]
    return {
        "datasets": datasets,
        "groups": groups,
        "publication": publication,
        "closed_years": closed_years(),
    }


def check_batch(
    catalogue: Catalogue, batch_id: int, tell: Tell = keep_quiet, share: Share = do_in_turn
) -> CheckedBatch:
    """Run every check, group the staged rows and build the preview. May be repeated at any time.

    With a `share` that works side by side, outside any transaction: it sees only what is committed.
    """
    present = staged_datasets(catalogue, batch_id)
    specs = [spec for spec in catalogue.editions if spec.dataset in present]
    checks = tuple(check for check in catalogue.checks if check.dataset in present)
    adds = is_addition(batch_id)
    share = share if _large_datasets(batch_id) else do_in_turn
    _begin_anew(catalogue, batch_id, present, specs if adds else ())
    rules = partial(_run_rules, checks, batch_id, tell_part(tell, 0, AFTER_RULES))
    if adds:
        rules()
        _group_with_copies(specs, batch_id)
    else:
        _group_beside(rules, specs, batch_id, share)
        _look_for_gone(specs, batch_id)
    tell(AFTER_GROUPS, WHOLE)
    counted = _Counted({}, {})
    books = partial(_run_group_rules, checks, batch_id, tell_part(tell, AFTER_GROUPS, AFTER_BOOKS), adds)
    share(books, [partial(counted.count, catalogue, specs, batch_id)])
    tell(AFTER_BOOKS, WHOLE)
    return _conclude(catalogue, batch_id, counted)


@sorting_in_memory()
def _begin_anew(
    catalogue: Catalogue, batch_id: int, present: list[str], with_copies: Sequence[EditionSpec]
) -> None:
    with connection.cursor() as cursor:
        for name in present:
            cursor.execute(f"ANALYZE {catalogue.staged_tables[name]}")
        cursor.execute("DELETE FROM imports_stagedgroup WHERE batch_id = %s", [batch_id])
    catalogue.plan(batch_id)
    for spec in with_copies:
        forget_copies(spec, batch_id)


@sorting_in_memory()
def _run_rules(checks: tuple[Check, ...], batch_id: int, tell: Tell) -> None:
    run_checks(checks, batch_id, tell)


@sorting_in_memory()
def _group_with_copies(specs: list[EditionSpec], batch_id: int) -> None:
    for spec in specs:
        copy_standing_rows(spec, batch_id)
        group_rows(spec, batch_id)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE imports_stagedgroup")


def _group_beside(rules: Callable[[], None], specs: list[EditionSpec], batch_id: int, share: Share) -> None:
    """Group the rows while the rules run; what comes again is only compared meanwhile, and grouped as they allow."""
    large = _large_datasets(batch_id)
    repeated: list[tuple[EditionSpec, list[Slice]]] = []
    tasks: list[Callable[[], None]] = []
    for spec in specs:
        if spec.is_sliced and has_standing(spec):
            tasks.append(partial(_compare, spec, batch_id, repeated))
        else:
            tasks += _grouping(spec, batch_id, PORTIONS if spec.dataset in large else 1)
    share(rules, tasks)
    tasks = []
    for spec, found in repeated:
        slices = keep_same_slices(spec, batch_id, found)
        if slices:
            tasks += _grouping(spec, batch_id, PORTIONS_OF_SLICES if spec.dataset in large else 1, slices)
    if tasks:
        share(tasks[0], tasks[1:])


def _grouping(
    spec: EditionSpec, batch_id: int, portions: int, slices: list[tuple[Any, str]] | None = None
) -> list[Callable[[], None]]:
    return [partial(_group, spec, batch_id, Portion(number, portions), slices) for number in range(portions)]


@sorting_in_memory()
def _group(spec: EditionSpec, batch_id: int, portion: Portion, slices: list[tuple[Any, str]] | None) -> None:
    group_rows(spec, batch_id, slices, portion)


@sorting_in_memory()
def _compare(spec: EditionSpec, batch_id: int, found: list[tuple[EditionSpec, list[Slice]]]) -> None:
    found.append((spec, compare_slices(spec, batch_id)))


def _large_datasets(batch_id: int) -> set[str]:
    tables = ImportTable.objects.filter(batch_id=batch_id).order_by().values("dataset")
    counted = tables.annotate(rows=Sum("row_count")).filter(rows__gte=LEAST_ROWS)
    return set(counted.values_list("dataset", flat=True))


@sorting_in_memory()
def _look_for_gone(specs: list[EditionSpec], batch_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE imports_stagedgroup")
        has_grown = [find_vanishing(spec, batch_id) for spec in specs if has_standing(spec)]
        if any(has_grown):
            # What publishing joins is analysed whole, also where all of a long period vanishes.
            cursor.execute("ANALYZE imports_stagedgroup")


@sorting_in_memory()
def _run_group_rules(checks: tuple[Check, ...], batch_id: int, tell: Tell, adds: bool) -> None:
    run_group_checks(checks, batch_id, tell, adds=adds)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What can be counted while the books are looked at."""

    staged: dict[str, Any]
    premises: dict[str, int]

    def count(self, catalogue: Catalogue, specs: list[EditionSpec], batch_id: int) -> None:
        """Fill both in."""
        with sorting_in_memory():
            self.staged.update(staging_state(catalogue, batch_id))
            self.premises.update({spec.dataset: count_premises(spec, batch_id) for spec in specs})


@sorting_in_memory()
def _conclude(catalogue: Catalogue, batch_id: int, counted: _Counted) -> CheckedBatch:
    """Put the preview together."""
    years = record_closed_years(batch_id)
    problems = Problem.objects.filter(batch_id=batch_id)
    return CheckedBatch(
        staged=counted.staged,
        summary={
            **build_summary(catalogue, batch_id, counted.premises),
            "questions": catalogue.ask(batch_id),
            "closed_years": years,
        },
        errors=problems.filter(severity=Severity.ERROR).count(),
        warnings=problems.filter(severity=Severity.WARNING).count(),
    )


def record_check(batch_id: int, checked: CheckedBatch) -> None:
    """Write the outcome of checking to the batch, in the caller's transaction."""
    ImportBatch.objects.filter(pk=batch_id).update(
        state=checked.state,
        staged=checked.staged,
        summary=checked.summary,
        error_count=checked.errors,
        warning_count=checked.warnings,
        phase="",
    )
