import pytest

from workers.datasets import DATASETS, dataset_named
from workers.datasets.converters import converter_of
from workers.datasets.fields import Field, Kind
from workers.datasets.headers import HeaderMatch, match_headers, pesel_columns


def best_match(*headers: str) -> HeaderMatch:
    return match_headers(headers)[0]


@pytest.mark.parametrize(
    ("dataset", "headers"),
    [
        ("premises", "Nieruchomość;Budynek;Adres;Nr lokalu;Kod lokalu;Rodzaj;Pow. [m2];Udział"),
        ("premises", "Nr lokalu;Adres;Metraż"),
        ("people", "Kod osoby;Nazwisko i imię;Kod lokalu;Tytuł prawny"),
        ("people", "ID osoby;Właściciel;MIE;Udział"),
        ("accounts", "Konto;Nazwa;Fundusz"),
        ("charges", "Miesiąc;Kod lokalu;Składnik;Fundusz;Ilość;J.m.;Stawka;Kwota"),
        ("charges", "Okres;Lokal;Nazwa składnika;Fundusz;Wartość"),
        ("postings", "Lokal;Konto;Data dok.;Nr dok.;Treść;Wn;Ma"),
        ("postings", "MIE;Podkonto;Data księgowania;Dowód;Opis;Obciążenia;Uznania"),
        ("postings", "Kod lokalu;Konto;Data;Dokument;Naliczono;Wpłacono;Saldo"),
        ("balances", "Kod lokalu;Fundusz;Saldo;Odsetki;Stan na dzień"),
        ("readings", "Kod lokalu;Medium;Nr licznika;Data odczytu;Odczyt;Zużycie;J.m."),
        ("settlements", "Kod lokalu;Medium;Okres od;Okres do;Koszt;Zaliczki;Wynik"),
    ],
)
def test_headers_tell_the_dataset(dataset: str, headers: str) -> None:
    match = best_match(*headers.split(";"))

    assert (match.dataset.name, match.missing) == (dataset, ())


@pytest.mark.parametrize(
    "header",
    [
        "Kod lokalu",
        "KOD LOKALU",
        " kod  lokalu ",
        "Kod\u00a0lokalu",
        "Kod\u200b lokalu",
        "kod_lokalu",
        "Kod-lokalu",
        "Kod lokalu:",
    ],
)
def test_headers_match_however_they_are_typed(header: str) -> None:
    assert best_match(header, "Fundusz", "Saldo").columns["premises_code"] == 0


def test_the_surer_of_two_names_is_taken() -> None:
    match = best_match("Nr lokalu", "Kod lokalu", "Adres")

    assert (match.columns["premises_code"], match.columns["number"]) == (1, 0)


def test_a_number_is_the_code_where_there_is_no_other() -> None:
    match = best_match("Nr lokalu", "Adres", "Powierzchnia")

    assert match.columns["premises_code"] == 0
    assert "number" not in match.columns


def test_an_unknown_row_of_headers_fits_nothing() -> None:
    assert match_headers(["Ala", "lubi", "kota", "Opis"]) == []


def test_a_column_of_pesel_numbers_is_known_by_its_header() -> None:
    assert pesel_columns(["Kod osoby", "PESEL", "Nr PESEL", "Pesel:"]) == [1, 2, 3]


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_every_own_label_is_a_header(dataset: object) -> None:
    name = getattr(dataset, "name", "")
    fields = [field for field in dataset_named(name).staged_fields if field.kind is not Kind.DERIVED]

    match = best_match(*(field.label for field in fields))

    assert match.dataset.name == name
    assert list(match.columns) == [
        field.name for field in sorted(fields, key=lambda field: not field.required)
    ]


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_every_column_can_be_read_and_explained(dataset: object) -> None:
    for field in dataset_named(getattr(dataset, "name", "")).fields:
        if field.kind is not Kind.DERIVED:
            assert field.help
            assert converter_of(field)("") is None


def field_of(dataset: str, name: str) -> Field:
    return next(field for field in dataset_named(dataset).fields if field.name == name)


@pytest.mark.parametrize(
    ("dataset", "name", "word", "kind"),
    [
        ("premises", "kind", "mieszkalny", "flat"),
        ("premises", "kind", "Lokal użytkowy", "commercial"),
        ("premises", "kind", "GARAŻ", "garage"),
        ("premises", "kind", "miejsce postojowe", "parking"),
        ("premises", "kind", "komórka lokatorska", "storage"),
        ("people", "title_kind", "odrębna własność", "separate_ownership"),
        ("people", "title_kind", "Spółdzielcze własnościowe prawo do lokalu", "cooperative_ownership"),
        ("people", "title_kind", "spółdzielcze lokatorskie prawo", "cooperative_tenancy"),
        ("people", "title_kind", "najem", "lease"),
        ("people", "title_kind", "bez tytułu prawnego", "none"),
        ("people", "is_joint", "łączna", True),
        ("people", "is_joint", "ułamkowa", False),
        ("readings", "kind", "odczyt", "measured"),
        ("readings", "kind", "szacunek", "estimated"),
        ("readings", "kind", "zgłoszenie", "reported"),
        ("readings", "kind", "rozliczenie", "settlement"),
        ("readings", "kind", "montaż", "installed"),
        ("readings", "kind", "demontaż", "removed"),
    ],
)
def test_words_of_programs_have_their_kinds(dataset: str, name: str, word: str, kind: str | bool) -> None:
    assert converter_of(field_of(dataset, name))(word) == kind
