"""Figures, dates and units as an owner reads them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from billing_views.parts import formatting

SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.00", "0,00"),
        ("-0.00", "0,00"),
        ("0.01", "0,01"),
        ("-0.01", "−0,01"),
        ("999.99", "999,99"),
        ("1234.56", f"1{SPACE}234,56"),
        ("-1234567.80", f"−1{SPACE}234{SPACE}567,80"),
        ("12", "12,00"),
        ("12.5", "12,50"),
        ("12.500000", "12,50"),
        ("1E+3", f"1{SPACE}000,00"),
    ],
)
def test_money_has_two_decimals_no_break_spaces_and_a_true_minus(amount: str, text: str) -> None:
    assert formatting.format_money(Decimal(amount)) == text


def test_money_of_nothing_is_an_empty_cell_but_zero_is_shown() -> None:
    assert formatting.format_money(None) == ""
    assert formatting.format_money(0) == "0,00"


def test_money_refuses_a_fraction_of_a_grosz() -> None:
    with pytest.raises(formatting.InexactAmountError):
        formatting.format_money(Decimal("1.005"))


def test_money_refuses_a_float() -> None:
    with pytest.raises(TypeError):
        formatting.format_money(1.5)  # type: ignore[arg-type]


@given(st.decimals(min_value="-1e15", max_value="1e15", places=2))
def test_money_reads_back_as_the_same_amount(amount: Decimal) -> None:
    text = formatting.format_money(amount)

    assert Decimal(text.replace(SPACE, "").replace(",", ".").replace("−", "-")) == amount


@pytest.mark.parametrize(("amount", "text"), [("42.00", "+42,00"), ("0.00", "0,00"), ("-268.41", "−268,41")])
def test_signed_money_marks_a_surplus(amount: str, text: str) -> None:
    assert formatting.format_signed_money(Decimal(amount)) == text


def test_zloty_keeps_the_unit_on_the_line_of_the_figure() -> None:
    assert formatting.format_zloty(Decimal("120.00")) == f"120,00{SPACE}zł"
    assert formatting.format_zloty(Decimal("42.00"), is_signed=True) == f"+42,00{SPACE}zł"
    assert formatting.format_zloty(None) == ""


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        ("48.500000", "48,5"),
        ("7.000000", "7"),
        ("100", "100"),
        ("0.000000", "0"),
        ("-3.250000", "−3,25"),
        ("0.012345", "0,012345"),
        ("1200.000000", f"1{SPACE}200"),
    ],
)
def test_quantity_keeps_every_decimal_but_no_trailing_zero(quantity: str, text: str) -> None:
    assert formatting.format_quantity(Decimal(quantity)) == text


def test_readings_of_a_column_show_as_many_decimals_as_the_most_exact() -> None:
    column = [Decimal("161.370000"), None, Decimal("-0.500000"), Decimal("162.896000"), Decimal(0)]
    places = formatting.widest_places(column)
    shown = [formatting.format_quantity(one, places=places) for one in column]
    assert shown == ["161,370", "", "−0,500", "162,896", "0,000"]
    assert formatting.widest_places([None, Decimal("12.000000")]) == 0


@pytest.mark.parametrize(
    ("rate", "text"),
    [("2.100000", "2,10"), ("11.156400", "11,1564"), ("28.115000", "28,115"), ("38", "38,00"), ("0", "0,00")],
)
def test_rate_has_at_least_two_decimals(rate: str, text: str) -> None:
    assert formatting.format_rate(Decimal(rate)) == text


def test_day_is_written_in_figures_and_in_words() -> None:
    day = dt.date(2026, 11, 1)

    assert formatting.format_day(day) == "01.11.2026"
    assert formatting.format_day(None) == ""
    assert formatting.format_day_words(day) == f"1{SPACE}listopada 2026"
    assert formatting.format_month_words(day) == "listopad 2026"


def test_months_are_english_for_an_english_reader() -> None:
    with translation.override("en"):
        assert formatting.format_day_words(dt.date(2026, 10, 31)) == f"31{SPACE}October 2026"
        assert formatting.format_month_words(dt.date(2026, 5, 1)) == "May 2026"


def test_months_and_units_are_ukrainian_for_a_ukrainian_reader() -> None:
    with translation.override("uk"):
        assert formatting.format_day_words(dt.date(2026, 10, 31)) == f"31{SPACE}жовтня 2026"
        assert formatting.format_month_words(dt.date(2026, 5, 1)) == "травень 2026"
        assert [formatting.format_unit(unit) for unit in ("os", "szt.", "Lokal", "m3")] == [
            "ос.",
            "шт.",
            "прим.",
            "m³",
        ]


@pytest.mark.parametrize(
    ("balance", "word", "state"),
    [("-0.01", "niedopłata", "owed"), ("0.00", "rozliczone", "even"), ("0.01", "nadpłata", "paid")],
)
def test_balance_below_zero_is_an_underpayment(balance: str, word: str, state: str) -> None:
    assert formatting.name_balance(Decimal(balance)) == word
    assert formatting.judge_balance(Decimal(balance)) == state


@pytest.mark.parametrize(
    ("unit", "shown"), [("m2", "m²"), ("M3", "m³"), ("mkw.", "m²"), (" GJ ", "GJ"), ("os", "os."), (None, "")]
)
def test_unit_gets_the_signs_that_accounting_programs_lack(unit: str | None, shown: str) -> None:
    assert formatting.format_unit(unit) == shown


def test_words_among_units_are_english_for_an_english_reader() -> None:
    with translation.override("en"):
        shown = [formatting.format_unit(unit) for unit in ("os", "szt.", "Lokal", "m3", "GJ")]

    assert shown == ["pers.", "pcs", "premises", "m³", "GJ"]


def test_filters_write_the_same_in_a_template() -> None:
    template = Template(
        "{% load kartoteka %}{{ a|money }}|{{ a|zloty_signed }}|"
        "{{ q|quantity }} {{ u|unit }}|{{ q|rate }}|{{ d|day }}"
    )
    context = {"a": Decimal("-1234.50"), "q": Decimal("48.500000"), "u": "m2", "d": dt.date(2026, 11, 10)}

    text = template.render(Context(context))

    amount = f"−1{SPACE}234,50"
    assert text == f"{amount}|{amount}{SPACE}zł|48,5 m²|48,50|10.11.2026"


def test_moment_is_shown_in_the_local_time_zone() -> None:
    instant = dt.datetime(2026, 11, 2, 13, 5, tzinfo=dt.UTC)

    text = Template("{% load kartoteka %}{{ instant|moment }}").render(Context({"instant": instant}))

    assert text == "02.11.2026, 14:05"


def test_a_postal_code_is_never_parted_and_all_else_is_escaped() -> None:
    shown = Template("{% load kartoteka %}{{ text|keep_postal_codes }}").render(
        Context({"text": "ul. <Lipowa> 12-14, 25-001 Kielce, tel. 41-123-45-67"})
    )

    assert shown == ('ul. &lt;Lipowa&gt; 12-14, <span class="keep">25-001</span> Kielce, tel. 41-123-45-67')
