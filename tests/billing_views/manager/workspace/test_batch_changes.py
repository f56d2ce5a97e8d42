"""The page of changes: tabs, old beside new values, search and pages; before and after publication."""

import re
from typing import Any

import pytest
from django.test import Client

from associations.imports.models import BatchState, ImportBatch
from saas.staff.models import Grant, StaffUser
from saas.tenancy.switching import enter_association
from tests.billing_views.manager.workspace.conftest import BACKEND
from tests.workers.importing.conftest import Importer, lipowa_imports
from tests.workers.importing.test_meaning import FEBRUARY, OTHERS, books, file, postings

__all__ = ["books", "lipowa_imports"]

CHANGED = "1;201-1;01.01.2026;NAL 01/2026;Naliczenie <b>;105,50;0"


@pytest.fixture
def batch(books: Importer) -> ImportBatch:
    many = [f"2;201-1;{day:02}.03.2026;D {day};x;{day};0" for day in range(1, 29)]
    more = [f"2;201-1;{day:02}.04.2026;E {day};x;{day};0" for day in range(1, 29)]
    return books.upload(postings(CHANGED, *FEBRUARY, *OTHERS, *many, *more))


@pytest.fixture
def manager(books: Importer, settings: Any) -> Client:
    settings.TOTP_REQUIRED = False
    user = StaffUser.objects.create(email="marek@example.org", name="Marek Wójcik")
    Grant.objects.create(user=user, association_id=books.association.id, role="manager")
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend=BACKEND)
    return client


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def address(batch: ImportBatch, query: str = "") -> str:
    return f"/a/lipowa/importy/{batch.pk}/zmiany/{query}"


def test_changed_values_stand_side_by_side(manager: Client, batch: ImportBatch) -> None:
    answer = manager.get(address(batch))
    page = text_of(answer)

    assert "Nowe (56) Zmienione (1) Znikną (1)" in page
    assert "<del>100,00</del>" in answer.content.decode()
    assert "<ins>105,50</ins>" in answer.content.decode()
    assert "Naliczenie &lt;b&gt;" in answer.content.decode()
    assert "styczeń\u00a02026, 201\u20111" in answer.content.decode()


def test_pages_and_search_keep_the_choice(manager: Client, batch: ImportBatch) -> None:
    first = manager.get(address(batch, "?zbior=postings&rodzaj=nowe"))
    second = manager.get(address(batch, "?zbior=postings&rodzaj=nowe&strona=2"))
    found = text_of(manager.get(address(batch, "?zbior=postings&rodzaj=nowe&szukaj=E 2")))

    assert "Strona 1 z 2" in text_of(first)
    assert "zbior=postings&amp;rodzaj=nowe&amp;strona=2" in first.content.decode()
    assert [first.content.decode().count("<tr>"), second.content.decode().count("<tr>")] == [51, 7]
    assert "Nowe (10)" in found
    assert "E 28" in found


@pytest.mark.parametrize(
    "query",
    [
        "?zbior=nic",
        "?rodzaj=inne",
        "?strona=999999999",
        "?strona=-1",
        "?szukaj=%00",
        "?szukaj=%25_'\"",
        "?zbior=account",
    ],
)
def test_odd_addresses_show_a_page(manager: Client, batch: ImportBatch, query: str) -> None:
    assert manager.get(address(batch, query)).status_code == 200


def test_after_publication_and_undo_the_page_says_so(
    manager: Client, batch: ImportBatch, books: Importer
) -> None:
    published = text_of(manager.get(address(books.publish(batch))))
    undone = text_of(manager.get(address(books.undo(batch))))

    assert "Tak zmieniła dane, gdy ją opublikowano. " in published
    assert "Publikację tej paczki cofnięto; tak wyglądały jej zmiany." in undone
    for page in (published, undone):
        assert "Nowe (56) Zmienione (1) Zniknęły (1)" in page


def test_a_batch_that_was_put_aside_has_nothing_to_show(
    manager: Client, batch: ImportBatch, books: Importer
) -> None:
    with enter_association(books.association):
        ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.REJECTED)

    assert "Nie ma zmian do pokazania" in text_of(manager.get(address(batch)))


def test_registries_of_a_first_package_are_listed(lipowa_imports: Importer, manager: Client) -> None:
    batch = lipowa_imports.upload(file("lokale.csv", "Kod lokalu;Nr lokalu;Adres\n1;1;ul. Lipowa 14\n"))

    page = text_of(manager.get(address(batch)))

    assert "Lokale" in page
    assert "ul. Lipowa 12 → ul. Lipowa 14" in page
