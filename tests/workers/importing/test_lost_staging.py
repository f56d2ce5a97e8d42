"""What was staged is lost between preview and publication: nothing but what the preview showed is published."""

from associations.imports.models import BatchState, ImportTable
from associations.imports.profile_actions import remember_profile
from associations.ledger.models import StagedPosting
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import OPERATOR, Importer
from tests.workers.importing.test_meaning import books, documents, postings

__all__ = ["books"]


def test_a_profile_changed_meanwhile_publishes_nothing_that_was_not_previewed(books: Importer) -> None:
    batch = books.upload(postings("1;201-1;01.03.2026;NAL 03/2026;Naliczenie;140,00;0"))
    before = documents(books)
    with enter_association(books.association):
        table = ImportTable.objects.get(batch=batch)
        columns = dict(zip(table.headers, table.mapping, strict=True))
        swapped = columns | {"Dokument": columns["Opis"], "Opis": columns["Dokument"]}
        options = {"dataset": "postings", "columns": swapped}
        remember_profile(actor=OPERATOR, name="Odwrócone kolumny", headers=table.headers, options=options)
        StagedPosting.objects.all().delete()

    returned = books.publish(batch)

    assert returned.state == BatchState.READY
    assert "Podgląd został przeliczony" in returned.failure
    assert documents(books) == before
    assert books.publish(returned).state == BatchState.PUBLISHED
