"""import_files: the way of an upload from the command line, with a real worker."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from associations.imports.models import ImportBatch
from associations.ledger.models import Posting
from saas.jobs.models import Job
from saas.tenancy.switching import AssociationRef, enter_association
from tests.saas.management.conftest import Run
from tests.worker_process import StartWorker, WorkerProcess

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
COMMUNITY = SAMPLES / "wspolnota"
CONTROL = json.loads((COMMUNITY / "control.json").read_text())


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "data" / "files"


def rows_by_dataset(report: dict[str, Any]) -> dict[str, int]:
    return {one["dataset"]: one["rows"] for one in report["packages"][0]["datasets"]}


def test_folder_is_one_package_and_the_same_again_changes_nothing(
    worker: WorkerProcess, lipowa: AssociationRef, run: Run
) -> None:
    published = json.loads(run("import_files", "lipowa", str(COMMUNITY), "--publish", "--json"))
    again = json.loads(run("import_files", "lipowa", str(COMMUNITY), "--publish", "--json"))

    assert (published["state"], again["state"]) == ("published", "unchanged")
    assert published["packages"][0]["files"] == ["lipowa-12.xlsx"]
    assert rows_by_dataset(published) == CONTROL["rows"]
    with enter_association(lipowa):
        assert list(ImportBatch.objects.order_by("id").values_list("state", "created_by_name")) == [
            ("published", "operator"),
            ("unchanged", "operator"),
        ]


def test_package_with_errors_ends_with_all_of_them_and_a_failure(
    worker: WorkerProcess,
    lipowa: AssociationRef,
    run: Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "salda.csv"
    file.write_text(
        "Kod lokalu;Fundusz;Saldo;Stan na\n99;podstawowy;12,00;31.10.2026\n1;podstawowy;x;31.09.2026\n"
    )

    with pytest.raises(CommandError, match="zawiera błędy"):
        run("import_files", "lipowa", str(file), "--publish", "--json", stderr=None)

    with enter_association(lipowa):
        batch = ImportBatch.objects.get()
        assert batch.state == "blocked"
        assert list(batch.problems.order_by("row", "id").values_list("row", flat=True)) == [2, 3, 3]


def test_without_publish_the_package_waits_for_the_manager(
    worker: WorkerProcess, lipowa: AssociationRef, run: Run
) -> None:
    said = run("import_files", "lipowa", str(COMMUNITY / "lipowa-12.xlsx"))

    assert said.splitlines()[0].endswith(": czeka na publikację")


def test_missing_worker_is_said_and_the_package_stays_in_the_queue(
    committed_db: None, lipowa: AssociationRef, run: Run, settings: Any
) -> None:
    settings.CELERY_TASK_DEFAULT_QUEUE = "test-nobody"

    with pytest.raises(CommandError, match="No worker has taken the job"):
        run("import_files", "lipowa", str(COMMUNITY), no_worker_after=0.5)

    assert Job.objects.get().state == "waiting"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("nowhere", str(COMMUNITY)), "no association"),
        (("lipowa", "/no/such/folder"), "no file or folder"),
        (("lipowa", "{empty}"), "holds no files"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_kept(
    committed_db: None, lipowa: AssociationRef, run: Run, tmp_path: Path, words: tuple[str, ...], reason: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "control.json").touch()

    with pytest.raises(CommandError, match=reason):
        run("import_files", *(word.replace("{empty}", str(tmp_path / "empty")) for word in words))

    with enter_association(lipowa):
        assert not ImportBatch.objects.exists()


def test_suspended_association_takes_no_files(
    start_worker: StartWorker, lipowa: AssociationRef, run: Run
) -> None:
    run("suspend_association", "lipowa")

    with pytest.raises(CommandError, match="suspended"):
        run("import_files", "lipowa", str(COMMUNITY))


def test_folder_beyond_one_package_is_published_part_by_part(
    worker: WorkerProcess, sloneczna: AssociationRef, run: Run, settings: Any
) -> None:
    folder = SAMPLES / "spoldzielnia"
    settings.UPLOAD_MAX_BYTES = sum(path.stat().st_size for path in folder.iterdir()) * 2 // 3

    with pytest.raises(CommandError, match="add --publish"):
        run("import_files", "sloneczna", str(folder))
    said = json.loads(run("import_files", "sloneczna", str(folder), "--publish", "--json"))

    assert [package["state"] for package in said["packages"]] == ["published"] * len(said["packages"])
    assert len(said["packages"]) > 1


def test_addition_and_way_in_are_kept_with_the_package(
    worker: WorkerProcess, lipowa: AssociationRef, run: Run
) -> None:
    run("import_files", "lipowa", str(COMMUNITY), "--addition")

    with enter_association(lipowa):
        batch = ImportBatch.objects.get()
    assert (batch.source, batch.declarations) == ("command", {"is_addition": True})


def test_a_file_that_was_added_before_needs_the_word(
    worker: WorkerProcess, lipowa: AssociationRef, run: Run, tmp_path: Path
) -> None:
    run("import_files", "lipowa", str(COMMUNITY), "--publish")
    with enter_association(lipowa):
        row = Posting.objects.select_related("premises", "account").earliest("pk")
    file = tmp_path / "wplata.csv"
    file.write_text(
        "Kod lokalu;Konto;Data;Nr dokumentu;Opis;Wn;Ma\n"
        f"{row.premises.code};{row.account.code};20.10.2026;WB 77/2026;Wpłata;0;30,00\n"
    )
    add = ("import_files", "lipowa", str(file), "--addition", "--publish")
    run(*add)

    with pytest.raises(CommandError, match="był już dopisany"):
        run(*add)
    run(*add, "--add-again")

    with enter_association(lipowa):
        assert (
            Posting.objects.filter(document="WB 77/2026", batch=ImportBatch.objects.latest("pk")).count() == 2
        )


def test_the_word_for_a_second_time_is_of_additions_alone(
    committed_db: None, lipowa: AssociationRef, run: Run
) -> None:
    with pytest.raises(CommandError, match="add --addition"):
        run("import_files", "lipowa", str(COMMUNITY), "--add-again")


def test_breaking_off_cancels_the_package(
    committed_db: None, lipowa: AssociationRef, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def press_ctrl_c(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("saas.management.waiting.time.sleep", press_ctrl_c)

    with pytest.raises(CommandError, match="cancelled") as broken:
        run("import_files", "lipowa", str(COMMUNITY))

    assert broken.value.returncode == 130
    assert Job.objects.get().state == "cancelled"
    with enter_association(lipowa):
        assert ImportBatch.objects.get().state == "cancelled"
