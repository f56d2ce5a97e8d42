"""The rates that the portal ships, files of rates, and rates recorded over others."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from associations.ledger.rates import (
    InterestRate,
    RatesFileError,
    merge_rates,
    read_percent,
    read_rates,
    shipped_rates,
)

HEADER = "effective_from,annual_percent,source\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "rates.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_shipped_rates_ascend_and_name_their_source() -> None:
    rates = shipped_rates()

    assert len(rates) == 40
    assert list(rates) == sorted(rates, key=lambda rate: rate.effective_from)
    assert all(rate.source and 0 < rate.annual_percent <= 60 for rate in rates)
    assert rates[16] == InterestRate(dt.date(2016, 1, 1), Decimal(7), "M.P. 2016 poz. 47")


def test_recorded_rates_add_replace_and_take_away() -> None:
    first, second = (InterestRate(dt.date(2026, month, 1), Decimal(9), "x") for month in (1, 3))
    new = InterestRate(dt.date(2026, 5, 1), Decimal("8.5"), "y")
    better = InterestRate(dt.date(2026, 1, 1), Decimal("9.5"), "z")

    merged = merge_rates(
        {new.effective_from: new, better.effective_from: better, second.effective_from: None},
        over=[first, second],
    )

    assert merged == (better, new)


def test_a_file_is_read_with_its_quoted_commas(tmp_path: Path) -> None:
    path = written(
        tmp_path, HEADER + '2026-03-05,9.25,"M.P. 2026, poz. 1"\n\n2026-12-03,9,M.P. 2026 poz. 2\n'
    )

    assert [
        (str(rate.effective_from), str(rate.annual_percent), rate.source) for rate in read_rates(path)
    ] == [
        ("2026-03-05", "9.25", "M.P. 2026, poz. 1"),
        ("2026-12-03", "9", "M.P. 2026 poz. 2"),
    ]


def test_a_wrong_file_names_every_row(tmp_path: Path) -> None:
    rows = (
        "2026-13-01,9,x\n2026-01-01,9,25,x\n2026-02-01,abc,x\n2026-03-01,9,\n"
        "2026-04-01,9,x\n2026-04-01,8,x\n2026-05-01,-1,x\n2026-06-01,9.255,x\n"
        '2026-07-01,"9,25",x\n'
    )

    with pytest.raises(RatesFileError) as error:
        read_rates(written(tmp_path, HEADER + rows))

    lines = [text.partition(", line ")[2].partition(":")[0] for text in error.value.problems]
    assert lines == ["2", "3", "4", "5", "7", "8", "9", "10"]


@pytest.mark.parametrize("text", ["", "od;stopa\n", "effective_from;annual_percent;source\n"])
def test_another_header_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RatesFileError, match="the first line must be effective_from,annual_percent,source"):
        read_rates(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RatesFileError, match="nowhere"):
        read_rates(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("text", "percent"), [("9.25", "9.25"), (" 9,25 ", "9.25"), ("0", "0"), ("100", "100")]
)
def test_a_percent_may_be_written_either_way(text: str, percent: str) -> None:
    assert read_percent(text) == Decimal(percent)


@pytest.mark.parametrize("text", ["", "abc", "-1", "100.01", "9,255", "1,000,0", "NaN", "Infinity", "9%"])
def test_what_is_no_percent_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="annual_percent must be a number from 0 to 100"):
        read_percent(text)
