import pytest

from workers.values.fault import Cell, Fault, warning
from workers.values.words import plain_word, read_bank_account, read_email, read_flag, read_fund, read_unit


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Nr Lokalu", "nrlokalu"),
        ("J.m.", "jm"),
        ("Nr\u00a0dok\u200bumentu", "nrdokumentu"),
        ("ŁĄCZNA", "laczna"),
        ("E-mail", "email"),
    ],
)
def test_words_are_compared_without_case_accents_and_space(text: str, word: str) -> None:
    assert plain_word(text) == word


@pytest.mark.parametrize(
    ("text", "fund"),
    [
        ("podstawowy", "main"),
        ("Fundusz podstawowy", "main"),
        ("EKSPLOATACJA", "main"),
        ("remontowy", "repair"),
        ("Fundusz Remontowy", "repair"),
        ("FR", "repair"),
        (" Fundusz  termomodernizacji ", "Fundusz termomodernizacji"),
        ("", None),
    ],
)
def test_funds_have_one_form(text: str, fund: str | None) -> None:
    assert read_fund(text, 100) == fund


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("m2", "m²"),
        ("m^2", "m²"),
        ("mkw.", "m²"),
        ("m kw", "m²"),
        ("M2", "m²"),
        ("m²", "m²"),
        ("m3", "m³"),
        ("m^3", "m³"),
        ("m sześc.", "m³"),
        ("GJ", "GJ"),
        ("os.", "os."),
        ("szt.", "szt."),
        ("mies.", "mies."),
    ],
)
def test_units_have_their_exponents(text: str, unit: str) -> None:
    assert read_unit(text, 40) == unit


def test_a_lost_exponent_is_a_warning() -> None:
    assert read_unit("m?", 40) == warning(
        "damaged_unit", "Jednostka ma znak „?” zamiast ² lub ³: sprawdź eksport.", "m?"
    )


@pytest.mark.parametrize(
    ("cell", "flag"),
    [("tak", True), ("Nie", False), ("1", True), (0.0, False), ("x", True), ("", None), ("PRAWDA", True)],
)
def test_yes_and_no(cell: Cell, flag: bool | None) -> None:
    assert read_flag(cell, {}) is flag


def test_a_maybe_is_refused() -> None:
    assert read_flag("może", {}) == Fault("not_yes_or_no", "„może” nie znaczy ani tak, ani nie.")


@pytest.mark.parametrize(
    "text",
    [
        "85102010550000000000000001",
        "85 1020 1055 0000 0000 0000 0001",
        "PL85102010550000000000000001",
        "85-1020-1055-0000-0000-0000-0001",
    ],
)
def test_a_bank_account_is_26_digits(text: str) -> None:
    assert read_bank_account(text) == "85102010550000000000000001"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("85102010550000000000000002", "Numer rachunku jest błędny: cyfry kontrolne się nie zgadzają."),
        ("8510201055", "Numer rachunku powinien mieć 26 cyfr, a ma ich 10."),
        ("brak", "To nie jest numer rachunku: oczekiwano 26 cyfr."),
        (
            8.5e25,
            "Arkusz zamienił numer na liczbę i zgubił jego końcowe cyfry. Nadaj kolumnie format „Tekst”.",
        ),
    ],
)
def test_a_wrong_bank_account_is_refused(cell: Cell, reason: str) -> None:
    found = read_bank_account(cell)

    assert isinstance(found, Fault)
    assert found.reason == reason


def test_an_e_mail_address_or_none() -> None:
    assert read_email("anna@example.org", 200) == "anna@example.org"
    assert read_email("brak", 200) == warning("not_an_email", "To nie jest adres e-mail; pominięto.", None)
