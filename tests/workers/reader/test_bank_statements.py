"""MT940 statements through the real reading child: dialects, sums, what is refused and what is left out."""

from pathlib import Path

import pytest

from tests.workers.readings import Reading, read_bytes
from tests.workers.statements import OWN, SENDER, VIRTUAL, as_file, operation, statement


def read(tmp_path: Path, name: str, content: bytes) -> Reading:
    return read_bytes(tmp_path, name, content)


@pytest.mark.parametrize("separator", ["?", "<", "~", "^", "+"])
@pytest.mark.parametrize("encoding", ["cp852", "cp1250", "utf-8"])
def test_every_dialect_gives_the_same_payment(tmp_path: Path, separator: str, encoding: str) -> None:
    text = statement(
        operation("743.28", separator=separator, title="Opłata za listopad 2026, lokal 1, czynsz i śmieci")
    )

    reading = read(tmp_path, *as_file(text, encoding=encoding))

    assert not reading.codes
    [row] = reading.rows["payments"]
    assert row["account"] == OWN
    assert row["booked_on"] == "2026-11-12"
    assert row["amount"] == "743.28"
    assert row["title"] == "Opłata za listopad 2026, lokal 1, czynsz i śmieci"
    assert row["payer_name"] == "NOWAK ANNA UL. LIPOWA 12/1"
    assert VIRTUAL[0] in (row["paid_to"] or "").split()


def test_free_details_are_the_title(tmp_path: Path) -> None:
    value, line = operation("100.00")
    free = line.partition("\n:86:")[0] + "\n:86:Wpłata gotówkowa? C+E 2026"

    reading = read(tmp_path, *as_file(statement((value, free))))

    assert [row["title"] for row in reading.rows["payments"]] == ["Wpłata gotówkowa? C+E 2026"]


def test_outgoing_operations_are_added_up_and_left_out(tmp_path: Path) -> None:
    text = statement(operation("743.28"), operation("-500.00", title="Wynagrodzenie"), operation("20.00"))

    reading = read(tmp_path, *as_file(text))

    assert [row["amount"] for row in reading.rows["payments"]] == ["743.28", "20.00"]
    assert not reading.codes


def test_a_payment_that_the_bank_took_back_is_negative(tmp_path: Path) -> None:
    text = statement(operation("743.28"), operation("-743.28", mark="RC"), operation("5.00", mark="RD"))

    reading = read(tmp_path, *as_file(text))

    assert [row["amount"] for row in reading.rows["payments"]] == ["743.28", "-743.28"]


def test_a_statement_that_does_not_add_up_is_refused_with_both_sums(tmp_path: Path) -> None:
    text = statement(operation("743.28"), closing="1743.29")

    reading = read(tmp_path, *as_file(text))

    assert not reading.rows["payments"]
    [problem] = reading.problems
    assert problem.code == "statement_does_not_add_up"
    assert "1\u00a0743,28 zł" in problem.reason
    assert "1\u00a0743,29 zł" in problem.reason


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (lambda text: text.partition(":62F:")[0], "damaged_statement"),
        (lambda text: text.replace(":60F:", ":13D:"), "damaged_statement"),
        (lambda text: text.replace("PLN", "EUR"), "foreign_currency"),
        (lambda text: text.replace("C261112PLN1000,00", "C261112PLN10x0,00"), "damaged_statement"),
        (lambda text: text.replace(":61:2611121112", ":61:2613991399"), "damaged_statement"),
        (lambda text: text.replace(f"/PL{OWN}", "NL91ABNA0417164300"), "damaged_statement"),
        (lambda text: text.replace(":25:", ":25:/PL1\n:25:"), "damaged_statement"),
    ],
)
def test_an_unreadable_statement_is_an_error_and_no_row(tmp_path: Path, broken: object, code: str) -> None:
    text = broken(statement(operation("743.28")))  # type: ignore[operator]

    reading = read(tmp_path, *as_file(text))

    assert not reading.rows["payments"]
    assert reading.codes[code] == 1


def test_a_statement_without_payments_is_no_silent_success(tmp_path: Path) -> None:
    reading = read(tmp_path, *as_file(statement(operation("-10.00", title="Opłata bankowa"))))

    assert reading.codes["no_rows"] >= 1
    assert any(problem.severity == "error" for problem in reading.problems)


def test_several_statements_and_swift_blocks_in_one_file(tmp_path: Path) -> None:
    first = "{1:F01BANKPLPWXXXX0000000000}{2:I940BANKPLPWXXXXN}{4:\n" + statement(operation("1.00"))
    second = statement(operation("2.00"), opening="1001.00", number="00013/001")

    reading = read(tmp_path, *as_file(first, second))

    assert not reading.codes
    assert [(row["statement"], row["amount"]) for row in reading.rows["payments"]] == [
        ("00012/001", "1.00"),
        ("00013/001", "2.00"),
    ]


def test_the_first_broken_statement_is_named_by_its_line(tmp_path: Path) -> None:
    text = statement(operation("1.00")) + statement(operation("2.00"), opening="1001.00", closing="1.00")

    reading = read(tmp_path, *as_file(text))

    [problem] = [problem for problem in reading.problems if problem.severity == "error"]
    lines = as_file(text)[1].decode("cp852").splitlines()
    assert problem.row is not None
    assert lines[problem.row - 1] == ":62F:C261112PLN1,00"


def test_entry_days_of_another_year_and_of_february(tmp_path: Path) -> None:
    value, line = operation("10.00")
    over_year = line.replace(":61:2611121112", ":61:2701021231")
    leap = line.replace(":61:2611121112", ":61:2402290229")

    reading = read(tmp_path, *as_file(statement((value, over_year), (value, leap))))

    assert [row["booked_on"] for row in reading.rows["payments"]] == ["2026-12-31", "2024-02-29"]


def test_a_pesel_in_a_title_is_blotted_out(tmp_path: Path) -> None:
    text = statement(operation("10.00", title="czynsz 44051401359 Nowak"))

    reading = read(tmp_path, *as_file(text))

    [row] = reading.rows["payments"]
    assert "44051401359" not in (row["title"] or "")
    [problem] = reading.problems
    assert (problem.code, problem.severity) == ("pesel", "warning")


def test_the_senders_account_is_among_the_numbers_and_the_own_one_is_not(tmp_path: Path) -> None:
    text = statement(operation("10.00", paid_to=OWN, title=f"na konto PL {OWN[:2]} {OWN[2:]}"))

    reading = read(tmp_path, *as_file(text))

    [row] = reading.rows["payments"]
    numbers = (row["paid_to"] or "").split()
    assert SENDER in numbers
    assert OWN not in numbers
