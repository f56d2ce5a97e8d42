"""Corrections of a reading: which batches take them, which options make sense, and what is remembered."""

from dataclasses import asdict
from typing import Any

import pytest

from associations.audit.actors import Actor
from associations.audit.models import AuditEntry
from associations.imports.corrections import CORRECTABLE_STATES, correct_tables, suggest_profile_name
from associations.imports.models import BatchState, ImportBatch, ImportFile, ImportProfile, ImportTable
from associations.imports.rules import ImportRuleError
from saas.tenancy.switching import AssociationRef
from workers.reading_options import TableOptions

MANAGER = Actor(kind="staff", id=None, name="Zofia Zarządca")
COLUMNS = {"MIE": "premises_code", "Saldo": "amount"}


@pytest.fixture
def batch(in_sloneczna: AssociationRef) -> ImportBatch:
    """A blocked batch with a file of balances and a workbook of two sheets."""
    batch = ImportBatch.objects.create(state=BatchState.BLOCKED, created_by_name="Zofia Zarządca")
    for number, name in ((1, "salda-2026-10.csv"), (2, "dane.xlsx")):
        ImportFile.objects.create(
            batch=batch, number=number, name=name, size=10, sha256="0" * 64, stored_as=f"imports/{number}"
        )
    for number, key, headers in (
        (1, "", ["MIE", "Saldo"]),
        (2, "Osoby", ["Kod", "Imię"]),
        (2, "Notatki", []),
    ):
        name = "salda-2026-10.csv" if number == 1 else "dane.xlsx"
        ImportTable.objects.create(
            batch=batch, file_number=number, file_name=name, key=key, sheet=key, headers=headers
        )
    return batch


def correct(batch: ImportBatch, options: Any, **how: Any) -> ImportBatch:
    return correct_tables(actor=MANAGER, batch=batch, options=options, **how)


def test_a_corrected_batch_waits_to_be_read_as_after_its_upload(batch: ImportBatch) -> None:
    ImportBatch.objects.update(failure="Nie udało się.", phase="reading", progress_done=5, progress_rows=3)

    correct(batch, {1: {"": {"dataset": "balances", "columns": COLUMNS}}})

    batch.refresh_from_db()
    assert batch.state == BatchState.UPLOADED
    assert (batch.failure, batch.phase, batch.progress_done, batch.progress_rows) == ("", "", 0, 0)
    assert batch.table_options == {"1": {"": {"dataset": "balances", "columns": COLUMNS}}}


def test_tables_that_are_not_named_keep_what_was_said_of_them(batch: ImportBatch) -> None:
    ImportBatch.objects.update(
        table_options={"1": {"": {"decimal": ","}}, "2": {"Osoby": {"dataset": "people"}, "Notatki": {}}}
    )

    correct(batch, {2: {"Notatki": {"is_left_out": True}}, 1: {"": {"decimal": "."}}})

    batch.refresh_from_db()
    assert batch.table_options == {
        "1": {"": {"decimal": "."}},
        "2": {"Osoby": {"dataset": "people"}, "Notatki": {"is_left_out": True}},
    }


def test_an_entry_says_who_corrected_how_many_tables(batch: ImportBatch) -> None:
    correct(batch, {2: {"Notatki": {"is_left_out": True}, "Osoby": {"dataset": "people"}}})

    entry = AuditEntry.objects.get(action="import.corrected")
    assert (entry.actor_name, entry.target) == ("Zofia Zarządca", str(batch.pk))
    assert entry.details == {"tables": 2, "remembers": False}


@pytest.mark.parametrize("state", [state for state in BatchState if state not in CORRECTABLE_STATES])
def test_a_batch_that_a_worker_has_or_that_is_settled_takes_no_correction(
    batch: ImportBatch, state: BatchState
) -> None:
    ImportBatch.objects.update(state=state)

    with pytest.raises(ImportRuleError) as refusal:
        correct(batch, {1: {"": {"decimal": ","}}})

    batch.refresh_from_db()
    assert refusal.value.code == "not_correctable"
    assert (batch.state, batch.table_options) == (state, {})


@pytest.mark.parametrize(
    "given",
    [
        {"encoding": "latin-1"},
        {"separator": "#"},
        {"decimal": "'"},
        {"dates": "dym"},
        {"header_row": 0},
        {"header_row": "3"},
        {"header_row": True},
        {"is_left_out": "tak"},
        {"dataset": "Salda!"},
        {"dataset": None},
        {"columns": ["MIE"]},
        {"columns": {"MIE": None}},
        {"unknown": "x"},
    ],
)
def test_options_that_make_no_sense_are_refused_and_nothing_is_kept(
    batch: ImportBatch, given: dict[str, Any]
) -> None:
    with pytest.raises(ImportRuleError) as refusal:
        correct(batch, {2: {"Osoby": {"dataset": "people"}}, 1: {"": given}}, remembers=True)

    batch.refresh_from_db()
    assert refusal.value.code == "bad_options"
    assert (batch.state, batch.table_options) == (BatchState.BLOCKED, {})
    assert not ImportProfile.objects.exists()


def test_whatever_the_reader_understands_is_taken(batch: ImportBatch) -> None:
    everything = TableOptions(
        encoding="mazovia",
        separator="\t",
        header_row=3,
        dataset="balances",
        columns=COLUMNS,
        decimal=".",
        dates="ymd",
        is_in_grosze=True,
        is_sign_reversed=True,
        is_left_out=True,
    )
    assert all(asdict(everything).values()), "every option is said"

    correct(batch, {1: {"": everything.as_json()}})

    batch.refresh_from_db()
    assert TableOptions.from_json(batch.table_options["1"][""]) == everything


@pytest.mark.parametrize("where", [(1, "Osoby"), (3, ""), (0, "")])
def test_a_table_that_the_batch_does_not_have_is_refused(batch: ImportBatch, where: tuple[int, str]) -> None:
    with pytest.raises(ImportRuleError) as refusal:
        correct(batch, {where[0]: {where[1]: {"decimal": ","}}})

    assert refusal.value.code == "no_such_table"


def test_a_batch_of_which_a_file_is_not_kept_is_not_read_again(batch: ImportBatch) -> None:
    ImportFile.objects.filter(number=2).update(stored_as="")

    with pytest.raises(ImportRuleError) as refusal:
        correct(batch, {1: {"": {"decimal": ","}}})

    assert refusal.value.code == "file_not_kept"


def test_a_remembered_correction_becomes_the_profile_of_its_headers(batch: ImportBatch) -> None:
    given = {"dataset": "balances", "columns": COLUMNS, "header_row": 3, "is_sign_reversed": True}

    correct(batch, {1: {"": given}}, remembers=True, profile_name="Salda z programu")

    profile = ImportProfile.objects.get()
    assert (profile.name, profile.dataset, profile.headers) == (
        "Salda z programu",
        "balances",
        ["MIE", "Saldo"],
    )
    assert profile.options == {"dataset": "balances", "columns": COLUMNS, "is_sign_reversed": True}
    assert profile.created_by_name == "Zofia Zarządca"


def test_the_same_headers_have_one_profile_the_latest(batch: ImportBatch) -> None:
    correct(batch, {1: {"": {"dataset": "balances", "columns": COLUMNS}}}, remembers=True)
    ImportBatch.objects.update(state=BatchState.READY)
    ImportTable.objects.filter(file_number=1).update(headers=["Saldo", "MIE"])

    correct(batch, {1: {"": {"dataset": "balances", "is_in_grosze": True}}}, remembers=True)

    assert ImportProfile.objects.get().options == {"dataset": "balances", "is_in_grosze": True}


def test_a_table_without_headers_leaves_no_profile(batch: ImportBatch) -> None:
    correct(batch, {2: {"Notatki": {"is_left_out": True}, "Osoby": {"dataset": "people"}}}, remembers=True)

    assert [profile.headers for profile in ImportProfile.objects.order_by("id")] == [["Kod", "Imię"]]


@pytest.mark.parametrize(
    ("file_name", "expected"),
    [
        ("ksiegowania-2026-10.csv", "Księgowania: ksiegowania"),
        ("eksport/SALDA_31.10.2026.XLSX", "Księgowania: SALDA"),
        ("2026-10.csv", "Księgowania: 2026-10"),
        ("rozliczenia (3).dbf", "Księgowania: rozliczenia"),
        ("", "Księgowania"),
    ],
)
def test_a_profile_is_named_by_what_stays_the_same_every_month(file_name: str, expected: str) -> None:
    assert suggest_profile_name("Księgowania", file_name) == expected
