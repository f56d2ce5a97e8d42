from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.values.fault import Cell, Fault
from workers.values.numbers import NumberForm, read_integer, read_money, read_number, read_part, read_share

QUANTITY = NumberForm(scale=6)
SHARE = NumberForm(scale=6, minimum=0, maximum=1)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("743,28", "743.28"),
        ("743.28", "743.28"),
        ("0", "0"),
        ("-25,41", "-25.41"),
        ("+25,41", "25.41"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234\u202f567,89", "1234567.89"),
        ("1.234,56", "1234.56"),
        ("1.234.567,89", "1234567.89"),
        ("1,234.56", "1234.56"),
        ("1'234,56", "1234.56"),
        ("1’234,56", "1234.56"),
        ("123,45-", "-123.45"),
        ("(123,45)", "-123.45"),
        ("(123,45 zł)", "-123.45"),
        ("\u2212123,45", "-123.45"),
        ("\u2013 5,00", "-5.00"),
        ("12,00 zł", "12.00"),
        ("12,00zł.", "12.00"),
        ("12,00 PLN", "12.00"),
        ("PLN 12,00", "12.00"),
        (",50", "0.50"),
        ("12,500", "12.50"),
        ("1 234", "1234"),
        ("1.234.567", "1234567"),
        (" 7 ", "7"),
        (2.1, "2.10"),
        (0.1 + 0.2, "0.30"),
        (2070311.5999999996, "2070311.60"),
        (1e22 / 1e22, "1"),
        (7, "7"),
        (Decimal("7.10"), "7.10"),
    ],
)
def test_money_is_read_as_programs_write_it(cell: Cell, amount: str) -> None:
    assert read_money(cell) == Decimal(amount)


@pytest.mark.parametrize("cell", ["", "   ", "-", "\u2014", None, " zł "])
def test_an_empty_cell_or_a_lone_dash_is_no_amount(cell: Cell) -> None:
    assert read_money(cell) is None


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1O0,00", "To nie jest kwota: litera „O” zamiast zera."),
        ("1o0", "To nie jest kwota: litera „O” zamiast zera."),
        ("l00,00", "To nie jest kwota: litera „l” zamiast jedynki."),
        ("sto złotych", "To nie jest kwota."),
        ("12,", "To nie jest kwota: brak cyfr po przecinku."),
        (
            "1,2,3",
            "To nie jest kwota: przecinki, kropki lub spacje są w niezrozumiałych miejscach.",
        ),
        (
            "1234 567,00",
            "To nie jest kwota: przecinki, kropki lub spacje są w niezrozumiałych miejscach.",
        ),
        (
            "1.234",
            (
                "Nie wiadomo, czy kropka oddziela tysiące, czy grosze. Wybierz to w ustawieniach wczytywania"
                " albo zapisz kwotę z groszami, np. 1234,00."
            ),
        ),
        ("12,345", "Kwota ma więcej niż dwa miejsca po przecinku."),
        (12.345, "Kwota ma więcej niż dwa miejsca po przecinku."),
        ("1" * 13, "Kwota jest za duża: najwyżej 12 cyfr przed przecinkiem."),
        (1e300, "Kwota jest za duża: najwyżej 12 cyfr przed przecinkiem."),
        (float("nan"), "To nie jest kwota."),
        (float("inf"), "To nie jest kwota."),
        ("#ARG!", "To nie jest kwota: formuła w arkuszu zwróciła błąd #ARG!."),
        (date(2026, 1, 1), "To nie jest kwota: arkusz zamienił wartość na datę."),
        ("--5", "To nie jest kwota."),
        ("١٢٣", "To nie jest kwota."),
        ("1e5", "To nie jest kwota."),
    ],
)
def test_what_is_no_amount_says_why(cell: Cell, reason: str) -> None:
    found = read_money(cell)

    assert isinstance(found, Fault)
    assert (found.reason, found.is_warning) == (reason, False)


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2), st.sampled_from([",", "."]))
def test_money_survives_its_way_through_text(amount: Decimal, point: str) -> None:
    assert read_money(str(amount).replace(".", point)) == amount


@given(
    st.decimals(min_value=0, max_value=10**11, places=2),
    st.sampled_from([" ", "\u00a0", "\u202f", ".", "'"]),
    st.sampled_from(["{}", "{} zł", "{}PLN", "  {}  "]),
)
def test_money_survives_thousands_separators(amount: Decimal, group: str, frame: str) -> None:
    text = f"{amount:,.2f}".replace(".", "d").replace(",", group).replace("d", ",")

    assert read_money(frame.format(text)) == amount


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_money_survives_its_way_through_a_spreadsheet(amount: Decimal) -> None:
    assert read_money(float(amount)) == amount


@given(st.one_of(st.text(max_size=30), st.text("0123456789.,-() zł'", max_size=20), st.floats()))
def test_no_cell_makes_reading_a_number_raise(cell: Cell) -> None:
    for form in (QUANTITY, SHARE):
        read_number(cell, form)
        read_part(cell, form)
    read_money(cell)
    read_share(cell)


def test_quantities_keep_six_decimals() -> None:
    assert read_number("11,1564", QUANTITY) == Decimal("11.1564")


def test_a_quantity_with_more_decimals_is_rounded_with_a_warning() -> None:
    found = read_number("0,12345678", QUANTITY)

    assert found == Fault(
        "rounded", "Zaokrąglono do 6 miejsc po przecinku.", is_warning=True, value=Decimal("0.123457")
    )


def test_a_spreadsheet_quantity_is_rounded_without_a_word() -> None:
    assert read_number(1 / 3, QUANTITY) == Decimal("0.333333")


def test_whole_numbers() -> None:
    form = NumberForm(scale=0, whole=4, minimum=0)

    assert [read_integer(cell, form) for cell in ("2", 2.0, "2,0", "")] == [2, 2, 2, None]
    assert read_integer("1,5", form) == Fault("not_whole", "To nie jest liczba całkowita.")
    assert read_integer("-1", form) == Fault("too_small", "Wartość nie może być mniejsza niż 0.")


@pytest.mark.parametrize(
    ("cell", "part"),
    [("0,032293", "0.032293"), ("3,2293%", "0.032293"), ("4507/115200", "0.039123"), (0.039123, "0.039123")],
)
def test_shares_in_a_property_are_decimals(cell: Cell, part: str) -> None:
    assert read_part(cell, SHARE) == Decimal(part)


def test_a_share_above_one_is_refused() -> None:
    assert read_part("3,2293", SHARE) == Fault("too_large", "Wartość nie może być większa niż 1.")


@pytest.mark.parametrize(
    ("cell", "share"),
    [
        ("1/1", (1, 1)),
        ("1/2", (1, 2)),
        ("2/4", (2, 4)),
        (" 1 / 3 ", (1, 3)),
        ("0,5", (1, 2)),
        ("0.25", (1, 4)),
        ("50%", (1, 2)),
        ("33,33 %", (3333, 10000)),
        (0.5, (1, 2)),
        ("1", (1, 1)),
    ],
)
def test_shares_in_a_title_are_fractions(cell: Cell, share: tuple[int, int]) -> None:
    assert read_share(cell) == share


@pytest.mark.parametrize("cell", ["3/2", "0/5", "1/0", "0", "150%"])
def test_a_share_of_nothing_or_more_than_all_is_refused(cell: Cell) -> None:
    assert read_share(cell) == Fault("share_out_of_range", "Udział musi być większy od 0 i nie większy od 1.")


def test_a_share_that_a_spreadsheet_made_a_date_is_refused() -> None:
    found = read_share(date(2026, 2, 1))

    assert isinstance(found, Fault)
    assert found.code == "share_became_date"
