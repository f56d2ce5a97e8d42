"""What workers do with a batch: check it, publish it, take it back. The only writers of published figures."""

from typing import Any

from django.db import connection

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.imports.catalogue import Catalogue
from associations.imports.closed_years import (
    refuse_closed_years,
    refuse_undo_in_closed_years,
)
from associations.imports.editions import publish_groups
from associations.imports.memory import sorting_in_memory
from associations.imports.models import (
    BatchState,
    ImportBatch,
    Publication,
    PublicationKind,
)
from associations.imports.registries import (
    apply_registry,
    revert_registry,
    touched_registries,
)
from associations.imports.reopening import count_opened, reopen_former
from associations.imports.staged import named_datasets
from associations.imports.steps import (
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
    named = named_datasets(catalogue, batch.pk)
    for registry in catalogue.registries:
        if named.isdisjoint(registry.datasets):
            continue
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
    grouped = _grouped_datasets(publication.batch_id)
    for spec in catalogue.editions:
        if spec.dataset not in grouped:
            continue
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


def _grouped_datasets(batch_id: int) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT dataset FROM imports_stagedgroup WHERE batch_id = %s", [batch_id])
        return {row[0] for row in cursor.fetchall()}


def undo(catalogue: Catalogue, batch: ImportBatch, *, actor: Actor) -> Publication:
    """Bring back what stood before the batch, inside the caller's one transaction. Nothing is deleted."""
    published = last_publication(batch.pk)
    refuse_undo_in_closed_years(catalogue.editions, published.pk)
    undone = Publication.objects.create(
        batch=batch, kind=PublicationKind.UNDO, by_id=actor.id, by_name=actor.name
    )
    for spec in catalogue.editions:
        if count_opened(spec, published.pk).editions:
            reopen_former(spec, published_by=published.pk, undone_by=undone.pk)
    touched = touched_registries(published.pk)
    for registry in reversed(catalogue.registries):
        if registry.registry in touched:
            revert_registry(registry, published_by=published.pk)
    catalogue.rebuild_derived(published.pk)
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.UNDONE, phase="", failure="")
    record_act(actor=actor, action="import.undone", target=str(batch.pk))
    return undone


def analyze_published(catalogue: Catalogue, publication: Publication) -> None:
    """Tell the planner what was loaded or taken back: without it the next plan takes a minute.

    Tables that the publication did not touch are as they were told. Vacuumed as well, the editions that it opened are
    found by their BRIN index when it is taken back.
    """
    taken_back = publication.batch.publications.filter(kind=PublicationKind.PUBLISH).latest("pk")
    touched = touched_registries(taken_back.pk)
    with connection.cursor() as cursor:
        for registry in catalogue.registries:
            if registry.registry in touched:
                cursor.execute(f"ANALYZE {registry.table}")
        for spec in catalogue.editions:
            if not count_opened(spec, taken_back.pk).editions:
                continue
            if publication.kind == PublicationKind.PUBLISH:
                cursor.execute(f"VACUUM (ANALYZE) {spec.edition_table}")
                cursor.execute(f"ANALYZE {spec.row_table}")
            else:
                cursor.execute(f"ANALYZE {spec.edition_table}")


def clear_staging(catalogue: Catalogue, batch_id: int) -> None:
    """Forget the staged rows of this batch, before it is read anew, and of every batch that nobody can publish."""
    _delete_staged(catalogue, f"batch_id = %s OR {_IS_SETTLED}", [batch_id, list(SETTLED)])


def forget_settled(catalogue: Catalogue) -> int:
    """Forget the staged rows of every batch that nobody can publish any more; how many there were.

    May be late: a batch that is being read anew by then is no longer settled, and keeps what is staged.
    """
    return _delete_staged(catalogue, _IS_SETTLED, [list(SETTLED)])


_IS_SETTLED = "batch_id IN (SELECT id FROM imports_importbatch WHERE state = ANY(%s))"


def _delete_staged(catalogue: Catalogue, condition: str, params: list[Any]) -> int:
    deleted = 0
    with connection.cursor() as cursor:
        # Not by the ORM: that would read every row into memory before deleting it.
        for table in _staging_tables(catalogue):
            cursor.execute(f"DELETE FROM {table} WHERE {condition}", params)
            deleted += cursor.rowcount
    return deleted


def vacuum_staging(catalogue: Catalogue) -> None:
    """Give the space of forgotten rows back, outside any transaction; harmless where it does not happen.

    Every upload fills these tables and empties them: left to autovacuum, their indexes would grow by each of them.
    """
    with connection.cursor() as cursor:
        for table in _staging_tables(catalogue):
            cursor.execute(f"VACUUM {table}")


def _staging_tables(catalogue: Catalogue) -> tuple[str, ...]:
    return (*catalogue.staged_tables.values(), *catalogue.plan_tables, "imports_stagedgroup")
