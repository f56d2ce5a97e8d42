"""Tables read as a manager corrected them, or by a profile of their headers, through the real child."""

from pathlib import Path
from typing import Any

import pytest

from tests.workers.readings import Reading, read_corrected
from workers.reading_options import Profile, TableOptions, column_keys

FOREIGN = (
    "Wydruk z programu Krezus\n"
    "Mieszk.;Analit.;Dn.;Dok;Strona konta;Suma\n"
    "0412-034;204-1;10.11.2026;WB 1/2026;M;743,28\n"
    "0412-035;204-1;11.11.2026;NAL 11/2026;W;812,00\n"
)
FOREIGN_COLUMNS = {
    "Mieszk.": "premises_code",
    "Analit.": "account_code",
    "Dn.": "posted_on",
    "Dok": "document",
    "Suma": "amount",
}
POSTINGS = TableOptions(dataset="postings", columns=FOREIGN_COLUMNS)
BALANCES = "Kod lokalu;Fundusz;Saldo;Stan na\n"


def read(folder: Path, content: str | bytes, options: TableOptions | None = None, **kwargs: Any) -> Reading:
    path = folder / "plik.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_corrected(path, {"": options} if options else None, **kwargs)


def column(reading: Reading, dataset: str, name: str) -> list[str | None]:
    return [row[name] for row in reading.rows[dataset]]


def test_a_table_that_is_not_recognised_is_shown_with_samples(tmp_path: Path) -> None:
    reading = read(tmp_path, FOREIGN)

    [table] = reading.tables
    assert (table.dataset, table.header_row) == ("", 2)
    assert table.headers == ("Mieszk.", "Analit.", "Dn.", "Dok", "Strona konta", "Suma")
    assert table.mapping == ("",) * 6
    assert table.samples[0] == ("0412-034", "204-1", "10.11.2026", "WB 1/2026", "M", "743,28")
    assert reading.codes == {"unknown_dataset": 1}


def test_a_table_with_refused_headers_is_shown_with_the_likeliest_dataset(tmp_path: Path) -> None:
    reading = read(tmp_path, "Kod lokalu;Data;Winien;Ma\n1;10.11.2026;1;0\n")

    [table] = reading.tables
    assert (table.dataset, table.mapping) == ("postings", ("premises_code", "posted_on", "debit", "credit"))
    assert (reading.ends, reading.codes) == ([], {"missing_columns": 1})


def test_how_a_table_was_read_is_told(tmp_path: Path) -> None:
    reading = read(tmp_path, (BALANCES + "1;FR;-5,00;31.10.2026\n").encode("cp1250"))

    [table] = reading.tables
    assert (table.file_format, table.encoding, table.separator) == ("csv", "utf-8", ";")
    assert (table.options, table.profile) == ({}, None)
    assert table.seen == {"decimal": ",", "dates": "dmy"}


def test_samples_show_no_pesel(tmp_path: Path) -> None:
    content = "Kod osoby;Nazwisko i imię;PESEL;Kod lokalu;Notatka\nA;Kos;44051401359;1;44051401359 x\n"

    reading = read(tmp_path, content)

    assert reading.tables[0].samples == (("A", "Kos", "", "1", "44••••••••• x"),)


def test_a_column_of_pesels_cannot_be_mapped(tmp_path: Path) -> None:
    content = "Kod lokalu;Medium;PESEL;Data odczytu;Odczyt\n1;woda;44051401359;01.02.2026;5\n"
    options = TableOptions(dataset="readings", columns={"PESEL": "meter_serial"})

    reading = read(tmp_path, content, options)

    assert reading.tables[0].mapping[2] == ""
    assert reading.codes == {"pesel_column": 1, "missing_columns": 1}


def test_foreign_headers_are_mapped_by_options(tmp_path: Path) -> None:
    reading = read(tmp_path, FOREIGN, POSTINGS)

    assert reading.problems == []
    assert column(reading, "postings", "debit") == ["0", "812.00"]
    assert column(reading, "postings", "credit") == ["743.28", "0"]
    assert reading.tables[0].options == {"dataset": "postings", "columns": FOREIGN_COLUMNS}
    assert reading.tables[0].mapping[-2:] == ("side", "amount")


def test_a_column_that_options_leave_out_is_not_read(tmp_path: Path) -> None:
    content = BALANCES.replace("\n", ";Odsetki\n") + "1;FR;-5,00;31.10.2026;to nie liczba\n"

    reading = read(tmp_path, content, TableOptions(columns={"odsetki": ""}))

    assert (reading.problems, column(reading, "balances", "interest")) == ([], [None])


def test_the_second_of_two_equal_headers_has_a_name_of_its_own(tmp_path: Path) -> None:
    content = "Kod lokalu;Fundusz;Saldo;Saldo\n1;FR;1,00;2,00\n"
    assert column_keys(["Kod lokalu", "Fundusz", "Saldo", "Saldo", ""]) == [
        "Kod lokalu",
        "Fundusz",
        "Saldo",
        "Saldo#2",
        "#4",
    ]

    assert read(tmp_path, content).codes == {"repeated_column": 1}
    reading = read(tmp_path, content, TableOptions(columns={"Saldo": ""}))

    assert column(reading, "balances", "amount") == ["2.00"]


def test_the_header_row_is_the_one_that_was_asked_for(tmp_path: Path) -> None:
    content = BALANCES + BALANCES + "1;FR;1,00;31.10.2026\n"

    reading = read(tmp_path, content, TableOptions(header_row=2))

    assert reading.tables[0].header_row == 2
    assert column(reading, "balances", "amount") == ["1.00"]


def test_a_header_row_behind_a_long_preamble_can_be_asked_for(tmp_path: Path) -> None:
    content = "notatka\n" * 40 + BALANCES + "1;FR;1,00;31.10.2026\n"
    assert read(tmp_path, content).codes["unknown_dataset"] == 1

    reading = read(tmp_path, content, TableOptions(header_row=41))

    assert column(reading, "balances", "amount") == ["1.00"]


def test_a_header_row_that_does_not_exist_is_a_problem_and_the_table_is_shown(tmp_path: Path) -> None:
    reading = read(tmp_path, BALANCES + "1;FR;1,00;31.10.2026\n", TableOptions(header_row=9))

    assert [(problem.code, problem.reason) for problem in reading.problems] == [
        ("no_header_row", "W wierszu 9 nie ma nagłówków: jest pusty albo go nie ma. Wskaż inny wiersz.")
    ]
    assert reading.tables[0].headers[0] == "Kod lokalu"


def test_a_table_that_is_left_out_is_no_problem(tmp_path: Path) -> None:
    reading = read(tmp_path, "Ala;ma\nkota;i psa\n", TableOptions(is_left_out=True))

    assert (reading.problems, reading.rows) == ([], {})
    assert len(reading.tables) == 1


@pytest.mark.parametrize(
    ("text", "decimal", "amount"),
    [
        ("1.234", ",", "1234.00"),
        ("1,234", ".", "1234.00"),
        ("1.234,50", "", "1234.50"),
        ("1.230", ".", "1.23"),
        ("0.500", ",", "0.50"),
        ("12.50", ",", "12.50"),
    ],
)
def test_what_stands_before_three_digits_is_settled(
    tmp_path: Path, text: str, decimal: Any, amount: str
) -> None:
    reading = read(tmp_path, BALANCES + f"1;FR;{text};31.10.2026\n", TableOptions(decimal=decimal))

    assert [float(value or 0) for value in column(reading, "balances", "amount")] == [float(amount)]


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("11/10/2026", "", "2026-10-11"),
        ("11/10/2026", "mdy", "2026-11-10"),
        ("11.10.2026", "mdy", "2026-11-10"),
        ("2026-11-10", "mdy", "2026-11-10"),
        ("10.11.26", "dmy", "2026-11-10"),
        ("11/10/26", "mdy", "2026-11-10"),
        ("26-11-10", "ymd", "2026-11-10"),
        ("01.02.99", "dmy", "1999-02-01"),
    ],
)
def test_the_order_of_dates_is_settled(tmp_path: Path, text: str, order: Any, day: str) -> None:
    reading = read(tmp_path, BALANCES + f"1;FR;1,00;{text}\n", TableOptions(dates=order))

    assert column(reading, "balances", "as_of") == [day]


def test_dates_that_can_only_be_american_are_read_so(tmp_path: Path) -> None:
    rows = "".join(f"1;FR;1,00;11/{day}/2026\n" for day in ("02", "13", "14", "15"))

    reading = read(tmp_path, BALANCES + rows)

    assert reading.tables[0].seen["dates"] == "mdy"
    assert column(reading, "balances", "as_of")[0] == "2026-11-02"


def test_a_wrong_day_is_named_in_its_own_order(tmp_path: Path) -> None:
    reading = read(tmp_path, BALANCES + "1;FR;1,00;25/11/2026\n", TableOptions(dates="mdy"))

    [problem] = reading.problems
    assert problem.reason == "Nie ma miesiąca o numerze 25; data ma kolejność miesiąc, dzień, rok."


def test_amounts_in_grosze(tmp_path: Path) -> None:
    content = (
        BALANCES + "1;FR;-123456;31.10.2026\n2;FR;1 234;31.10.2026\n3;FR;12,34;31.10.2026\nRAZEM;;-122222;\n"
    )

    reading = read(tmp_path, content, TableOptions(is_in_grosze=True))

    assert column(reading, "balances", "amount") == ["-1234.56", "12.34"]
    [problem] = reading.problems
    assert (problem.row, problem.code, problem.value) == (4, "grosze_fraction", "12,34")
    assert [str(total.sums["amount"]) for total in reading.totals] == ["-1222.22"]


def test_the_other_sign_of_balances(tmp_path: Path) -> None:
    content = BALANCES.replace("\n", ";Odsetki\n") + "1;FR;150,00;31.10.2026;2,00\nRAZEM;;150,00;;2,00\n"

    reading = read(tmp_path, content, TableOptions(is_sign_reversed=True))

    assert column(reading, "balances", "amount") == ["-150.00"]
    assert column(reading, "balances", "interest") == ["2.00"]
    assert [str(total.sums["amount"]) for total in reading.totals] == ["-150.00"]


def test_the_other_sign_does_not_touch_postings(tmp_path: Path) -> None:
    content = "Kod lokalu;Konto;Data;Dokument;Winien;Ma\n1;204;01.01.2026;BO;0;5,00\n"

    reading = read(tmp_path, content, TableOptions(is_sign_reversed=True))

    assert column(reading, "postings", "credit") == ["5.00"]


@pytest.mark.parametrize(
    ("side", "debit", "credit"),
    [(word, "-7.50", "0") for word in ("Wn", "W", "D", "dt", "WINIEN", "Debet")]
    + [(word, "0", "-7.50") for word in ("Ma", "m", "C", "Ct", "Kredyt")],
)
def test_one_amount_with_its_side(tmp_path: Path, side: str, debit: str, credit: str) -> None:
    content = f"Kod lokalu;Konto;Data;Kwota;Wn/Ma\n1;204;01.01.2026;-7,50;{side}\n"

    reading = read(tmp_path, content)

    assert (column(reading, "postings", "debit"), column(reading, "postings", "credit")) == (
        [debit],
        [credit],
    )


def test_faults_of_an_amount_with_its_side(tmp_path: Path) -> None:
    content = (
        "Kod lokalu;Konto;Data;Kwota;Wn/Ma\n"
        "1;204;01.01.2026;7,50;\n1;204;01.01.2026;;Ma\n1;204;01.01.2026;7,50;X\nRAZEM;;;7,50;\n"
    )

    reading = read(tmp_path, content)

    assert [(problem.row, problem.reason) for problem in reading.problems] == [
        (2, "Brak strony: nie wiadomo, czy kwota jest po stronie Wn, czy Ma."),
        (3, "Brak kwoty: kolumna z kwotą jest pusta."),
        (4, "Nieznane określenie „X”: oczekiwano Wn albo Ma."),
    ]
    assert reading.totals[0].sums == {}


def test_an_amount_beside_debit_and_credit_is_not_needed(tmp_path: Path) -> None:
    reading = read(tmp_path, "Kod lokalu;Konto;Data;Wn;Ma;Kwota;Strona\n1;204;01.01.2026;5;0;9;Ma\n")

    assert column(reading, "postings", "debit") == ["5"]
    assert reading.tables[0].unknown_columns == ("Kwota", "Strona")


def test_a_chosen_amount_without_its_side_says_what_is_missing(tmp_path: Path) -> None:
    content = "Kod lokalu;Konto;Data;Suma\n1;204;01.01.2026;5\n"

    reading = read(tmp_path, content, TableOptions(dataset="postings", columns={"Suma": "amount"}))

    [problem] = reading.problems
    assert "brakuje kolumn: Winien albo Ma albo Kwota, Strona (Wn/Ma)." in problem.reason


def test_balances_in_two_columns(tmp_path: Path) -> None:
    content = (
        "Kod lokalu;Fundusz;Saldo Wn;Saldo Ma\n"
        "1;FR;150,00;\n2;FR;;20,00\n3;FR;10,00;30,00\n4;FR;;\nRAZEM;;160,00;50,00\n"
    )

    reading = read(tmp_path, content)

    assert column(reading, "balances", "amount") == ["-150.00", "20.00", "20.00"]
    assert [(problem.row, problem.reason) for problem in reading.problems] == [
        (5, "Brak salda: kolumny Saldo Wn i Saldo Ma są puste.")
    ]
    assert [str(total.sums["amount"]) for total in reading.totals] == ["-110.00"]


def test_a_balance_with_its_side(tmp_path: Path) -> None:
    content = "Kod lokalu;Fundusz;Saldo;Strona\n1;FR;150,00;Wn\n2;FR;20,00;Ma\n3;FR;0,00;\n4;FR;1,00;\n"

    reading = read(tmp_path, content, TableOptions(is_sign_reversed=True))

    assert column(reading, "balances", "amount") == ["-150.00", "20.00", "0.00"]
    assert [(problem.row, problem.code) for problem in reading.problems] == [(5, "no_side")]


KREZUS = Profile(7, ("Mieszk.", "Analit.", "Dn.", "Dok", "Strona konta", "Suma"), POSTINGS)


def test_a_profile_reads_a_table_with_its_headers_in_another_order(tmp_path: Path) -> None:
    content = "Krezus 2\nSuma;DOK;Dn.;Mieszk;Analit.;strona  konta\n5,00;WB 1;10.11.2026;0412-034;204-1;Ma\n"

    reading = read(tmp_path, content, profiles=[KREZUS])

    assert reading.problems == []
    assert reading.tables[0].profile == 7
    assert column(reading, "postings", "credit") == ["5.00"]


def test_a_profile_does_not_read_a_table_with_one_more_column(tmp_path: Path) -> None:
    content = FOREIGN.replace("Suma\n", "Suma;Kolor\n")

    reading = read(tmp_path, content, profiles=[KREZUS])

    assert (reading.tables[0].profile, reading.codes["unknown_dataset"]) == (None, 1)


def test_what_was_said_of_the_table_wins_over_a_profile(tmp_path: Path) -> None:
    reading = read(tmp_path, FOREIGN, TableOptions(is_left_out=True), profiles=[KREZUS])

    assert (reading.tables[0].profile, reading.rows) == (None, {})


@pytest.mark.parametrize("encoding", ["cp852", "iso8859-2", "mazovia", "cp1250"])
def test_a_profile_brings_its_encoding_and_separator(tmp_path: Path, encoding: Any) -> None:
    # Both letters, and a comma between two numbers in every row: detection might well choose otherwise.
    text = "Zażółć;Źródło;Kwoty\n" + "0412-034;204-1;1,5\n" * 3
    options = TableOptions(
        encoding=encoding,
        separator=";",
        dataset="balances",
        columns={"Zażółć": "premises_code", "Źródło": "fund", "Kwoty": "amount"},
    )
    others = [Profile(1, ("A", "B"), TableOptions(encoding="utf-8", separator=",")), KREZUS]
    import workers.formats.encodings  # noqa: F401  registers Mazovia

    reading = read(
        tmp_path,
        text.encode(encoding),
        profiles=[*others, Profile(9, ("Zażółć", "Źródło", "Kwoty"), options)],
    )

    assert [(table.profile, table.encoding) for table in reading.tables] == [(9, encoding)]
    assert column(reading, "balances", "amount") == ["1.5"] * 3


def test_of_two_profiles_each_reads_its_own_tables(tmp_path: Path) -> None:
    other = Profile(8, ("Nr", "F", "S"), TableOptions(dataset="balances", columns=_SHORT, is_in_grosze=True))

    first = read(tmp_path, FOREIGN, profiles=[other, KREZUS])
    second = read(tmp_path, "Nr;F;S\n1;FR;500\n", profiles=[other, KREZUS])

    assert (first.tables[0].profile, second.tables[0].profile) == (7, 8)
    assert column(second, "balances", "amount") == ["5.00"]


_SHORT = {"Nr": "premises_code", "F": "fund", "S": "amount"}
