"""Drop folders in which something goes wrong: nothing is lost, nobody else waits, and no PESEL number stays."""

import os
from pathlib import Path
from typing import Any

import pytest

from associations.imports.actions import create_batch
from associations.imports.models import ImportBatch, ImportFile
from associations.profile.models import AssociationProfile
from saas.management import drop_folders
from saas.management.drop_files import digest_of
from saas.tenancy.switching import AssociationRef, enter_association
from tests.saas.management.conftest import Run
from tests.saas.management.test_watch_folders import BALANCES, batches, drop, inside, put, taken
from workers.running import run_one_job

__all__ = ["drop", "inside"]
pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.mark.parametrize("is_read", [True, False])
def test_no_pesel_stays_of_a_file_that_came_twice(run: Run, drop: Path, inside: None, is_read: bool) -> None:
    content = "Kod lokalu;Adres;PESEL\n1;ul. Lipowa;44051401359\n"
    put(drop, "lokale.csv", content)
    run("watch_folders", "--once")
    while is_read and run_one_job():
        pass
    run("watch_folders", "--once")

    put(drop, "lokale.csv", content)
    run("watch_folders", "--once")
    while run_one_job():
        pass
    run("watch_folders", "--once")

    assert [path.name for path in drop.iterdir()] == ["przyjete"]
    left = {path.name: path.read_text() for path in taken(drop).iterdir()}
    assert sorted(left) == ["lokale.csv.raport.txt", "ponownie lokale.csv.raport.txt"]
    assert not any("44051401359" in text for text in left.values())
    assert "usunięto go także z tego folderu" in left["lokale.csv.raport.txt"]
    assert ("usunięto go także z tego folderu" in left["ponownie lokale.csv.raport.txt"]) == is_read


def test_file_that_is_exchanged_while_the_former_is_moved_is_taken_next(
    drop: Path, run: Run, lipowa: AssociationRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(drop, "salda.csv")
    later = BALANCES + "2;podstawowy;1,00;31.10.2026\n"
    calls: list[str] = []

    def exchange_behind(folder: int, name: str) -> str:
        found = digest_of(folder, name)
        calls.append(name)
        if len(calls) == 2:
            put(drop, "nowe.tmp", later).replace(drop / "salda.csv")
        return found

    monkeypatch.setattr(drop_folders, "digest_of", exchange_behind)

    for _ in range(2):
        run("watch_folders", "--once")

    assert batches(lipowa) == [["salda.csv"], ["salda.csv"]]
    with enter_association(lipowa):
        assert ImportFile.objects.latest("pk").size == len(later.encode())
    assert [path.read_text() for path in sorted(taken(drop).iterdir()) if "raport" not in path.name] == [
        later
    ]


@pytest.mark.parametrize(
    ("name", "told"), [("sałdą.csv".encode("cp1250"), "sa_d_.csv"), (b"x" * 230 + b".csv", "x" * 150)]
)
def test_file_whose_name_cannot_be_kept_is_told_of(
    drop: Path, run: Run, lipowa: AssociationRef, name: bytes, told: str
) -> None:
    path = drop / os.fsdecode(name)
    path.write_text(BALANCES)
    put(drop, "salda.csv")

    for _ in range(2):
        run("watch_folders", "--once")

    assert batches(lipowa) == [["salda.csv"]]
    assert "Zmień nazwę" in (drop / f"{told}.raport.txt").read_text(encoding="utf-8")
    assert path.exists()


def test_refusal_goes_with_the_file_that_it_was_of(
    drop: Path, run: Run, settings: Any, lipowa: AssociationRef
) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    put(drop, "salda.csv", "x" * 101)
    run("watch_folders", "--once")
    assert (drop / "salda.csv.raport.txt").exists()

    put(drop, "salda.csv")
    run("watch_folders", "--once")

    assert batches(lipowa) == [["salda.csv"]]
    assert [path.name for path in drop.iterdir()] == ["przyjete"]


def test_association_that_does_not_answer_keeps_no_other_waiting(
    drop: Path, run: Run, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    here = drop.parent / "sloneczna"
    here.mkdir()
    put(here, "tu.csv")
    put(drop, "tam.csv")
    with enter_association(lipowa):
        # As while it is restored or moved.
        AssociationProfile.objects.all().delete()

    run("watch_folders", "--once")

    assert batches(sloneczna) == [["tu.csv"]]
    assert (drop / "tam.csv").exists()


def test_report_that_cannot_be_written_keeps_no_other_waiting(
    drop: Path, run: Run, lipowa: AssociationRef
) -> None:
    for name in ("a.csv", "b.csv"):
        put(drop, name)
        run("watch_folders", "--once")
    (taken(drop) / "a.csv.raport.txt").mkdir()
    while run_one_job():
        pass

    run("watch_folders", "--once")

    assert "zawiera błędy" in (taken(drop) / "b.csv.raport.txt").read_text()


def test_package_that_is_not_kept_leaves_no_files(
    drop: Path, run: Run, lipowa: AssociationRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(drop, "salda.csv")

    def exchange_before(**named: Any) -> ImportBatch:
        path.write_text(BALANCES + "2;podstawowy;1,00;31.10.2026\n")
        return create_batch(**named)

    monkeypatch.setattr(drop_folders, "create_batch", exchange_before)

    run("watch_folders", "--once")

    assert batches(lipowa) == []
    assert not [path for path in (drop.parent.parent / "files").rglob("*") if path.is_file()]
