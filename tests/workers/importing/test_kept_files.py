"""What is kept of uploaded files that hold PESEL numbers: nothing; and what that means for reading them again."""

import pytest

from associations.imports.access import open_file
from associations.imports.models import BatchState, ImportBatch, Problem
from associations.imports.storage import path_of, schema_folder
from associations.premises.models import StagedPremises
from saas.jobs.actions import wake_jobs
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_meaning import PREMISES, file
from tests.workers.workbooks import sheet_xml, workbook_bytes
from workers.running import run_one_job

PESEL = "44051401359"
PEOPLE = (
    "Kod osoby;Nazwisko i imię;Kod lokalu;Tytuł prawny;Od\n"
    f"A;Nowak Anna {PESEL};1;odrębna własność;01.01.2020\n"
)


def kept_bytes(importer: Importer) -> bytes:
    with enter_association(importer.association):
        return b"".join(path.read_bytes() for path in schema_folder().rglob("*") if path.is_file())


def workbook_with_a_pesel_column() -> tuple[str, bytes]:
    rows = [["Kod lokalu", "PESEL", "Adres"], ["1", PESEL, "ul. Lipowa 12"]]
    return "lokale.xlsx", workbook_bytes({"Lokale": sheet_xml(rows)})


def test_file_with_a_pesel_in_a_text_is_not_kept(lipowa_imports: Importer) -> None:
    batch = lipowa_imports.upload(file("lokale.csv", PREMISES), file("osoby.csv", PEOPLE))

    assert batch.state == BatchState.BLOCKED
    with enter_association(lipowa_imports.association):
        assert [one.code for one in Problem.objects.filter(batch=batch).order_by("pk")] == ["pesel"]
        assert open_file(batch.pk, 2).stored_as == ""
        assert path_of(open_file(batch.pk, 1)).is_file()
    assert PESEL.encode() not in kept_bytes(lipowa_imports)


def test_pesel_behind_more_problems_than_are_listed_is_found_all_the_same(lipowa_imports: Importer) -> None:
    bad_rows = "".join(f"P{number};Kos Jan;1;odrębna własność;31.09.2020\n" for number in range(6_000))
    header, row = PEOPLE.splitlines()

    lipowa_imports.upload(file("osoby.csv", f"{header}\n{bad_rows}{row}\n"))

    assert PESEL.encode() not in kept_bytes(lipowa_imports)


def test_reading_that_was_interrupted_at_its_very_end_begins_again(
    lipowa_imports: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("workers.importing.record_check", fail)
        batch = lipowa_imports.upload(workbook_with_a_pesel_column())
    assert batch.state == BatchState.READING

    wake_jobs(association=lipowa_imports.association)
    assert run_one_job()

    with enter_association(lipowa_imports.association):
        assert ImportBatch.objects.get(pk=batch.pk).state == BatchState.READY
    assert kept_bytes(lipowa_imports) == b""


def fail(*_: object) -> None:
    raise OSError


def test_file_that_was_not_kept_is_asked_for_again_when_its_rows_are_lost(lipowa_imports: Importer) -> None:
    batch = lipowa_imports.upload(workbook_with_a_pesel_column())
    assert batch.state == BatchState.READY
    with enter_association(lipowa_imports.association):
        StagedPremises.objects.all().delete()

    returned = lipowa_imports.publish(batch)

    assert returned.state == BatchState.BLOCKED
    with enter_association(lipowa_imports.association):
        [problem] = Problem.objects.filter(batch=batch, severity="error")
    assert (problem.code, problem.file_name) == ("file_not_kept", "lokale.xlsx")
    assert "Wgraj" in problem.reason
