"""NBP's files of rates as its server writes them, and what is not one of them."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from associations.ledger.rates import RatesFileError, shipped_rates
from saas.rates.comparing import in_force
from saas.rates.nbp import read_nbp_rates

# The decisions of the Monetary Policy Council since 2015, as NBP's archive states them.
DECISIONS = (
    "2015-03-05 1,50", "2020-03-18 1,00", "2020-04-09 0,50", "2020-05-29 0,10", "2021-10-07 0,50", "2021-11-04 1,25",
    "2021-12-09 1,75", "2022-01-05 2,25", "2022-02-09 2,75", "2022-03-09 3,50", "2022-04-07 4,50", "2022-05-06 5,25",
    "2022-06-09 6,00", "2022-07-08 6,50", "2022-09-08 6,75", "2023-09-07 6,00", "2023-10-05 5,75", "2025-05-08 5,25",
    "2025-07-03 5,00", "2025-09-04 4,75", "2025-10-09 4,50", "2025-11-06 4,25", "2025-12-04 4,00", "2026-03-05 3,75",
)  # fmt: skip


def archive(*decisions: str) -> str:
    entries = "".join(
        f'  <pozycje obowiazuje_od="{day}">\n    <pozycja id="ref" oprocentowanie="{percent}" />\n'
        f'    <pozycja id="lom" oprocentowanie="99,00" />\n  </pozycje>\n'
        for day, percent in (one.split() for one in decisions)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<stopy_procentowe_archiwum data_publikacji="2015-03-04">\n'
        f"{entries}</stopy_procentowe_archiwum>\n"
    )


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "stopy_procentowe_archiwum.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_archive_gives_the_shipped_rates_since_2016(tmp_path: Path) -> None:
    rates = read_nbp_rates(written(tmp_path, archive(*DECISIONS)))

    shipped = [one for one in shipped_rates() if one.effective_from >= dt.date(2016, 1, 1)]
    assert [(one.effective_from, one.annual_percent) for one in rates] == [
        (one.effective_from, one.annual_percent) for one in shipped
    ]
    assert rates[-1].source == "stopa referencyjna NBP 3,75 + 5,5 pkt proc."


def test_days_on_which_another_rate_changed_are_no_change(tmp_path: Path) -> None:
    """NBP repeats the reference rate where only the lombard rate changes; order and blanks before are its own."""
    text = archive("2026-03-05 3,75", "2026-01-07 4,00", "2025-12-04 4,00").replace(
        '<pozycje obowiazuje_od="2026-01-07">\n    <pozycja id="ref" oprocentowanie="4,00" />',
        '<pozycje obowiazuje_od="2026-01-07">\n    <pozycja id="dys" oprocentowanie="4,10" />',
    )

    rates = read_nbp_rates(written(tmp_path, b"\xef\xbb\xbf\r\n" + text.encode()))

    assert [(str(one.effective_from), one.annual_percent) for one in rates] == [
        ("2025-12-04", Decimal("9.5")),
        ("2026-03-05", Decimal("9.25")),
    ]
    assert in_force(rates, dt.date(2026, 3, 4)) == Decimal("9.5")
    assert in_force(rates, dt.date(2025, 12, 3)) is None


def test_a_rate_from_before_2016_counts_from_2016(tmp_path: Path) -> None:
    rates = read_nbp_rates(written(tmp_path, archive("1998-02-26 24,00", "2015-03-05 1,50")))

    assert [(str(one.effective_from), one.annual_percent) for one in rates] == [("2016-01-01", Decimal(7))]


def test_the_file_of_present_rates_is_read_too(tmp_path: Path) -> None:
    text = (
        '<stopy_procentowe data_publikacji="2026-03-04"><tabela id="stoproc">'
        '<pozycja id="ref" nazwa="Stopa referencyjna" oprocentowanie="3,75" obowiazuje_od="2026-03-05"/>'
        "</tabela></stopy_procentowe>"
    )

    assert [str(one.annual_percent) for one in read_nbp_rates(written(tmp_path, text))] == ["9.25"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no element found"),
        (archive("2026-03-05 3,75")[:-40], "not well-formed|no element|unclosed|mismatched"),
        ("<html><body>502</body></html>", "<html> is not NBP's"),
        (archive(), "no reference rate"),
        (archive("1998-02-26 24,00", "2026-02-30 3,75"), "reference rate of 2026-02-30"),
        (archive("2026-03-05 brak"), "annual_percent must be a number"),
        (archive("2026-03-05 375"), "annual_percent must be a number"),
        (archive("2026-03-05 3,75", "2026-03-05 4,00"), "two reference rates, 3.75 and 4"),
        (archive("2026-03-05 3,75").replace(' obowiazuje_od="2026-03-05"', ""), "reference rate of no day"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + "<stopy_procentowe_archiwum/>", "DTDForbidden|EntitiesForbidden"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(RatesFileError, match=reason):
        read_nbp_rates(written(tmp_path, text))


def test_everything_wrong_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(RatesFileError) as error:
        read_nbp_rates(written(tmp_path, archive("2026-02-30 1,00", "2026-03-05 x", "2026-04-01 1,00")))

    assert len(error.value.problems) == 2


def test_a_missing_and_a_huge_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(RatesFileError, match="nowhere"):
        read_nbp_rates(tmp_path / "nowhere.xml")
    with pytest.raises(RatesFileError, match="larger than any file"):
        read_nbp_rates(written(tmp_path, b" " * 5_000_001))
