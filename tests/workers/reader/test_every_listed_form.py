"""Every form of „Files that managers have”, one by one: a whole file in that form, read to its exact values."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.workers.readings import Reading, read_bytes, read_paths
from tests.workers.workbooks import sheet_xml, workbook_bytes
from workers.datasets.headers import match_headers
from workers.formats.encodings import encoding_of

AMOUNTS = {
    "decimal comma": ("1234,56", "1234.56"),
    "decimal point": ("1234.56", "1234.56"),
    "thousands by space": ("1 234 567,89", "1234567.89"),
    "thousands by U+00A0": ("1\u00a0234\u00a0567,89", "1234567.89"),
    "thousands by U+202F": ("1\u202f234\u202f567,89", "1234567.89"),
    "thousands by dot": ("1.234.567,89", "1234567.89"),
    "thousands by apostrophe": ("1'234'567,89", "1234567.89"),
    "thousands by comma": ('"1,234,567.89"', "1234567.89"),
    "leading minus": ("-123,45", "-123.45"),
    "leading minus and space": ("- 123,45", "-123.45"),
    "trailing minus": ("123,45-", "-123.45"),
    "trailing minus, thousands": ("1 234,56-", "-1234.56"),
    "U+2212": ("\u2212123,45", "-123.45"),
    "U+2212 behind": ("123,45\u2212", "-123.45"),
    "parentheses": ("(123,45)", "-123.45"),
    "parentheses, thousands": ("(1.234,56)", "-1234.56"),
    "zł": ("1 234,56 zł", "1234.56"),
    "zł without space": ("1234,56zł", "1234.56"),
    "zł behind U+00A0": ("-1 234,56\u00a0zł", "-1234.56"),
    "ZŁ": ("12,00 ZŁ", "12.00"),
    "PLN": ("1 234,56 PLN", "1234.56"),
    "PLN behind a trailing minus": ("123,45- PLN", "-123.45"),
    "minus behind zł": ("123,45 zł-", "-123.45"),
    "minus before PLN": ("-PLN 123,45", "-123.45"),
    "parentheses and zł": ("(123,45) zł", "-123.45"),
    "zł inside parentheses": ("(123,45 zł)", "-123.45"),
}
DATES = {
    "2026-11-10": "2026-11-10",
    "10.11.2026": "2026-11-10",
    "10-11-2026": "2026-11-10",
    "10/11/2026": "2026-11-10",
    "20261110": "2026-11-10",
    "46336": "2026-11-10",
    "1.2.2026": "2026-02-01",
    "10.11.2026 r.": "2026-11-10",
    "2026-11-10 00:00:00": "2026-11-10",
    " 10.11.2026\u00a0": "2026-11-10",
}
MONTHS = {
    "2026-11": "2026-11-01",
    "11/2026": "2026-11-01",
    "11.2026": "2026-11-01",
    "listopad 2026": "2026-11-01",
    "LISTOPAD 2026": "2026-11-01",
    "Październik 2026": "2026-10-01",
    "2026-11-01": "2026-11-01",
    "01.11.2026": "2026-11-01",
    "202611": "2026-11-01",
    "46327": "2026-11-01",
}
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1250",
    "iso8859-2",
    "cp852",
    "mazovia",
)
SEPARATORS = (";", ",", "\t", "|")
NAMES = {";": "csv", ",": "csv", "\t": "tsv", "|": "txt"}

HEADER = "Kod lokalu;Konto;Data księgowania;Dokument;Opis;Winien;Ma\n"
FIRST = "0412-034;204-1;05.11.2026;WB 28/2026;Wpłata za śmieci, źdźbła i łąkę;0,00;10,00\n"
SECOND = "1/14;204-1;06.11.2026;WB 28/2026;Żółć: ĄĆĘŁŃÓŚŹŻ;0,00;10,00\n"
WHOLE = ["Wpłata za śmieci, źdźbła i łąkę", "Żółć: ĄĆĘŁŃÓŚŹŻ"]
BODY = HEADER + FIRST + SECOND

LAYOUTS = {
    "BOM": "\ufeff" + BODY,
    "CRLF": BODY.replace("\n", "\r\n"),
    "CR alone": BODY.replace("\n", "\r"),
    "no newline at the end": BODY.rstrip("\n"),
    "Ctrl-Z": BODY.replace("\n", "\r\n") + "\x1a",
    "Ctrl-Z on a line of its own": BODY.replace("\n", "\r\n") + "\x1a\r\n",
    "Ctrl-Z and what a sector held": BODY.replace("\n", "\r\n") + "\x1a" + "\x00" * 20,
    "invisible spaces in headers": BODY.replace("Kod lokalu", "Kod\u00a0lokalu\u200b").replace(
        ";Konto", ";\u2060Konto\u202f"
    ),
    "BOM between quotes": "\ufeff" + BODY.replace("Kod lokalu;", '"Kod lokalu";'),
    "headers in capitals without accents": BODY.replace(
        HEADER.strip(), "KOD LOKALU;KONTO;DATA KSIEGOWANIA;DOKUMENT;OPIS;WINIEN;MA"
    ),
    "headers repeated per page": HEADER + FIRST + HEADER + SECOND,
    "empty lines": "\n\n" + HEADER + "\n" + FIRST + ";;;;;;\n\n" + SECOND + "\n\n   \n",
    "preamble": "Spółdzielnia Mieszkaniowa „Przykład”\nObroty za listopad 2026\n\n" + BODY,
    "RAZEM": BODY + "RAZEM;;;;;0,00;20,00\n",
    "Suma": BODY + ";;;;Suma:;0,00;20,00\n",
    "Ogółem": BODY + "Ogółem;;;;;0,00;20,00\n",
    "quoted": "\n".join(";".join(f'"{cell}"' for cell in line.split(";")) for line in BODY.splitlines()),
}


@dataclass(frozen=True)
class Form:
    """One file and what one column of it must say, row by row."""

    name: str
    extension: str
    content: bytes
    dataset: str
    column: str
    values: list[str]


def of_postings(
    name: str, values: list[str], *, debit: str = "0,00", day: str = "10.11.2026", column: str
) -> Form:
    row = f"0412-034;204-1;{day};WB 29/2026;Wpłata;{debit};0,00\n"
    return Form(name, "csv", (HEADER + row).encode(), "postings", column, values)


def of_charges(month: str, value: str) -> Form:
    text = f"Miesiąc;Kod lokalu;Składnik;Fundusz;Kwota\n{month};0412-034;EKSP;eksploatacja;101,85\n"
    return Form(f"month {month}", "csv", text.encode(), "charges", "month", [value])


def list_forms() -> list[Form]:
    """Every form, each in a file of its own."""
    amounts = [
        of_postings(f"amount: {name}", [read], debit=written, column="debit")
        for name, (written, read) in AMOUNTS.items()
    ]
    dates = [of_postings(f"date {day}", [read], day=day, column="posted_on") for day, read in DATES.items()]
    months = [of_charges(month, read) for month, read in MONTHS.items()]
    encoded = [
        Form(
            f"{encoding} by {separator!r}",
            NAMES[separator],
            _dialect(separator).encode(encoding),
            "postings",
            "description",
            WHOLE,
        )
        for encoding in ENCODINGS
        for separator in SEPARATORS
    ]
    layouts = [
        Form(f"layout: {name}", "csv", text.encode(), "postings", "description", WHOLE)
        for name, text in LAYOUTS.items()
    ]
    newline = BODY.replace("Wpłata za śmieci, źdźbła i łąkę", '"Wpłata\nza śmieci"')
    layouts.append(
        Form(
            "layout: quoted newline",
            "csv",
            newline.encode(),
            "postings",
            "description",
            ["Wpłata za śmieci", WHOLE[1]],
        )
    )
    return [*amounts, *dates, *months, *encoded, *layouts]


def _dialect(separator: str) -> str:
    """The two rows in this separator; cells that hold a comma are quoted as spreadsheets do."""
    rows = [line.split(";") for line in BODY.splitlines()]
    quoted = [[f'"{cell}"' if "," in cell and separator == "," else cell for cell in row] for row in rows]
    return "".join(separator.join(row) + "\n" for row in quoted)


FORMS = list_forms()


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """All files of all forms, read in one go."""
    folder = tmp_path_factory.mktemp("forms")
    paths: list[Path] = []
    for number, form in enumerate(FORMS, start=1):
        paths.append(folder / f"{number}.{form.extension}")
        paths[-1].write_bytes(form.content)
    return read_paths(paths)


@pytest.mark.parametrize("number", range(1, len(FORMS) + 1), ids=lambda number: FORMS[number - 1].name)
def test_form_is_read_to_its_exact_values(reading: Reading, number: int) -> None:
    form = FORMS[number - 1]

    problems = [problem for problem in reading.problems if problem.file == number]
    rows = [row for row in reading.rows[form.dataset] if row["file_no"] == str(number)]
    assert problems == []
    assert [row[form.column] for row in rows] == form.values
    assert [row["premises_code"] for row in rows] == ["0412-034", "1/14"][: len(rows)]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encoding_is_named_as_it_is(reading: Reading, encoding: str) -> None:
    numbers = [number for number, form in enumerate(FORMS, start=1) if form.name.startswith(f"{encoding} by")]

    assert [table.encoding for table in reading.tables if table.file in numbers] == [
        encoding_of(encoding)
    ] * 4


@pytest.mark.parametrize("word", ["RAZEM", "Suma", "Ogółem"])
def test_totals_row_is_told_and_no_row(reading: Reading, word: str) -> None:
    [number] = [number for number, form in enumerate(FORMS, start=1) if form.name == f"layout: {word}"]

    [totals] = [totals for totals in reading.totals if totals.file == number]
    assert {str(amount) for amount in totals.sums.values()} == {"0.00", "20.00"}


def test_serials_of_a_workbook_are_dates_and_months(tmp_path: Path) -> None:
    headers = ["Miesiąc", "Kod lokalu", "Składnik", "Fundusz", "Kwota"]
    charges: list[list[str | float]] = [[*headers], [46336.0, "0412-034", "EKSP", "eksploatacja", 101.85]]
    postings: list[list[str | float]] = [
        [*HEADER.strip().split(";")],
        ["0412-034", "204-1", 46336.0, "WB 29/2026", "Wpłata", 0.0, 743.28],
    ]
    sheets = {"Naliczenia": sheet_xml(charges), "Obroty": sheet_xml(postings)}

    reading = read_bytes(tmp_path, "serials.xlsx", workbook_bytes(sheets))

    assert reading.problems == []
    assert [row["month"] for row in reading.rows["charges"]] == ["2026-11-01"]
    assert [(row["posted_on"], row["credit"]) for row in reading.rows["postings"]] == [
        ("2026-11-10", "743.28")
    ]


POSTINGS = "Kod lokalu;Konto;Data;Dokument;Opis;Winien;Ma"
CHARGES = "Miesiąc;Kod lokalu;Składnik;Nazwa składnika;Fundusz;Ilość;J.m.;Stawka;Kwota"
BALANCES = "Kod lokalu;Fundusz;Saldo;Odsetki;Stan na dzień"
READINGS = "Kod lokalu;Medium;Nr licznika;Data odczytu;Odczyt;Zużycie;J.m."
PEOPLE = "Kod osoby;Nazwisko i imię;Kod lokalu;Tytuł prawny"
SYNONYMS = [
    (POSTINGS, "Kod lokalu", "premises_code", "lokal, nr lokalu, kod lokalu, MIE"),
    (PEOPLE, "Nazwisko i imię", "name", "nazwisko, właściciel, użytkownik, płatnik"),
    (POSTINGS, "Data", "posted_on", "data, data księgowania, data dok."),
    (POSTINGS + ";Termin", "Termin", "due_on", "termin, termin płatności"),
    (POSTINGS, "Dokument", "document", "dokument, nr dok., dowód"),
    (POSTINGS, "Opis", "description", "opis, treść"),
    (POSTINGS, "Winien", "debit", "Wn, Winien, Obciążenia, Naliczono"),
    (POSTINGS, "Ma", "credit", "Ma, Uznania, Wpłaty, Wpłacono"),
    (POSTINGS, "Konto", "account_code", "konto, podkonto"),
    (CHARGES, "Składnik", "component_code", "składnik"),
    (CHARGES, "Nazwa składnika", "component_name", "tytuł"),
    (CHARGES, "Ilość", "quantity", "ilość"),
    (CHARGES, "J.m.", "unit", "j.m."),
    (CHARGES, "Stawka", "rate", "stawka"),
    (CHARGES, "Kwota", "amount", "kwota, wartość"),
    (BALANCES, "Saldo", "amount", "saldo"),
    (BALANCES, "Odsetki", "interest", "odsetki"),
    (BALANCES, "Stan na dzień", "as_of", "na dzień, stan na"),
    (READINGS, "Nr licznika", "meter_serial", "licznik, nr licznika"),
    (READINGS, "Odczyt", "value", "odczyt"),
    (READINGS, "Zużycie", "consumption", "zużycie"),
]


@pytest.mark.parametrize(
    ("headers", "own", "field", "synonym"),
    [(headers, own, field, word) for headers, own, field, words in SYNONYMS for word in words.split(", ")],
)
def test_every_listed_header_is_known(headers: str, own: str, field: str, synonym: str) -> None:
    names = headers.split(";")
    place = names.index(own)

    for written in (synonym, synonym.upper(), f" {synonym}\u00a0", synonym.translate(_WITHOUT_ACCENTS)):
        match = match_headers([*names[:place], written, *names[place + 1 :]])[0]
        assert (match.columns.get(field), match.is_complete) == (place, True)


_WITHOUT_ACCENTS = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")
