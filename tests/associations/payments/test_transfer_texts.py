"""Titles and codes of transfers: what banks take, cut on whole characters, within the recommendation's limits."""

import datetime as dt
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from associations.payments.transfer_texts import (
    LONGEST_CODE,
    LONGEST_CODE_TITLE,
    LONGEST_TITLE,
    clean_text,
    cut_text,
    write_code,
    write_code_title,
    write_month_code_title,
    write_title,
)
from associations.periods import Month
from associations.profile.funds import FundLabel

NIP, NRB = "5260001246", "85102010550000000000000001"
MAIN = FundLabel(1, "main", "Fundusz podstawowy", 1)
REPAIR = FundLabel(2, "repair", "Fundusz remontowy", 2)
OCTOBER = dt.date(2026, 10, 31)


def code(amount: str = "268.41", name: str = "SM Osiedle Słoneczne", title: str = "0401-034") -> str:
    return write_code(nip=NIP, nrb=NRB, amount=Decimal(amount), name=name, title=title)


def test_a_code_is_what_the_recommendation_says() -> None:
    assert code() == f"{NIP}|PL|{NRB}|026841|SM Osiedle Słoneczne|0401-034|||"


@pytest.mark.parametrize(
    ("amount", "grosze"),
    [
        ("0.01", "000001"),
        ("9999.99", "999999"),
        ("10000.00", "1000000"),
        ("9999999.99", "999999999"),
    ],
)
def test_grosze_have_six_digits_or_more(amount: str, grosze: str) -> None:
    assert code(amount).split("|")[3] == grosze


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Wspólnota Mieszkaniowa Lipowa 12", "WM Lipowa 12"),
        ("Spółdzielnia Mieszkaniowa „Osiedle Słoneczne”", "SM Osiedle Słoneczne"),
        ("Robotnicza Spółdzielnia Mieszkaniowa „Armatury”", "Robotnicza SM Armatu"),
        ("WM | Lipowa || 12", "WM Lipowa 12"),
        ("Wspólnota Mieszkaniowa Żółta Łąka 7/9", "WM Żółta Łąka 7/9"),
    ],
)
def test_a_name_is_shortened_by_known_words_then_cut(name: str, shown: str) -> None:
    assert code(name=name).split("|")[4] == shown


def test_letters_are_counted_and_not_their_bytes() -> None:
    assert code(name="Ż" * 30).split("|")[4] == "Ż" * 20


def test_a_letter_and_its_mark_stay_together() -> None:
    text = "abc" + "x\u0323"  # no composed form of the first exists: x with a dot below

    assert [cut_text(text, longest) for longest in (5, 4, 3)] == [text, "abc", "abc"]
    assert clean_text(unicodedata.normalize("NFD", "żółw")) == "żółw"


@pytest.mark.parametrize(
    ("premises", "fund", "interest", "title"),
    [
        ("0401-034", REPAIR, None, "0401-034 fundusz remontowy"),
        ("0401-034", MAIN, None, "0401-034 fundusz podstawowy"),
        ("1/14", MAIN, None, "1/14 fundusz podstawowy 10/2026"),
        ("12A m. 3", MAIN, "3.17", "12A m. 3 fund. podst. i ods."),
        ("LU-2", MAIN, "3.17", "LU-2 fund. podst. i ods. 3,17"),
        ("1", REPAIR, "3.17", "1 fund. rem. w tym ods. 3,17"),
        ("L" * 40, MAIN, None, "L" * 32),
    ],
)
def test_a_codes_title_says_what_32_characters_can(
    premises: str, fund: FundLabel, interest: str | None, title: str
) -> None:
    found = write_code_title(premises, fund, OCTOBER, Decimal(interest) if interest else None)

    assert found == title


def test_the_title_names_premises_fund_and_figure() -> None:
    assert (
        write_title("0401-034", MAIN, "należność na 31.10.2026")
        == "Lokal 0401-034, fundusz podstawowy, należność na 31.10.2026"
    )
    assert write_title("1", FundLabel(3, "other", "CO", 3), "wpłata") == "Lokal 1, CO, wpłata"


@given(
    st.text(max_size=120),
    st.text(max_size=120),
    st.text(max_size=60),
    st.decimals("0.01", "9999999.99", places=2),
)
def test_no_text_leaves_the_limits(premises: str, name: str, what: str, amount: Decimal) -> None:
    fund = FundLabel(1, "other", name, 1)
    titles = write_code_title(premises, fund, OCTOBER, amount), write_title(premises, fund, what)
    text = write_code(nip=NIP, nrb=NRB, amount=amount, name=name, title=titles[0])

    assert len(titles[0]) <= LONGEST_CODE_TITLE
    assert len(titles[1]) <= LONGEST_TITLE
    assert len(text) <= LONGEST_CODE
    assert text.count("|") == 8
    assert text.isprintable()


@pytest.mark.parametrize(
    ("code", "fund", "title"),
    [
        ("7", REPAIR, "7 fundusz remontowy 10/2026"),
        ("1/14", MAIN, "1/14 fundusz podstawowy 10/2026"),
        ("0401-034", REPAIR, "0401-034 fund. rem. 10/2026"),
        ("Lipowa 12A m. 3", REPAIR, "Lipowa 12A m. 3 opłaty 10/2026"),
        ("Budynek Północny 12A m. 3", MAIN, "Budynek Północny 12A m. 3"),
    ],
)
def test_the_code_of_a_months_charges_names_premises_fund_and_month(
    code: str, fund: FundLabel, title: str
) -> None:
    found = write_month_code_title(code, fund, Month(2026, 10))

    assert found == title
    assert len(found) <= LONGEST_CODE_TITLE
