"""Valid balances, written in any dialect of encoding, separator, numbers and dates, arrive as the same rows."""

import csv
import io
import tempfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workers.formats.writers import dbf_table, ods_table, xls_table, xlsx_table, xml_table
from tests.workers.readings import Reading, read_bytes

HEADERS = ("Lokal", "Fundusz", "Saldo", "Stan_na")
# So that the words of the file tell its encoding.
NOTE = "Zestawienie należności za śmieci, źródło: księgowość – Żółkiewska"
Balance = tuple[str, Decimal, date]
BALANCES = st.lists(
    st.tuples(
        st.from_regex(r"[0-9]{2}-[0-9]{1,3}[A-F]?", fullmatch=True),
        st.decimals(-99_999_999, 99_999_999, places=2),
        st.dates(date(2000, 1, 1), date(2026, 12, 31)),
    ),
    min_size=1,
    max_size=6,
)
DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%Y%m%d")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1250", "iso8859-2", "cp852", "mazovia")
MINUS: dict[str, Callable[[str], str]] = {
    "leading": lambda digits: f"-{digits}",
    "trailing": lambda digits: f"{digits}-",
    "parentheses": lambda digits: f"({digits})",
}


@st.composite
def text_files(draw: st.DrawFn, balances: list[Balance]) -> bytes:
    """The balances as CSV."""
    encoding = draw(st.sampled_from(ENCODINGS))
    thousands, decimal = draw(
        st.sampled_from([("", ","), ("", "."), (" ", ","), ("\xa0", ","), (".", ","), ("'", ".")])
    )
    minus, suffix = draw(st.sampled_from(sorted(MINUS))), draw(st.sampled_from(["", " zł", " PLN"]))
    form = draw(st.sampled_from(DATES))

    def amount(value: Decimal) -> str:
        digits = f"{abs(value):,.2f}".replace(",", "_").replace(".", decimal).replace("_", thousands)
        return (MINUS[minus](digits) if value < 0 else digits) + suffix

    buffer = io.StringIO()
    writer = csv.writer(
        buffer,
        delimiter=draw(st.sampled_from(";,\t|")),
        lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"])),
    )
    writer.writerows([[NOTE], [], HEADERS])
    writer.writerows([code, "FR", amount(value), day.strftime(form)] for code, value, day in balances)
    end = draw(st.sampled_from(["", "\x1a"])) if encoding in {"cp852", "mazovia"} else ""
    return (buffer.getvalue() + end).encode(encoding, "replace")


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bytes, list[Balance]]:
    """Balances and a file of any format that holds them."""
    balances = draw(BALANCES)
    rows = [(code, "FR", amount, day) for code, amount, day in balances]
    extension = draw(st.sampled_from(["csv", "txt", "tsv", "dbf", "xml", "xlsx", "xls", "ods"]))
    if extension == "dbf":
        content = dbf_table(HEADERS, rows, "cp852", 0x64)
    elif extension == "xml":
        content = xml_table(HEADERS, rows, "cp1250", as_attributes=draw(st.booleans()))
    elif extension in {"xlsx", "xls", "ods"}:
        content = {"xlsx": xlsx_table, "xls": xls_table, "ods": ods_table}[extension](HEADERS, rows)
    else:
        content = draw(text_files(balances))
    return f"salda.{extension}", content, balances


def read_file(name: str, content: bytes) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        return read_bytes(Path(folder), name, content)


def check_arrival(name: str, content: bytes, balances: list[Balance]) -> None:
    reading = read_file(name, content)

    assert [problem for problem in reading.problems if problem.severity == "error"] == []
    assert [(row["premises_code"], row["amount"], row["as_of"]) for row in reading.rows["balances"]] == [
        (code, f"{amount:.2f}", day.isoformat()) for code, amount, day in balances
    ]


@given(files())
@settings(max_examples=15, deadline=None)
def test_balances_arrive_whatever_the_dialect(file: tuple[str, bytes, list[Balance]]) -> None:
    check_arrival(*file)


@pytest.mark.long
@given(files())
@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_many_balances_arrive_whatever_the_dialect(file: tuple[str, bytes, list[Balance]]) -> None:
    check_arrival(*file)
