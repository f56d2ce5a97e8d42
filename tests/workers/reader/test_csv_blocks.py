"""Files of several blocks, which are read by columns: what they say is what reading row by row says."""

from pathlib import Path

from tests.workers.readings import Reading, read_bytes

HEADER = "Kod lokalu;Konto;Data księgowania;Dokument;Opis;Winien;Ma"
ROWS = 12_000


def lines() -> list[str]:
    """A yearly ledger with an opening now and then, more than three blocks long."""
    return [
        f"04{number % 90:02d}-001;204-1;{number % 28 + 1:02d}.11.2026;{'BO' if number % 97 == 0 else 'WB 1'};"
        f"Zażółć\\gęślą {number};{number % 500},{number % 100:02d};"
        for number in range(ROWS)
    ]


def accident(rows: list[str]) -> list[str]:
    """One thing of each kind in another block: what none of the plain paths may swallow."""
    rows[3_000] = HEADER
    rows[3_001] = ""
    rows[5_500] += ";"
    rows[5_501] = "04x;204-1;31.02.2026;WB 1;zła data;1,00;"
    rows[8_000] += ";za dużo"
    rows[8_500] = "0401-001;204-1;01.11.2026;WB 1;PESEL 44051401359;1,00;"
    rows[11_000] = rows[11_001] = "0401-001;204-1"
    return [*rows, "RAZEM;;;;;1,00;"]


def told(reading: Reading) -> object:
    problems = sorted((problem.row, problem.code, problem.value) for problem in reading.problems)
    totals = [(total.row, total.sums) for total in reading.totals]
    return dict(reading.rows), problems, totals, [(end.rows, end.rejected) for end in reading.ends]


def test_blocks_and_rows_say_the_same(tmp_path: Path) -> None:
    for name, rows in (("plain", lines()), ("accidents", accident(lines()))):
        plain = "\r\n".join([HEADER, *rows]).encode("cp1250")
        # A quote in the first row takes a reader of CSV for all of them.
        quoted = "\r\n".join([HEADER, rows[0].replace("204-1", '"204-1"'), *rows[1:]]).encode("cp1250")

        by_columns = read_bytes(tmp_path, f"{name}.csv", plain)

        assert told(by_columns) == told(read_bytes(tmp_path, f"{name}-quoted.csv", quoted))
        assert by_columns.rows["postings"][-1]["line_no"] == str(ROWS + 1)
        assert sum(row["is_opening"] == "t" for row in by_columns.rows["postings"]) > 100


def test_a_quote_in_a_later_block(tmp_path: Path) -> None:
    rows = lines()
    rows[9_000] = rows[9_000].replace("Zażółć", '"Zażółć; gęślą"')

    reading = read_bytes(tmp_path, "ksiegowania.csv", "\n".join([HEADER, *rows]).encode("utf-8"))

    found = [row["line_no"] for row in reading.rows["postings"]]
    assert found == [str(number) for number in range(2, ROWS + 2)]
    assert (reading.rows["postings"][9_000]["description"] or "").startswith("Zażółć; gęślą")
