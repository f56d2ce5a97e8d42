"""An addition that was sent twice (ten sam plik dopisany drugi raz): asked about before it is published."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.timezone import localtime

from associations.imports.additions import is_addition
from associations.imports.models import BatchState, ImportFile, Publication, PublicationKind


def ask_about_repetition(batch_id: int) -> dict[str, Any]:
    """`repeated_files`: files of an addition that a published addition holds byte by byte; nothing where none does.

    Each with its name, the latest such batch and the day of its publication. An addition that was taken back is none.
    """
    if not is_addition(batch_id):
        return {}
    own = ImportFile.objects.filter(batch_id=batch_id)
    earlier = ImportFile.objects.filter(
        batch__state=BatchState.PUBLISHED, batch__declarations__is_addition=True, sha256=OuterRef("sha256")
    ).exclude(batch_id=batch_id)
    found = own.annotate(former=Subquery(earlier.order_by("-batch_id").values("batch_id")[:1])).exclude(
        former=None
    )
    told = [
        {"name": name, "batch": former, "day": _published_on(former)}
        for name, former in found.order_by("number").values_list("name", "former")
    ]
    return {"repeated_files": told} if told else {}


def _published_on(batch_id: int) -> str:
    published = Publication.objects.filter(batch_id=batch_id, kind=PublicationKind.PUBLISH)
    return localtime(published.latest("at").at).date().isoformat()
