"""Which file names an owner may see, and the files that rows came from."""

import pytest

from associations.imports.models import ImportFile
from associations.ledger.models import Posting
from associations.row_sources import RowSource, is_harmless_name, source_files
from tests.factories import make_ledger_account, make_premises, publish_postings

ASSOCIATION = "Wspólnota Mieszkaniowa Lipowa 12"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ksiegowania-2026-204-1.csv", True),
        ("Księgowania_październik 2026.XLSX", True),
        ("salda.csv", True),
        ("lipowa-12.xlsx", True),
        ("NAL_10_2026.dbf", True),
        ("obroty 2026-10-31.txt", True),
        ("akacjowa-3.xlsx", False),
        ("Nowak Anna.csv", False),
        ("saldo_kowalskiego.csv", False),
        ("Majewski.csv", False),
        ("Stankiewicz stan.csv", False),
        ("44051401359.csv", False),
        ("salda 600100200.csv", False),
        ("", False),
    ],
)
def test_a_name_that_may_be_a_persons_is_not_shown(name: str, expected: bool) -> None:
    assert is_harmless_name(name, ASSOCIATION) is expected


@pytest.mark.usefixtures("in_sloneczna")
def test_rows_lead_to_their_file_and_its_days() -> None:
    publication = publish_postings(
        make_premises(), make_ledger_account(), "2026-01-01 BO 5", "2026-01-02 NAL 1"
    )
    row = Posting.objects.get(document="NAL", batch=publication.batch)
    ImportFile.objects.create(
        batch=publication.batch, number=1, name="ksiegowania.csv", size=1, sha256="0" * 64, stored_as="x"
    )
    own = RowSource(publication.batch_id, row.file_no, row.line_no, publication.pk)
    copied = RowSource(publication.batch_id, 0, 7, publication.pk)

    found = source_files([own, copied, own])

    assert [(key, one.name) for key, one in found.items()] == [
        ((publication.batch_id, 0, publication.pk), ""),
        ((publication.batch_id, 1, publication.pk), "ksiegowania.csv"),
    ]
    assert {one.published_at for one in found.values()} == {publication.at}
    assert {one.uploaded_at for one in found.values()} == {publication.batch.created_at}
    assert source_files([]) == {}
