"""What became of a published batch: whether its figures still stand, and which later batches took their place."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from associations.audit.models import AuditEntry
from associations.imports.catalogue import Catalogue
from associations.imports.editions import EditionSpec
from associations.imports.reopening import count_opened


@dataclass(frozen=True, slots=True)
class LaterFate:
    """Premises, months and parts that the batch published: how many stand, and how many each later batch took over."""

    own: int
    taken_over: dict[int, int]

    @property
    def is_whole(self) -> bool:
        """Nothing was superseded."""
        return not self.taken_over


def batch_acts(batch_id: int) -> QuerySet[AuditEntry]:
    """Who did what with the batch, the oldest first; downloads of its files apart."""
    acts = AuditEntry.objects.filter(target=str(batch_id), action__startswith="import.")
    return acts.exclude(action="import.file_downloaded").order_by("id")


def later_fate(catalogue: Catalogue, *, batch_id: int, publication_id: int) -> LaterFate:
    """One query per dataset of figures, and one more where some of them were superseded."""
    own = 0
    taken_over: dict[int, int] = {}
    for spec in catalogue.editions:
        opened = count_opened(spec, publication_id)
        own += opened.editions - opened.closed_since
        for batch, count in _standing_instead(spec, publication_id) if opened.closed_since else ():
            if batch == batch_id:
                own += count
            else:
                taken_over[batch] = taken_over.get(batch, 0) + count
    return LaterFate(own, taken_over)


def _standing_instead(spec: EditionSpec, publication_id: int) -> list[tuple[int, int]]:
    """Batches whose editions stand where those of the publication were closed since, and how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.batch_id, count(*) FROM {spec.edition_table} e JOIN {spec.edition_table} c"
            " ON c.premises_id = e.premises_id AND c.month = e.month AND c.part_id = e.part_id"
            " WHERE e.opened_by_id = %s AND e.closed_by_id IS NOT NULL AND c.closed_by_id IS NULL"
            " GROUP BY c.batch_id ORDER BY c.batch_id",
            [publication_id],
        )
        return list(cursor.fetchall())
