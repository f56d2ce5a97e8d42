"""The rates that the portal ships, and the operator's file over them."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from associations.ledger.rates import InterestRate, RatesFileError, statutory_rates

HEADER = "effective_from,annual_percent,source\n"


def written(folder: Path, text: str) -> str:
    path = folder / "rates.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_shipped_rates_ascend_and_name_their_source() -> None:
    rates = statutory_rates()

    assert len(rates) == 40
    assert list(rates) == sorted(rates, key=lambda rate: rate.effective_from)
    assert all(rate.source and 0 < rate.annual_percent <= 60 for rate in rates)
    assert rates[16] == InterestRate(dt.date(2016, 1, 1), Decimal(7), "M.P. 2016 poz. 47")


def test_the_operators_file_adds_and_replaces(tmp_path: Path) -> None:
    path = written(
        tmp_path, HEADER + '2026-03-05,9.25,"M.P. 2026, poz. 1"\n\n2026-12-03,9,M.P. 2026 poz. 2\n'
    )

    rates = statutory_rates(path)

    assert [(str(rate.effective_from), str(rate.annual_percent), rate.source) for rate in rates[-2:]] == [
        ("2026-03-05", "9.25", "M.P. 2026, poz. 1"),
        ("2026-12-03", "9", "M.P. 2026 poz. 2"),
    ]
    assert len(rates) == 41


def test_a_wrong_file_names_every_row(tmp_path: Path) -> None:
    rows = (
        "2026-13-01,9,x\n2026-01-01,9,25,x\n2026-02-01,abc,x\n2026-03-01,9,\n"
        "2026-04-01,9,x\n2026-04-01,8,x\n2026-05-01,-1,x\n"
    )

    with pytest.raises(RatesFileError) as error:
        statutory_rates(written(tmp_path, HEADER + rows))

    assert [text.partition(", line ")[2].partition(":")[0] for text in error.value.problems] == [
        "2",
        "3",
        "4",
        "5",
        "7",
        "8",
    ]


@pytest.mark.parametrize("text", ["", "od;stopa\n", "effective_from;annual_percent;source\n"])
def test_another_header_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RatesFileError, match="the first line must be effective_from,annual_percent,source"):
        statutory_rates(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RatesFileError, match="nowhere"):
        statutory_rates(str(tmp_path / "nowhere.csv"))


def test_a_wrong_file_stops_the_program_at_its_start(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "2026-01-01,abc,x\n")

    with (
        override_settings(INTEREST_RATES_FILE=path),
        pytest.raises(ImproperlyConfigured, match=r"KARTOTEKA_INTEREST_RATES.*\n.*line 2: annual_percent"),
    ):
        apps.get_app_config("ledger").ready()
