"""Tables that a manager corrects, and profiles that spare the correction next month: through the queue and the child."""

from typing import Any

import pytest
from django.db import transaction

from associations.imports.access import open_file
from associations.imports.corrections import correct_tables
from associations.imports.models import BatchState, ImportBatch, ImportProfile, ImportTable, Problem
from associations.imports.profiles import header_key, list_profiles, profile_for_table
from associations.imports.storage import path_of
from associations.ledger.models import StagedBalance, StagedPosting
from saas.jobs.actions import enqueue_job
from saas.jobs.models import JobKind
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import OPERATOR, Importer
from tests.workers.importing.test_meaning import ACCOUNTS, PEOPLE, PREMISES, file
from tests.workers.workbooks import sheet_xml, workbook_bytes
from workers.values.words import plain_word

HEADER = "Mieszk.;Analit.;Dn.;Dok;Strona konta;Suma\n"
JANUARY = (
    f"Wydruk\n{HEADER}1;201-1;01.01.2026;NAL 1;W;100,00\n1;201-1;12.01.2026;WB 1;M;90,00\nRAZEM;;;;;190,00\n"
)
FEBRUARY = "Suma;Mieszk.;Analit.;Dn.;Dok;Strona konta\n110,00;1;201-1;01.02.2026;NAL 2;W\n"
OPTIONS = {
    "dataset": "postings",
    "columns": {
        "Mieszk.": "premises_code",
        "Analit.": "account_code",
        "Dn.": "posted_on",
        "Dok": "document",
        "Suma": "amount",
    },
}
PESEL = "44051401359"


@pytest.fixture
def registers(lipowa_imports: Importer) -> Importer:
    """A community of two premises with people and accounts, and no figures."""
    batch = lipowa_imports.upload(
        file("lokale.csv", PREMISES), file("osoby.csv", PEOPLE), file("konta.csv", ACCOUNTS)
    )
    assert lipowa_imports.publish(batch).state == BatchState.PUBLISHED
    return lipowa_imports


def correct(
    importer: Importer, batch: ImportBatch, options: dict[int, dict[str, dict[str, Any]]], **how: Any
) -> ImportBatch:
    with enter_association(importer.association), transaction.atomic():
        correct_tables(actor=OPERATOR, batch=batch, options=options, **how)
        enqueue_job(association=importer.association, kind=JobKind.READ_BATCH, batch_id=batch.pk)
    return importer._run(batch)


def staged_sides(importer: Importer, batch: ImportBatch) -> list[tuple[str, str]]:
    with enter_association(importer.association):
        rows = StagedPosting.objects.filter(batch_id=batch.pk).order_by("line_no")
        return [(f"{row.debit:.2f}", f"{row.credit:.2f}") for row in rows]


def tables_of(importer: Importer, batch: ImportBatch) -> list[ImportTable]:
    with enter_association(importer.association):
        return list(ImportTable.objects.filter(batch=batch).order_by("file_number", "id"))


def codes(importer: Importer, batch: ImportBatch) -> list[str]:
    with enter_association(importer.association):
        found = Problem.objects.filter(batch=batch, is_from_reading=True).order_by("pk")
        return [problem.code for problem in found]


def test_a_file_with_foreign_headers_is_blocked_and_shown_until_it_is_corrected(registers: Importer) -> None:
    batch = registers.upload(file("krezus.csv", JANUARY))

    assert (batch.state, codes(registers, batch)) == (BatchState.BLOCKED, ["unknown_dataset"])
    [table] = tables_of(registers, batch)
    assert (table.dataset, table.row_count, table.header_row) == ("", 0, 2)
    assert table.headers == HEADER.strip().split(";")
    assert (table.file_format, table.encoding, table.separator) == ("csv", "utf-8", ";")
    assert table.samples[0] == ["1", "201-1", "01.01.2026", "NAL 1", "W", "100,00"]

    corrected = correct(registers, batch, {1: {"": OPTIONS}})

    assert (corrected.state, codes(registers, batch)) == (BatchState.READY, [])
    assert staged_sides(registers, batch) == [("100.00", "0.00"), ("0.00", "90.00")]
    [table] = tables_of(registers, batch)
    assert (table.dataset, table.row_count) == ("postings", 2)
    assert table.mapping == ["premises_code", "account_code", "posted_on", "document", "side", "amount"]
    assert table.options == {**OPTIONS, "seen": {"decimal": ",", "dates": "dmy"}}
    assert registers.publish(corrected).state == BatchState.PUBLISHED


def test_a_remembered_correction_reads_next_months_file_with_a_moved_column(registers: Importer) -> None:
    batch = registers.upload(file("krezus.csv", JANUARY))
    correct(registers, batch, {1: {"": OPTIONS}}, remembers=True, profile_name="Krezus")

    following = registers.upload(file("krezus-02.csv", FEBRUARY))

    assert following.state == BatchState.READY
    assert staged_sides(registers, following) == [("110.00", "0.00")]
    [table] = tables_of(registers, following)
    with enter_association(registers.association):
        [profile] = list_profiles()
        assert table.profile_id == profile.pk
        assert profile_for_table(table) == profile


def test_a_profile_is_chosen_for_each_table_of_a_workbook(registers: Importer) -> None:
    with enter_association(registers.association):
        for name, headers, options in (
            ("Krezus", HEADER.strip().split(";"), OPTIONS),
            ("Salda", ["Nr", "F", "S"], BALANCES_IN_GROSZE),
        ):
            ImportProfile.objects.create(
                name=name, headers=headers, header_key=header_key(headers), options=options
            )
    rows = [line.split(";") for line in JANUARY.strip().splitlines()]
    content = workbook_bytes(
        {"Obroty": sheet_xml(rows), "Salda": sheet_xml([["Nr", "F", "S"], ["1", "FR", "-1250"]])}
    )

    batch = registers.upload(("wszystko.xlsx", content))

    assert (batch.state, codes(registers, batch)) == (BatchState.READY, [])
    assert [(table.key, table.dataset) for table in tables_of(registers, batch)] == [
        ("Obroty", "postings"),
        ("Salda", "balances"),
    ]
    with enter_association(registers.association):
        [balance] = StagedBalance.objects.filter(batch_id=batch.pk)
        assert f"{balance.amount:.2f}" == "-12.50"


BALANCES_IN_GROSZE = {
    "dataset": "balances",
    "columns": {"Nr": "premises_code", "F": "fund", "S": "amount"},
    "is_in_grosze": True,
}


def test_the_sign_of_balances_is_reversed_and_their_total_with_it(registers: Importer) -> None:
    balances = "Kod lokalu;Fundusz;Saldo;Stan na\n1;podstawowy;150,00;31.01.2026\nRAZEM;;150,00;\n"
    batch = registers.upload(file("salda.csv", balances))

    correct(registers, batch, {1: {"": {"is_sign_reversed": True}}})

    with enter_association(registers.association):
        [balance] = StagedBalance.objects.filter(batch_id=batch.pk)
        assert f"{balance.amount:.2f}" == "-150.00"
    assert tables_of(registers, batch)[0].totals == {"amount": "-150.00"}


def test_a_sheet_that_is_left_out_blocks_nothing(registers: Importer) -> None:
    notes = file("notatki.csv", "Ala;ma\nkota;i psa\n")
    batch = registers.upload(file("konta.csv", ACCOUNTS.replace("Zaliczki", "Inne")), notes)
    assert batch.state == BatchState.BLOCKED

    corrected = correct(registers, batch, {2: {"": {"is_left_out": True}}})

    assert (corrected.state, codes(registers, batch)) == (BatchState.READY, [])
    assert [table.row_count for table in tables_of(registers, batch)] == [2, 0]


def test_a_correction_of_the_encoding_reads_the_names_right(registers: Importer) -> None:
    people = PEOPLE.replace("Kos Jan", "Żółkoś Jan")
    batch = registers.upload(("osoby.csv", people.encode("mazovia")))

    correct(registers, batch, {1: {"": {"encoding": "mazovia"}}})

    [table] = tables_of(registers, batch)
    assert (table.encoding, table.samples[1][1]) == ("mazovia", "Żółkoś Jan")


def test_a_wrong_encoding_is_a_problem_and_can_be_corrected_again(registers: Importer) -> None:
    people = PEOPLE.replace("Kos Jan", "Żółkoś Jan").encode("cp1250")
    batch = registers.upload(("osoby.csv", people))
    wrong = correct(registers, batch, {1: {"": {"encoding": "utf-8"}}})
    assert wrong.state == BatchState.BLOCKED
    with enter_association(registers.association):
        assert path_of(open_file(batch.pk, 1)).is_file()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("urwany.xlsx", b"PK\x03\x04" + b"\0" * 300),
        ("pismo.pdf", b"%PDF-1.7 ..."),
    ],
)
def test_a_file_that_cannot_be_searched_is_not_kept(registers: Importer, name: str, content: bytes) -> None:
    batch = registers.upload((name, content))

    assert batch.state == BatchState.BLOCKED
    assert codes(registers, batch)[-1] == "not_searched"
    with enter_association(registers.association):
        assert open_file(batch.pk, 1).stored_as == ""


@pytest.mark.parametrize(
    "content",
    [
        f"Kod lokalu;Data;Winien;Ma;Uwagi\n1;10.11.2026;1;0;{PESEL}\n",
        f'Kod lokalu;Fundusz;Saldo\n1;FR;1,00\n2;"FR;2,00\nx {PESEL}\n',
        f"Ala;ma\nkota;i psa {PESEL}\n",
    ],
    ids=["refused header", "unclosed quote", "unknown table"],
)
def test_a_pesel_in_what_is_not_read_is_found(registers: Importer, content: str) -> None:
    batch = registers.upload(("plik.csv", content.encode()))

    assert "pesel" in codes(registers, batch)
    with enter_association(registers.association):
        assert open_file(batch.pk, 1).stored_as == ""


def test_a_refused_table_loses_its_pesel_column_and_is_kept(registers: Importer) -> None:
    content = f"Kod lokalu;PESEL;Data;Winien;Ma\n1;{PESEL};10.11.2026;1;0\n"

    batch = registers.upload(("plik.csv", content.encode()))

    assert codes(registers, batch) == ["pesel_column", "missing_columns"]
    with enter_association(registers.association):
        kept = path_of(open_file(batch.pk, 1)).read_text()
    assert kept.splitlines() == ["Kod lokalu;Data;Winien;Ma", "1;10.11.2026;1;0"]


@pytest.mark.parametrize(
    ("headers", "others", "is_same"),
    [
        (["Kod lokalu", "Saldo"], ["SALDO:", " kod  lokalu"], True),
        (["Kod lokalu", "Saldo"], ["Kod lokalu", "Saldo", "Uwagi"], False),
        (["Kwota", "Kwota"], ["Kwota"], False),
        (["Łączna", "ąę"], ["laczna", "ae"], True),
    ],
)
def test_the_key_of_headers_forgets_what_a_reader_does_not_see(
    headers: list[str], others: list[str], is_same: bool
) -> None:
    assert (header_key(headers) == header_key(others)) is is_same
    # The child compares headers by these words: the two must never part.
    assert (sorted(map(plain_word, headers)) == sorted(map(plain_word, others))) is is_same
