"""What a batch changes, row by row: before it is published, after it, and after it was undone."""

import pytest

from associations.change_specs import CHANGE_SPECS, REGISTRY_VIEWS
from associations.imports.change_sql import KINDS, Kind, Source
from associations.imports.changes import Asked, Changes, read_changes
from associations.imports.models import ImportBatch, PublicationKind
from associations.imports.queries import last_publication
from associations.imports.registry_changes import RegistryRow, read_registry_changes
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import SAMPLES, Importer
from tests.workers.importing.test_meaning import (
    ACCOUNTS,
    FEBRUARY,
    OTHERS,
    PEOPLE_HEADER,
    PREMISES,
    books,
    file,
    postings,
)

__all__ = ["books"]

SPECS = {spec.editions.dataset: spec for spec in CHANGE_SPECS}
VIEWS = {view.registry: view for view in REGISTRY_VIEWS}
DOCUMENT, DEBIT, CREDIT = 0, 3, 4


def source_of(batch: ImportBatch) -> Source:
    published = last_publication(batch.pk, PublicationKind.PUBLISH)
    return Source(batch.pk, published.pk if published else None)


def read(
    importer: Importer, batch: ImportBatch, kind: Kind, search: str = "", dataset: str = "postings"
) -> Changes:
    with enter_association(importer.association):
        return read_changes(SPECS[dataset], source_of(batch), Asked(kind, search))


def told(importer: Importer, batch: ImportBatch, search: str = "") -> dict[Kind, list[str]]:
    """Every change as „premises document debit credit”, old → new."""
    found: dict[Kind, list[str]] = {}
    for kind in KINDS:
        changes = read(importer, batch, kind, search)
        found[kind] = [
            " → ".join(
                f"{row.premises_code} {values[DOCUMENT]} {values[DEBIT]} {values[CREDIT]}"
                for values in (row.old, row.new)
                if values
            )
            for row in changes.rows
        ]
        assert changes.counts[kind] == len(found[kind])
    return found


CHANGED = "1;201-1;01.01.2026;NAL 01/2026;Naliczenie;105,00;0"
MARCH = "1;201-1;01.03.2026;NAL 03/2026;Naliczenie;110,00;0"
CORRECTION: dict[Kind, list[str]] = {
    "new": ["1 KOR 1 0.00 7.00", "1 NAL 03/2026 110.00 0.00"],
    "changed": ["1 NAL 01/2026 100.00 0.00 → 1 NAL 01/2026 105.00 0.00"],
    "gone": ["1 WB 1/2026 0.00 100.00", "1 NAL 02/2026 110.00 0.00"],
}


@pytest.fixture
def correction(books: Importer) -> ImportBatch:
    """January with another charge, a correction and without its payment; no February; March."""
    return books.upload(postings(CHANGED, "1;201-1;20.01.2026;KOR 1;Korekta;0;7,00", MARCH))


def test_rows_of_changed_groups_are_compared_one_by_one(books: Importer, correction: ImportBatch) -> None:
    assert told(books, correction) == CORRECTION


def test_a_published_and_an_undone_batch_tell_the_same(books: Importer, correction: ImportBatch) -> None:
    published = books.publish(correction)
    assert told(books, published) == CORRECTION

    later = books.upload(postings("1;201-1;01.03.2026;NAL 03/2026;Naliczenie;999,00;0"))
    later = books.publish(later)
    assert told(books, published) == CORRECTION

    books.undo(later)
    undone = books.undo(published)
    assert told(books, undone) == CORRECTION


def test_equal_rows_pair_off_as_often_as_they_stand(books: Importer) -> None:
    payment = "2;201-1;05.01.2026;WB 2/2026;Wpłata;0;25,00"
    books.publish(books.upload(postings(*OTHERS, payment, payment)))

    batch = books.upload(postings(*OTHERS, payment, payment, payment))

    assert told(books, batch) == {"new": ["2 WB 2/2026 0.00 25.00"], "changed": [], "gone": []}


def test_search_finds_premises_documents_and_people(books: Importer, correction: ImportBatch) -> None:
    nothing: dict[Kind, list[str]] = {"new": [], "changed": [], "gone": []}

    assert told(books, correction, "kor") == nothing | {"new": ["1 KOR 1 0.00 7.00"]}
    assert told(books, correction, "Nowak") == CORRECTION
    assert told(books, correction, "Kos") == nothing
    assert told(books, correction, "NAL 03") == nothing | {"new": ["1 NAL 03/2026 110.00 0.00"]}


def test_pages_go_on_from_compared_rows_to_wholly_new_ones(books: Importer) -> None:
    batch = books.upload(
        postings(
            CHANGED,
            "1;201-1;20.01.2026;KOR 1;K;0;7",
            *(f"1;201-1;{day:02}.03.2026;D {day};x;{day};0" for day in range(1, 29)),
        )
    )
    with enter_association(books.association):
        pages = [
            read_changes(SPECS["postings"], Source(batch.pk), Asked("new", offset=offset, limit=10)).rows
            for offset in range(0, 40, 10)
        ]

    documents = [row.new[DOCUMENT] for page in pages for row in page if row.new]
    assert documents == ["KOR 1", *(f"D {day}" for day in range(1, 29))]
    assert [len(page) for page in pages] == [10, 10, 9, 0]


@pytest.mark.parametrize("search", ["", "wpłata"])
@pytest.mark.parametrize("is_published", [False, True])
def test_pages_of_new_rows_go_through_all_premises_in_order(
    books: Importer, search: str, is_published: bool
) -> None:
    rows = [
        f"{code};201-1;{day:02}.0{month}.2026;WB {code}/{month}/{day};Wpłata;0;1"
        for code in (2, 1)
        for month in (5, 4)
        for day in (1, 2, 3)
    ]
    batch = books.upload(postings(*rows))
    if is_published:
        batch = books.publish(batch)
    with enter_association(books.association):
        source = Source(batch.pk, batch.publications.get().pk if is_published else None)
        pages = [
            read_changes(SPECS["postings"], source, Asked(None, search, offset, 5))
            for offset in (0, 5, 10, 15)
        ]

    assert [page.counts["new"] for page in pages] == [12] * 4
    assert [[row.new[DOCUMENT] for row in page.rows if row.new] for page in pages] == [
        ["WB 1/4/1", "WB 1/4/2", "WB 1/4/3", "WB 1/5/1", "WB 1/5/2"],
        ["WB 1/5/3", "WB 2/4/1", "WB 2/4/2", "WB 2/4/3", "WB 2/5/1"],
        ["WB 2/5/2", "WB 2/5/3"],
        [],
    ]


def test_every_dataset_of_the_samples_is_listed_before_and_after(sloneczna_imports: Importer) -> None:
    names = ("lokale.csv", "osoby.csv", "konta.csv", "salda.csv", "rozliczenia.csv", "odczyty-2026.csv",
             "naliczenia-2026.csv", "ksiegowania-2026-204-1.csv")  # fmt: skip
    batch = sloneczna_imports.upload(*(SAMPLES / "spoldzielnia" / name for name in names))
    rows = {entry["dataset"]: entry["new"] for entry in batch.summary["datasets"]}

    for step in ("waiting", "published"):
        if step == "published":
            batch = sloneczna_imports.publish(batch)
        for dataset in SPECS:
            changes = read(sloneczna_imports, batch, "new", dataset=dataset)
            assert changes.counts == {"new": rows[dataset], "changed": 0, "gone": 0}
            assert len(changes.rows) == min(50, rows[dataset])
        with enter_association(sloneczna_imports.association):
            counts = {
                name: read_registry_changes(view, source_of(batch), Asked("new")).counts["new"]
                for name, view in VIEWS.items()
            }
        assert counts["premises"] == rows["premises"]
        assert counts["title"] == rows["people"]
        assert counts["account"] == rows["accounts"]
        # The samples hold no bank statement.
        assert counts.pop("payment") == 0
        assert min(counts.values()) > 0


def registry(
    importer: Importer, batch: ImportBatch, name: str, kind: Kind, search: str = ""
) -> list[RegistryRow]:
    with enter_association(importer.association):
        return list(read_registry_changes(VIEWS[name], source_of(batch), Asked(kind, search)).rows)


@pytest.mark.parametrize("is_published", [False, True])
def test_registries_show_old_and_new_values(books: Importer, is_published: bool) -> None:
    batch = books.upload(
        file("lokale.csv", PREMISES.replace("1;1;ul. Lipowa 12", "1;1;ul. Lipowa 12A")),
        file("konta.csv", ACCOUNTS + "201-9;Nowe;podstawowy\n"),
        file("osoby.csv", f"{PEOPLE_HEADER.strip()};Do\nA;Nowak Anna;1;odrębna własność;01.01.2020;31.12.2026\n"
             "B;Kos Jan;2;odrębna własność;01.01.2020;\nC;Zięba Ewa;1;odrębna własność;01.01.2027;\n"),
    )  # fmt: skip
    if is_published:
        batch = books.publish(batch)

    [premises] = registry(books, batch, "premises", "changed")
    assert premises.old is not None
    assert (premises.heading, premises.old[0], premises.new[0]) == ("1", "ul. Lipowa 12", "ul. Lipowa 12A")
    assert [row.heading for row in registry(books, batch, "account", "new")] == ["201-9"]
    [ended] = registry(books, batch, "title", "gone")
    assert (ended.heading, ended.new[0], str(ended.new[3])) == ("1", "Nowak Anna (A)", "2026-12-31")
    assert [row.new[0] for row in registry(books, batch, "title", "new")] == ["Zięba Ewa (C)"]
    assert registry(books, batch, "title", "new", "nowak") == []
    assert len(registry(books, batch, "title", "gone", "NOWAK")) == 1


def test_the_summary_counts_changed_months_row_by_row(books: Importer, correction: ImportBatch) -> None:
    [entry] = correction.summary["datasets"]

    assert entry["row_changes"] == {kind: len(rows) for kind, rows in CORRECTION.items()}
    assert (entry["new"], entry["changed"], entry["gone"]) == (1, 2, 1)
    unchanged = books.upload(postings(*FEBRUARY, MARCH))
    assert unchanged.summary["datasets"][0]["row_changes"] is None
