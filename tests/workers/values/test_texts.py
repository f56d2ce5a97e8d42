from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.values.fault import Cell, Fault, warning
from workers.values.pesel import has_pesel, is_pesel, mask_pesels
from workers.values.texts import fold_text, read_code, read_text

PESEL = "44051401359"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Nowak   Jan ", "Nowak Jan"),
        ("Nowak\u00a0Jan", "Nowak Jan"),
        ("ul. Lipowa\r\n12", "ul. Lipowa 12"),
        ("\ufeffKod\u200b lokalu", "Kod lokalu"),
        ("Z\u0301ro\u0301dło", "Źródło"),
        ("a\tb", "a b"),
    ],
)
def test_space_is_folded_and_the_invisible_dropped(text: str, folded: str) -> None:
    assert fold_text(text) == folded


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("0412-034", "0412-034"),
        ("007", "007"),
        (1.0, "1"),
        (12.5, "12.5"),
        (3, "3"),
        (17000010.0, "17000010"),
    ],
)
def test_codes_are_kept_as_text(cell: Cell, code: str) -> None:
    assert read_code(cell, max_length=40) == code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (date(2026, 1, 14), "code_became_date"),
        (6.61e25, "digits_lost"),
        ("a\x07b", "control_character"),
        ("a\x00b", "control_character"),
        ("x" * 41, "too_long"),
        ("#N/D!", "formula_error"),
        (PESEL, "pesel"),
    ],
)
def test_a_code_that_cannot_be_kept_is_refused(cell: Cell, code: str) -> None:
    found = read_code(cell, max_length=40)

    assert isinstance(found, Fault)
    assert (found.code, found.is_warning) == (code, False)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'=SUMA(A1)", "=SUMA(A1)"),
        ("'+48 600 100 200", "+48 600 100 200"),
        ("'s-Gravenhage", "'s-Gravenhage"),
        ("'", "'"),
    ],
)
def test_a_spreadsheet_s_mark_of_a_text_is_no_part_of_it(cell: str, text: str) -> None:
    assert read_text(cell, max_length=40) == text


def test_a_pesel_inside_a_text_is_refused() -> None:
    found = read_text(f"Nowak Jan, PESEL: {PESEL}", max_length=200)

    assert isinstance(found, Fault)
    assert found.code == "pesel"


def test_a_damaged_character_is_a_warning() -> None:
    assert read_text("Wo\ufffdniak", max_length=200) == warning(
        "replaced_character", "Tekst ma znak „�”: plik był wcześniej źle przekodowany.", "Wo\ufffdniak"
    )


def test_a_text_that_became_a_date_is_a_warning() -> None:
    found = read_text(date(2026, 11, 1), max_length=100)

    assert isinstance(found, Fault)
    assert (found.is_warning, found.value) == (True, "01.11.2026")


@pytest.mark.parametrize(
    ("digits", "is_one"),
    [
        (PESEL, True),
        ("44051401358", False),  # checksum
        ("44131401351", False),  # month 13
        ("02271409867", True),  # born 2002
        ("48601234567", False),  # a telephone number
        ("00000000000", False),
    ],
)
def test_a_pesel_has_a_checksum_and_a_date(digits: str, *, is_one: bool) -> None:
    assert is_pesel(digits) is is_one


def test_eleven_digits_inside_a_longer_number_are_no_pesel() -> None:
    assert not has_pesel(f"{PESEL}0")
    assert has_pesel(f"nr {PESEL}.")


def test_a_masked_text_does_not_show_the_number() -> None:
    assert mask_pesels(f"Nowak {PESEL}") == "Nowak 44•••••••••"
