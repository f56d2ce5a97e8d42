"""What stands in the way of an undo: later batches, closed years. Reads only."""

from associations.imports.catalogue import Catalogue
from associations.imports.closed_years import undone_closed_years
from associations.imports.models import Publication, PublicationKind
from associations.imports.registries import (
    RegistrySpec,
    created_ids,
    find_overwriting_batches,
    touched_registries,
)
from associations.imports.reopening import find_naming_batches, find_superseding_batches, find_using_batches


def last_publication(batch_id: int) -> Publication:
    """The publication that an undo takes back."""
    return Publication.objects.filter(batch_id=batch_id, kind=PublicationKind.PUBLISH).latest("pk")


def find_undo_obstacles(catalogue: Catalogue, batch_id: int) -> list[int]:
    """Later batches that stand on what this one brought, newest last; empty where it can be undone.

    Every edition and registry version that it opened must still stand, no later figures may be of premises or
    accounts that came with it or name a payer by its titles, and no later title may refer to its premises or people.
    """
    publication = last_publication(batch_id)
    found: set[int] = set()
    for spec in catalogue.editions:
        found.update(find_superseding_batches(spec, published_by=publication.pk))
    touched = touched_registries(publication.pk)
    if touched:
        found.update(batch for find in catalogue.find_referring for batch in find(publication.pk))
        found.update(find_overwriting_batches(publication.pk))
    for spec in catalogue.editions if "title" in touched else ():
        found.update(find_naming_batches(spec, published_by=publication.pk))
    for registry in catalogue.registries:
        if registry.registry in touched:
            found.update(_find_users(catalogue, registry, publication.pk))
    return sorted(found - {batch_id})


def closed_years_of(catalogue: Catalogue, batch_id: int) -> list[int]:
    """Closed years whose figures came with the published batch: they keep it from being undone, too."""
    return undone_closed_years(catalogue.editions, last_publication(batch_id).pk)


def _find_users(catalogue: Catalogue, registry: RegistrySpec, publication_id: int) -> set[int]:
    if registry.registry not in {"premises", "account"}:
        return set()
    ids = created_ids(registry, publication_id)
    found: set[int] = set()
    for spec in catalogue.editions if ids else ():
        if registry.registry == "premises":
            found.update(find_using_batches(spec, published_by=publication_id, column="premises_id", ids=ids))
        elif spec.part_table == registry.table:
            found.update(find_using_batches(spec, published_by=publication_id, column="part_id", ids=ids))
    return found
