"""The only way a request gets a batch or one of its files: foreign and missing give the same 404."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from associations.imports.models import ImportBatch, ImportFile, ImportProfile, ImportTable

MISSING = _("Nie ma takiej paczki.")


def open_batch(batch_id: int) -> ImportBatch:
    """The batch of the association that is entered, or 404."""
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise Http404(MISSING)
    return batch


def open_file(batch_id: int, number: int) -> ImportFile:
    """A file of a batch, or 404."""
    found = ImportFile.objects.filter(batch_id=batch_id, number=number).first()
    if found is None:
        raise Http404(MISSING)
    return found


def open_table(batch_id: int, number: int, place: int) -> ImportTable:
    """The table at this place (from 1) in a file of a batch, or 404. Places outlast another reading, rows do not."""
    rows = ImportTable.objects.filter(batch_id=batch_id, file_number=number).select_related("profile")
    tables = list(rows.order_by("id"))
    if not 1 <= place <= len(tables):
        raise Http404(MISSING)
    return tables[place - 1]


def open_profile(profile_id: int) -> ImportProfile:
    """A profile of the association that is entered, or 404."""
    found = ImportProfile.objects.filter(pk=profile_id).first()
    if found is None:
        raise Http404(MISSING)
    return found
