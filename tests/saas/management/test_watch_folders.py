"""Drop folders: each file is taken once, whatever happens in between, and a report stands beside it."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from associations.imports.models import BatchState, DroppedFile, ImportBatch, ImportFile, Problem, Publication
from saas.jobs.models import Job
from saas.management import drop_folders
from saas.management.drop_files import Found, is_data, number_name
from saas.tenancy.switching import AssociationRef, enter_association
from tests.saas.management.conftest import Run
from workers.running import run_one_job

pytestmark = pytest.mark.usefixtures("committed_db")
BALANCES = "Kod lokalu;Fundusz;Saldo;Stan na\n1;podstawowy;x;31.10.2026\n"
TODAY = timezone.localdate


@pytest.fixture
def drop(settings: Any, tmp_path: Path, lipowa: AssociationRef) -> Path:
    """The community's drop folder; its files are at rest at once."""
    settings.FILES_DIR = tmp_path / "files"
    settings.DROP_DIR = tmp_path / "drop"
    settings.DROP_QUIET_SECONDS = 0
    folder = tmp_path / "drop" / "lipowa"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def inside(lipowa: AssociationRef) -> Iterator[None]:
    with enter_association(lipowa):
        yield


def put(folder: Path, name: str, content: str = BALANCES) -> Path:
    path = folder / name
    path.write_text(content)
    return path


def taken(folder: Path) -> Path:
    return folder / "przyjete" / TODAY().isoformat()


def batches(association: AssociationRef) -> list[list[str]]:
    """The file names of every batch."""
    with enter_association(association):
        return [
            list(batch.files.order_by("number").values_list("name", flat=True))
            for batch in ImportBatch.objects.order_by("pk")
        ]


def test_folder_at_rest_is_one_package_and_its_files_move_away(
    drop: Path, run: Run, lipowa: AssociationRef
) -> None:
    put(drop, "salda.csv")
    put(drop, "lokale.csv", "Kod lokalu\n1\n")

    said = run("watch_folders", "--once")

    assert said == "packages: 1, reports: 0\n"
    assert batches(lipowa) == [["lokale.csv", "salda.csv"]]
    with enter_association(lipowa):
        batch = ImportBatch.objects.get()
        assert (batch.source, batch.created_by_name) == ("folder", "folder wymiany")
        assert DroppedFile.objects.filter(batch=batch).count() == 2
    assert [(job.kind, job.batch_id) for job in Job.objects.order_by("pk")] == [("read_batch", batch.pk)]
    assert sorted(path.name for path in taken(drop).iterdir()) == ["lokale.csv", "salda.csv"]
    assert [path.name for path in drop.iterdir()] == ["przyjete"]
    assert run("watch_folders", "--once") == "packages: 0, reports: 0\n"


def test_folder_in_which_something_changes_is_left_alone(
    drop: Path, run: Run, settings: Any, lipowa: AssociationRef
) -> None:
    settings.DROP_QUIET_SECONDS = 60
    path = put(drop, "salda.csv")
    # What a program says of its file's age is not believed: the file has just come.
    os.utime(path, (0, 0))

    run("watch_folders", "--once")
    early = batches(lipowa)
    settings.DROP_QUIET_SECONDS = 0
    run("watch_folders", "--once")

    assert (early, batches(lipowa)) == ([], [["salda.csv"]])


def test_unfinished_upload_is_not_taken(drop: Path, run: Run, lipowa: AssociationRef) -> None:
    put(drop, "salda.csv")
    put(drop, "lokale.csv.filepart")

    run("watch_folders", "--once")

    assert batches(lipowa) == [["salda.csv"]]
    assert (drop / "lokale.csv.filepart").exists()


@pytest.mark.parametrize(("age", "expected"), [(61, True), (59, False)])
def test_unfinished_upload_keeps_the_whole_folder_waiting(settings: Any, age: float, expected: bool) -> None:
    settings.DROP_QUIET_SECONDS = 60
    seen = [Found("salda.csv", 1, 0, 1), Found("lokale.csv.part", 1, time.time() - age, 2)]

    assert drop_folders.is_at_rest(seen) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("salda.csv", True),
        ("Zaległości żółć 2026.xlsx", True),
        (".ukryty.csv", False),
        ("salda.csv.part", False),
        ("SALDA.TMP", False),
        ("salda.csv.raport.txt", False),
        ("a\\b.csv", False),
        ("a\nb.csv", False),
        ("x" * 201, False),
        ("zły\udcff.csv", False),
    ],
)
def test_names_of_data(name: str, expected: bool) -> None:
    assert is_data(name) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(1, "salda.csv"), (2, "salda (2).csv"), (11, "salda (11).csv")]
)
def test_namesakes_are_numbered(number: int, expected: str) -> None:
    assert number_name("salda.csv", number) == expected


def test_links_and_folders_are_not_followed(
    drop: Path, run: Run, lipowa: AssociationRef, tmp_path: Path
) -> None:
    secret = put(tmp_path, "tajne.csv")
    (drop / "link.csv").symlink_to(secret)
    (drop / "folder.csv").mkdir()
    os.mkfifo(drop / "rura.csv")
    (drop.parent / "sloneczna").symlink_to(drop)

    said = run("watch_folders", "--once")

    assert (said, batches(lipowa)) == ("packages: 0, reports: 0\n", [])


def test_exchanged_destination_leads_nowhere(
    drop: Path, run: Run, lipowa: AssociationRef, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "gdzie-indziej"
    elsewhere.mkdir()
    (drop / "przyjete").symlink_to(elsewhere)
    put(drop, "salda.csv")

    run("watch_folders", "--once")
    run("watch_folders", "--once")

    assert list(elsewhere.iterdir()) == []
    assert batches(lipowa) == [["salda.csv"]]
    assert (drop / "salda.csv").exists()


def test_unknown_and_suspended_associations_are_left_alone(
    drop: Path, run: Run, lipowa: AssociationRef
) -> None:
    unknown = drop.parent / "nie-ma-takiej"
    unknown.mkdir()
    files = [put(unknown, "salda.csv"), put(drop, "salda.csv")]
    run("suspend_association", "lipowa")

    run("watch_folders", "--once")

    assert [file.exists() for file in files] == [True, True]
    assert batches(lipowa) == []


def test_each_folder_goes_to_its_own_association(
    drop: Path, run: Run, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    here = drop.parent / "sloneczna"
    here.mkdir()
    put(here, "tu.csv")
    put(drop, "tam.csv")

    run("watch_folders", "--once")

    assert (batches(sloneczna), batches(lipowa)) == ([["tu.csv"]], [["tam.csv"]])


@pytest.mark.parametrize(
    "moment", ["before the record", "in the record", "before the move", "between two moves"]
)
def test_watcher_that_dies_in_between_neither_loses_nor_doubles(
    drop: Path,
    run: Run,
    lipowa: AssociationRef,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    put(drop, "lokale.csv")
    put(drop, "salda.csv")
    function = {
        "before the record": "_record",
        "in the record": "enqueue_batch_job",
        "before the move": "_move",
        "between two moves": "_move",
    }[moment]
    real = getattr(drop_folders, function)
    calls = []

    def die(*args: Any, **named: Any) -> Any:
        calls.append(args)
        if moment == "between two moves" and len(calls) == 1:
            return real(*args, **named)
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(drop_folders, function, die)
        with pytest.raises(SystemExit):
            run("watch_folders", "--once")
    run("watch_folders", "--once")

    assert batches(lipowa) == [["lokale.csv", "salda.csv"]]
    assert Job.objects.count() == 1
    assert sorted(path.name for path in taken(drop).iterdir()) == ["lokale.csv", "salda.csv"]
    with enter_association(lipowa):
        assert ImportFile.objects.count() == DroppedFile.objects.count() == 2


def test_same_file_again_is_only_moved_and_told_of(drop: Path, run: Run, lipowa: AssociationRef) -> None:
    put(drop, "salda.csv")
    run("watch_folders", "--once")

    put(drop, "salda.csv")
    run("watch_folders", "--once")

    assert batches(lipowa) == [["salda.csv"]]
    report = (taken(drop) / "ponownie salda.csv.raport.txt").read_text()
    assert "taki sam plik przyjęto już" in report
    assert not (drop / "salda.csv").exists()


def test_other_content_under_the_same_name_is_another_package(
    drop: Path, run: Run, lipowa: AssociationRef
) -> None:
    put(drop, "salda.csv")
    run("watch_folders", "--once")
    put(drop, "salda.csv", BALANCES + "2;podstawowy;1,00;31.10.2026\n")
    run("watch_folders", "--once")

    assert batches(lipowa) == [["salda.csv"], ["salda.csv"]]
    assert sorted(path.name for path in taken(drop).iterdir()) == ["salda (2).csv", "salda.csv"]


def test_report_says_what_is_wrong_and_what_to_do(drop: Path, run: Run, lipowa: AssociationRef) -> None:
    put(drop, "salda.csv")
    run("watch_folders", "--once")

    assert run_one_job()
    said = run("watch_folders", "--once")

    report = (taken(drop) / "salda.csv.raport.txt").read_text(encoding="utf-8")
    assert said == "packages: 0, reports: 1\n"
    assert "Plik: salda.csv\n" in report
    assert "Stan: zawiera błędy\n" in report
    assert "BŁĄD, wiersz 2, kolumna „Saldo”, wartość „x”: " in report
    with enter_association(lipowa):
        batch = ImportBatch.objects.get()
    assert f"/a/lipowa/importy/{batch.pk}/\n" in report
    assert run("watch_folders", "--once") == "packages: 0, reports: 0\n"


def test_report_follows_a_publication(drop: Path, run: Run, lipowa: AssociationRef) -> None:
    put(drop, "salda.csv")
    run("watch_folders", "--once")
    summary = {
        "datasets": [{"label": "Salda", "rows": 3, "new": 1, "changed": 1, "same": 1, "gone": 0}],
    }
    with enter_association(lipowa):
        ImportBatch.objects.update(state=BatchState.READY, summary=summary, warning_count=1)
        Problem.objects.create(
            batch=ImportBatch.objects.get(),
            severity="warning",
            is_from_reading=True,
            code="x",
            reason="Uwaga.",
        )
    run("watch_folders", "--once")
    before = (taken(drop) / "salda.csv.raport.txt").read_text()

    with enter_association(lipowa):
        Publication.objects.create(batch=ImportBatch.objects.get(), kind="publish", by_name="A")
        ImportBatch.objects.update(state=BatchState.PUBLISHED)
    run("watch_folders", "--once")
    after = (taken(drop) / "salda.csv.raport.txt").read_text()

    assert "Salda: wierszy 3, nowych 1, zmienionych 1, bez zmian 1, znikających 0." in before
    assert "OSTRZEŻENIE: Uwaga." in before
    assert "Stan: czeka na publikację" in before
    assert "opublikuj paczkę" in before
    assert "Stan: opublikowana" in after
    assert "właściciele widzą te dane" in after


def test_file_beyond_the_limit_stays_and_is_told_of(
    drop: Path, run: Run, settings: Any, lipowa: AssociationRef
) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    put(drop, "duzy.csv", "x" * 101)
    put(drop, "maly.csv")

    run("watch_folders", "--once")

    assert batches(lipowa) == [["maly.csv"]]
    assert "za duży" in (drop / "duzy.csv.raport.txt").read_text()
    assert (drop / "duzy.csv").exists()


def test_without_drop_folders_there_is_nothing_to_do(settings: Any, tmp_path: Path, run: Run) -> None:
    settings.DROP_DIR = tmp_path / "nie-ma"

    assert run("watch_folders", "--once") == "packages: 0, reports: 0\n"


def test_trouble_with_one_folder_keeps_no_other_waiting(
    drop: Path, run: Run, sloneczna: AssociationRef, lipowa: AssociationRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = drop.parent / "sloneczna"
    here.mkdir()
    (here / "przyjete").symlink_to("/")
    put(here, "tu.csv")
    put(drop, "tam.csv")

    for _ in range(2):
        run("watch_folders", "--once")

    assert batches(lipowa) == [["tam.csv"]]
    assert batches(sloneczna) == [["tu.csv"]]


@pytest.mark.parametrize("where", ["column", "text", "nowhere"])
def test_no_pesel_stays_in_the_folder_once_the_file_was_read(
    run: Run, drop: Path, inside: None, where: str
) -> None:
    header = "Kod lokalu;Adres;PESEL\n" if where == "column" else "Kod lokalu;Adres;Nr lokalu\n"
    value = "ul. Lipowa 44051401359" if where == "text" else "ul. Lipowa"
    last = "44051401359" if where == "column" else "1"
    put(drop, "lokale.csv", f"{header}1;{value};{last}\n")

    run("watch_folders", "--once")
    while run_one_job():
        pass
    run("watch_folders", "--once")

    assert (taken(drop) / "lokale.csv").exists() == (where == "nowhere")
    report = (taken(drop) / "lokale.csv.raport.txt").read_text()
    assert ("usunięto go także z tego folderu" in report) == (where != "nowhere")
    assert "44051401359" not in report
