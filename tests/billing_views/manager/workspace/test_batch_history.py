"""What a batch page says of its past, of later batches and of its control totals."""

import re
from typing import Any

import pytest
from django.test import Client

from associations.imports.models import ImportBatch
from saas.staff.models import Grant, StaffUser
from tests.billing_views.manager.workspace.conftest import BACKEND
from tests.workers.importing.conftest import Importer, lipowa_imports
from tests.workers.importing.test_meaning import FEBRUARY, JANUARY, OTHERS, REPAIR, books, postings

__all__ = ["books", "lipowa_imports"]

DEARER = "1;201-1;01.02.2026;NAL 02/2026;Naliczenie;112,50;0"


@pytest.fixture
def manager(books: Importer, settings: Any) -> Client:
    settings.TOTP_REQUIRED = False
    user = StaffUser.objects.create(email="marek@example.org", name="Marek Wójcik")
    Grant.objects.create(user=user, association_id=books.association.id, role="manager")
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend=BACKEND)
    return client


def page_of(manager: Client, batch: ImportBatch) -> str:
    answer = manager.get(f"/a/lipowa/importy/{batch.pk}/")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ").split())


def test_who_did_what_stands_on_the_page_in_order(manager: Client, books: Importer) -> None:
    batch = books.publish(books.upload(postings(DEARER)))
    published = page_of(manager, batch)
    undone = page_of(manager, books.undo(batch))

    acts = ["Wgrano pliki", "Zlecono publikację paczki", "Opublikowano paczkę"]
    assert re.findall("|".join(acts), published.split("Historia paczki", 1)[1]) == acts
    assert "Cofnięto publikację paczki" not in published
    assert "Cofnięto publikację paczki" in undone
    assert "Pliki wgrano na stronie." in published
    assert published.split("Historia paczki", 1)[1].count("operator") == 3


def test_later_batches_that_took_its_place_are_named(manager: Client, books: Importer) -> None:
    first = books.publish(books.upload(postings(*JANUARY, DEARER)))
    alone = page_of(manager, first)
    second = books.publish(books.upload(postings("1;201-1;01.02.2026;NAL 02/2026;Naliczenie;1,00;0")))
    partly = page_of(manager, first)
    books.undo(second)

    assert "Dane z tej paczki obowiązują w całości." in alone
    # Only February was published by the first: January stood already.
    assert "Wszystkie dane z tej paczki zastąpiły późniejsze paczki:" in partly
    assert f"Paczka {second.pk}: luty 2026, wgrana" in partly
    assert "Dane z tej paczki obowiązują w całości." in page_of(manager, first)


def test_a_batch_superseded_in_part_says_so(manager: Client, books: Importer) -> None:
    first = books.publish(books.upload(postings(DEARER, "1;201-1;01.03.2026;NAL 03/2026;Naliczenie;9,00;0")))
    books.publish(books.upload(postings("1;201-1;01.03.2026;NAL 03/2026;Naliczenie;8,00;0")))

    assert "Część danych z tej paczki zastąpiły późniejsze paczki:" in page_of(manager, first)


def test_premises_left_out_stay_named(manager: Client, books: Importer) -> None:
    batch = books.upload(postings(DEARER, "2;201-1;31.09.2026;NAL;x;60,00;0"))
    published = books.publish(batch, without_premises_with_errors=True)

    assert "Lokale pominięte przy publikacji 2 " in page_of(manager, published)


def test_control_totals_name_before_after_and_change(manager: Client, books: Importer) -> None:
    page = page_of(
        manager, books.upload(postings(*JANUARY, DEARER, *OTHERS, *REPAIR, "RAZEM;;;;;300,00;100,00"))
    )

    assert "Suma W pliku Przed importem Po imporcie Zmiana" in page
    assert "Księgowania: wiersze 5 5 5 0" in page
    assert "Księgowania: Obciążenia (Wn) 282,50 280,00 282,50 +2,50" in page
    assert "Księgowania: Obciążenia (Wn) 300,00 282,50 różnica −17,50" in page
    assert "Księgowania: Uznania (Ma) 100,00 100,00 zgadza się" in page
    assert "Księgowania według funduszy" in page
    assert "Fundusz remontowy Obciążenia (Wn) 20,00 20,00 20,00 0,00" in page
    assert "luty 2026 Obciążenia (Wn) 112,50 110,00 112,50 +2,50" in page
    assert "201-2 Fundusz remontowy wiersze 1 1 1 0" in page


def test_the_page_leads_to_the_changes_row_by_row(manager: Client, books: Importer) -> None:
    batch = books.upload(postings(*FEBRUARY, DEARER))

    assert (
        f'href="/a/lipowa/importy/{batch.pk}/zmiany/"'
        in manager.get(f"/a/lipowa/importy/{batch.pk}/").content.decode()
    )
