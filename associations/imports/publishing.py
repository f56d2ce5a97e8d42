"""What workers do with a batch: check it, publish it, take it back. The only writers of published figures."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.imports.additions import copy_standing_rows, forget_copies, is_addition
from associations.imports.catalogue import Catalogue
from associations.imports.checks import run_checks, run_group_checks
from associations.imports.closed_years import (
    closed_years,
    record_closed_years,
    refuse_closed_years,
    refuse_undo_in_closed_years,
)
from associations.imports.editions import (
    is_touched,
    publish_groups,
    reopen_former,
)
from associations.imports.grouping import find_vanishing, group_rows
from associations.imports.memory import sorting_in_memory
from associations.imports.models import (
    BatchState,
    ImportBatch,
    Problem,
    Publication,
    PublicationKind,
    Severity,
)
from associations.imports.preview import build_summary
from associations.imports.registries import (
    apply_registry,
    revert_registry,
    touched_registries,
)
from associations.imports.slices import has_standing, keep_same_slices
from associations.imports.steps import (
    AFTER_BOOKS,
    AFTER_GROUPS,
    AFTER_RULES,
    WHOLE,
    Tell,
    keep_quiet,
    tell_part,
)
from associations.imports.undo_obstacles import last_publication

SETTLED = (
    BatchState.PUBLISHED.value,
    BatchState.UNCHANGED.value,
    BatchState.UNDONE.value,
    BatchState.REJECTED.value,
    BatchState.FAILED.value,
    BatchState.CANCELLED.value,
)


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
        for name in _staged_datasets(catalogue, batch_id):
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


@sorting_in_memory()
def check_batch(catalogue: Catalogue, batch_id: int, tell: Tell = keep_quiet) -> CheckedBatch:
    """Run every check, group the staged rows and build the preview. May be repeated at any time."""
    present = _staged_datasets(catalogue, batch_id)
    with connection.cursor() as cursor:
        for name in present:
            cursor.execute(f"ANALYZE {catalogue.staged_tables[name]}")
        cursor.execute("DELETE FROM imports_stagedgroup WHERE batch_id = %s", [batch_id])
    catalogue.plan(batch_id)
    for spec in catalogue.editions:
        if spec.dataset in present:
            forget_copies(spec, batch_id)
    checks = tuple(check for check in catalogue.checks if check.dataset in present)
    run_checks(checks, batch_id, tell_part(tell, 0, AFTER_RULES))
    _group_batch(catalogue, batch_id, present, tell_part(tell, AFTER_RULES, AFTER_GROUPS))
    run_group_checks(checks, batch_id, tell_part(tell, AFTER_GROUPS, AFTER_BOOKS))
    tell(AFTER_BOOKS, WHOLE)
    years = record_closed_years(batch_id)
    problems = Problem.objects.filter(batch_id=batch_id)
    return CheckedBatch(
        staged=staging_state(catalogue, batch_id),
        summary={
            **build_summary(catalogue, batch_id),
            "questions": catalogue.ask(batch_id),
            "closed_years": years,
        },
        errors=problems.filter(severity=Severity.ERROR).count(),
        warnings=problems.filter(severity=Severity.WARNING).count(),
    )


def _staged_datasets(catalogue: Catalogue, batch_id: int) -> list[str]:
    with connection.cursor() as cursor:
        present = []
        for name, table in catalogue.staged_tables.items():
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE batch_id = %s)", [batch_id])
            if cursor.fetchone()[0]:
                present.append(name)
    return present


def _group_batch(catalogue: Catalogue, batch_id: int, present: list[str], tell: Tell) -> None:
    specs = [spec for spec in catalogue.editions if spec.dataset in present]
    adds = is_addition(batch_id)
    for number, spec in enumerate(specs):
        tell(number, len(specs))
        if adds:
            copy_standing_rows(spec, batch_id)
        is_repeated = spec.is_sliced and not adds and has_standing(spec)
        group_rows(spec, batch_id, keep_same_slices(spec, batch_id) if is_repeated else None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE imports_stagedgroup")
    for spec in specs if not adds else ():
        find_vanishing(spec, batch_id)


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


@sorting_in_memory()
def publish(
    catalogue: Catalogue, batch: ImportBatch, *, actor: Actor, tell: Tell = keep_quiet
) -> Publication:
    """Bring a checked batch before owners, inside the caller's one transaction.

    Groups and registries must have been computed for the state that stands now (check_batch).
    """
    refuse_closed_years(batch.pk)
    left_out = (
        batch.summary["premises_with_errors"] if batch.consent.get("without_premises_with_errors") else []
    )
    publication = Publication.objects.create(
        batch=batch, kind=PublicationKind.PUBLISH, by_id=actor.id, by_name=actor.name, left_out=left_out
    )
    for registry in catalogue.registries:
        apply_registry(registry, batch_id=batch.pk, publication_id=publication.pk)
    catalogue.rebuild_derived(publication.pk)
    rows = _publish_editions(catalogue, publication, tell)
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.PUBLISHED, phase="", failure="")
    record_act(
        actor=actor, action="import.published", target=str(batch.pk), rows=rows, left_out=len(left_out)
    )
    return publication


def _publish_editions(catalogue: Catalogue, publication: Publication, tell: Tell) -> int:
    """Publish dataset by dataset, telling how far it is by the rows that each has to write; rows written."""
    summary = publication.batch.summary
    shares = {
        entry["dataset"]: entry["new"] + entry["changed"] + entry["gone"] for entry in summary["datasets"]
    }
    total = max(sum(shares.get(spec.dataset, 0) for spec in catalogue.editions), 1)
    rows = done = 0
    for spec in catalogue.editions:
        share = shares.get(spec.dataset, 0)
        part = tell_part(tell, WHOLE * done // total, WHOLE * (done + share) // total)
        rows += publish_groups(
            spec,
            batch_id=publication.batch_id,
            publication_id=publication.pk,
            left_out=publication.left_out,
            tell=part,
        )
        done += share
    return rows


def undo(catalogue: Catalogue, batch: ImportBatch, *, actor: Actor) -> Publication:
    """Bring back what stood before the batch, inside the caller's one transaction. Nothing is deleted."""
    published = last_publication(batch.pk)
    refuse_undo_in_closed_years(catalogue.editions, published.pk)
    undone = Publication.objects.create(
        batch=batch, kind=PublicationKind.UNDO, by_id=actor.id, by_name=actor.name
    )
    for spec in catalogue.editions:
        if is_touched(spec, published.pk):
            reopen_former(spec, published_by=published.pk, undone_by=undone.pk)
    touched = touched_registries(published.pk)
    for registry in reversed(catalogue.registries):
        if registry.registry in touched:
            revert_registry(registry, published_by=published.pk)
    catalogue.rebuild_derived(published.pk)
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.UNDONE, phase="", failure="")
    record_act(actor=actor, action="import.undone", target=str(batch.pk))
    return undone


def analyze_published(catalogue: Catalogue) -> None:
    """Tell the planner what was loaded: without it the next plan takes a minute."""
    with connection.cursor() as cursor:
        for registry in catalogue.registries:
            cursor.execute(f"ANALYZE {registry.table}")
        for spec in catalogue.editions:
            cursor.execute(f"ANALYZE {spec.edition_table}")
            cursor.execute(f"ANALYZE {spec.row_table}")


def clear_staging(catalogue: Catalogue, batch_id: int) -> None:
    """Forget the staged rows of this batch, and of every batch that nobody can publish any more."""
    with connection.cursor() as cursor:
        # Not by the ORM: that would read every row into memory before deleting it.
        for table in _staging_tables(catalogue):
            cursor.execute(
                f"DELETE FROM {table} WHERE batch_id = %s"
                " OR batch_id IN (SELECT id FROM imports_importbatch WHERE state = ANY(%s))",
                [batch_id, list(SETTLED)],
            )


def vacuum_staging(catalogue: Catalogue) -> None:
    """Give the space of forgotten rows back, outside any transaction; harmless where it does not happen.

    Every upload fills these tables and empties them: left to autovacuum, their indexes would grow by each of them.
    """
    with connection.cursor() as cursor:
        for table in _staging_tables(catalogue):
            cursor.execute(f"VACUUM {table}")


def _staging_tables(catalogue: Catalogue) -> tuple[str, ...]:
    return (*catalogue.staged_tables.values(), *catalogue.plan_tables, "imports_stagedgroup")
