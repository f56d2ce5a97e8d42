"""A copy with remarks as a manager gets it, and the same copy corrected and uploaded again."""

import io
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from associations.imports.annotating import annotate_file
from associations.imports.models import BatchState, ImportBatch, ImportFile, Problem
from associations.imports.rules import ImportRuleError
from associations.imports.storage import path_of
from saas.tenancy.switching import enter_association
from tests.associations.imports.reported import ESTATE, POSTINGS, publish
from tests.workers.importing.conftest import Importer, _own_files, lipowa_imports
from tests.workers.workbooks import sheet_xml, workbook_bytes, zip_bytes
from workers.annotated.remarks import COLUMN

__all__ = ["_own_files", "lipowa_imports"]


def copy_of(importer: Importer, batch: ImportBatch, number: int = 1) -> tuple[str, bytes]:
    with enter_association(importer.association):
        copy = annotate_file(ImportFile.objects.get(batch=batch, number=number))
        with copy.content:
            return copy.name, copy.content.read()


LINES = (
    POSTINGS,
    "1;;201-1;01.01.2026;NAL 1;Naliczenie za styczeń;100,00;0",
    "01;;201-1;01.01.2026;=1+1;Wpłata;0;50,00",
    "2;;201-1;01.01.2026;NAL 3;Naliczenie;sto;-12,50",
)


@pytest.mark.parametrize("codec", ["cp1250", "utf-8-sig", "cp852"])
def test_a_corrected_copy_is_published_as_if_it_had_no_remarks(lipowa_imports: Importer, codec: str) -> None:
    publish(lipowa_imports, *ESTATE)
    raw = ("\r\n".join(LINES) + "\r\n").encode(codec)
    batch = lipowa_imports.upload(("ksiegowania.csv", raw))

    name, copy = copy_of(lipowa_imports, batch)

    lines = copy.decode(codec).splitlines()
    assert batch.state == BatchState.BLOCKED
    assert name == "ksiegowania-z-uwagami.csv"
    assert lines[0] == f"{POSTINGS};{COLUMN}"
    assert lines[1] == f"{LINES[1]};"
    assert lines[2] == (
        "01;;201-1;01.01.2026;'=1+1;Wpłata;0;50,00;Błąd: Nie ma lokalu o kodzie 01. Wgraj najpierw plik lokali albo"
        " popraw kod. Czy chodzi o 1?"
    )
    assert lines[3].startswith(f"{LINES[3]};Błąd: Winien: ") or '"Błąd: Winien: ' in lines[3]

    corrected = copy.decode(codec).replace("\r\n01;", "\r\n1;").replace(";sto;", ";30,00;").encode(codec)
    again = lipowa_imports.upload((name, corrected))
    clean = raw.decode(codec).replace("\r\n01;", "\r\n1;").replace(";sto;", ";30,00;").encode(codec)
    published = lipowa_imports.publish(again)
    same = lipowa_imports.upload(("ksiegowania.csv", clean))

    assert published.state == BatchState.PUBLISHED
    assert same.state == BatchState.UNCHANGED


def test_files_in_an_archive_get_their_own_remarks(lipowa_imports: Importer) -> None:
    publish(lipowa_imports, *ESTATE)
    book = workbook_bytes({"Księgowania": sheet_xml([line.split(";") for line in LINES[:3]])})
    batch = lipowa_imports.upload(
        ("paczka.zip", zip_bytes({"a.csv": "\n".join(LINES[:3]).encode(), "b/c.xlsx": book}))
    )
    with enter_association(lipowa_imports.association):
        keys = set(
            Problem.objects.filter(batch=batch, code="unknown_premises").values_list("table_key", flat=True)
        )

    _, copy = copy_of(lipowa_imports, batch)

    assert keys == {"a.csv", "b/c.xlsx/Księgowania"}
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert b"Czy chodzi o 1?" in archive.read("a.csv")
        with CalamineWorkbook.from_object(io.BytesIO(archive.read("b/c.xlsx"))) as found:
            rows = found.get_sheet_by_name("Księgowania").to_python()
    assert rows[0][-1] == COLUMN
    assert "Czy chodzi o 1? Błąd: Ten sam wiersz jest też w pliku" in str(rows[2][-1])


def test_a_file_that_is_no_longer_kept_has_no_copy(lipowa_imports: Importer) -> None:
    batch = lipowa_imports.upload(("a.csv", b"Kod lokalu;Nr lokalu\n1;1\n"))
    with enter_association(lipowa_imports.association):
        file = ImportFile.objects.get(batch=batch)
        path_of(file).unlink()

        with pytest.raises(ImportRuleError) as refusal:
            annotate_file(file)

    assert refusal.value.code == "file_not_kept"


def test_a_copy_that_takes_too_much_is_refused_with_a_sentence(
    lipowa_imports: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = lipowa_imports.upload(("a.csv", b"Kod lokalu;Nr lokalu\n1;1\n"))
    monkeypatch.setattr("associations.imports.annotating.TIMEOUT_SECONDS", 0.01)

    with pytest.raises(ImportRuleError) as refusal:
        copy_of(lipowa_imports, batch)

    assert refusal.value.code == "timeout"
    assert refusal.value.message.startswith("Ten plik jest za duży")
