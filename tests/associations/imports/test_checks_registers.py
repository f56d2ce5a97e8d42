"""Warnings about premises files and readings, against what stands."""

import pytest

from tests.associations.imports.reported import ESTATE, READINGS, Rows, problems, publish, reasons, upload
from tests.workers.importing.conftest import Importer

HEADER = "Nieruchomość;Budynek;Kod lokalu;Nr lokalu;Adres;Udział;Rachunek;Rachunek FR"
NRB = "85102010550000000000000001"
OTHER_NRB = "58102010550000000000000002"


def premises(*rows: str) -> Rows:
    return (HEADER, *rows)


def line(code: str, share: str, nrb: str = "", repair: str = "", of: str = "N1") -> str:
    return f"{of};{'B1' if of else ''};{code};{code};ul. Lipowa 12;{share};{nrb};{repair}"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((line("1", "0,333333"), line("2", "0,333333"), line("3", "0,333333")), []),
        ((line("1", "0,5"), line("2", "0,5"), line("3", "0,3", of="N2"), line("4", "0,7", of="N2")), []),
        (
            (line("1", "0,5"), line("2", "0,4"), line("3", "1", of="N2")),
            ["Udziały w nieruchomości N1 dają razem 0,900000 zamiast 1 (lokali z udziałem: 2)."],
        ),
        (
            (line("1", "0,5", of=""), line("2", "0,6", of=""), line("3", "", of="")),
            ["Udziały dają razem 1,100000 zamiast 1 (lokali z udziałem: 2, bez udziału: 1)."],
        ),
        ((line("1", ""), line("2", "")), []),
    ],
    ids=["rounded", "two properties", "too little", "without properties", "none given"],
)
def test_shares_of_a_property_add_up_to_one(
    lipowa_imports: Importer, rows: Rows, expected: list[str]
) -> None:
    batch = upload(lipowa_imports, premises(*rows))

    assert reasons(lipowa_imports, batch, "shares_total") == expected


def test_shares_count_premises_that_the_file_leaves_out(lipowa_imports: Importer) -> None:
    publish(lipowa_imports, premises(line("1", "0,5"), line("2", "0,5")))

    right = upload(lipowa_imports, premises(line("1", "0,3"), line("3", "0,2")))
    wrong = upload(lipowa_imports, premises(line("1", "0,3")))

    assert reasons(lipowa_imports, right, "shares_total") == []
    assert [(p.row, p.value) for p in problems(lipowa_imports, wrong, "shares_total")] == [(2, "0,800000")]


def test_a_changed_bank_account_is_named_with_both_numbers(lipowa_imports: Importer) -> None:
    publish(lipowa_imports, premises(line("1", "0,5", NRB, NRB), line("2", "0,5", NRB)))

    batch = upload(lipowa_imports, premises(line("1", "0,5", OTHER_NRB, NRB), line("2", "0,5")))

    assert reasons(lipowa_imports, batch, "nrb_changed") == [
        (
            f"Zmienił się numer rachunku lokalu 1: z {NRB} na {OTHER_NRB}. Na ten numer właściciele będą wpłacać:"
            " sprawdź go w banku, zanim opublikujesz."
        )
    ]


def readings(*rows: str) -> Rows:
    return (READINGS, *(f"1;zimna woda;W1;{row}" for row in rows))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("28.02.2024;10,5;m3;", "29.02.2024;10,25;m3;"), [3]),
        (("29.02.2024;10,5;m3;", "28.02.2024;10,25;m3;"), []),
        (("31.01.2024;10;m3;", "31.01.2024;10;m3;rozliczenie"), []),
        (("31.01.2024;10;m3;demontaż", "31.01.2024;0;m3;montaż", "29.02.2024;2;m3;"), []),
        (("31.12.2023;800;jedn.;", "31.01.2024;3;jedn.;"), []),
        (("31.12.2023;800;;", "31.01.2024;3;;"), []),
    ],
    ids=["lower", "sorted by day", "equal", "exchanged", "allocator", "no unit"],
)
def test_a_reading_below_the_one_before_it(lipowa_imports: Importer, rows: Rows, expected: list[int]) -> None:
    batch = upload(lipowa_imports, *ESTATE, readings(*rows))

    assert [p.row for p in problems(lipowa_imports, batch, "reading_lower")] == expected


def test_a_reading_is_compared_with_those_that_stand(lipowa_imports: Importer) -> None:
    publish(lipowa_imports, *ESTATE, readings("31.01.2024;100;m3;", "29.02.2024;110;m3;"))

    batch = upload(lipowa_imports, readings("31.03.2024;109,5;m3;"))
    corrected = upload(lipowa_imports, readings("29.02.2024;105;m3;", "31.03.2024;109,5;m3;"))

    assert reasons(lipowa_imports, batch, "reading_lower") == [
        (
            "Odczyt licznika W1 z 31.03.2024 (109,5) jest niższy niż poprzedni z 29.02.2024 (110)."
            " Jeżeli licznik wymieniono, podaj montaż albo nowy numer."
        )
    ]
    assert reasons(lipowa_imports, corrected, "reading_lower") == []


def test_a_medium_that_nobody_knew_is_said_where_others_stand(lipowa_imports: Importer) -> None:
    first = publish(lipowa_imports, *ESTATE, readings("31.01.2024;100;m3;"))

    batch = upload(lipowa_imports, (READINGS, "1;Zimna wda;W1;29.02.2024;110;m3;"))

    assert reasons(lipowa_imports, first, "new_medium") == []
    [found] = problems(lipowa_imports, batch, "new_medium")
    assert (found.value, found.suggestion) == ("Zimna wda", "zimna woda")


def test_a_lost_exponent_in_a_unit_is_a_warning(lipowa_imports: Importer) -> None:
    batch = upload(lipowa_imports, *ESTATE, readings("31.01.2024;100;m?;"))

    [found] = problems(lipowa_imports, batch, "damaged_unit")
    assert (found.row, found.value, found.severity) == (2, "m?", "warning")
