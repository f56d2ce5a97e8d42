"""The generated files say what control.json says: every figure is read back and added up anew."""

import csv
import datetime as dt
import json
from collections import Counter, defaultdict
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.bench.generator import generate, main
from tests.bench.plan import Draw, Plan
from workers.reading import InputFile, ReadRequest, read_files
from workers.reading_events import ReadingEnded

PLAN = Plan(premises=130, first_year=2024, last_year=2026, last_month=10, sale_share=0.1, replaced_share=0.2)
GROSZ = Decimal("0.01")
Rows = list[dict[str, str]]


def read(folder: Path, dataset: str) -> Rows:
    rows = []
    for path in sorted(folder.glob(f"{dataset}*.csv")):
        with path.open(encoding="cp1250", newline="") as file:
            rows += list(csv.DictReader(file, delimiter=";"))
    return rows


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d.%m.%Y").replace(tzinfo=dt.UTC).date()


def balance_of(row: dict[str, str]) -> Decimal:
    return amount(row["Ma"]) - amount(row["Winien"])


def by_ledger(rows: Rows) -> dict[tuple[str, str, str], Rows]:
    """Postings of each premises, account and payer, in the order of the file."""
    found = defaultdict(list)
    for row in rows:
        found[row["Kod lokalu"], row["Konto"], row["Kod osoby"]].append(row)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    generate(PLAN, folder)
    return folder


@pytest.fixture(scope="module")
def control(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "control.json").read_text())
    return found


def test_counts_are_those_of_the_files(folder: Path, control: dict[str, Any]) -> None:
    files = {
        "premises": "lokale",
        "people": "osoby",
        "accounts": "konta",
        "charges": "naliczenia",
        "postings": "ksiegowania",
        "balances": "salda",
        "readings": "odczyty",
        "settlements": "rozliczenia",
    }

    assert control["rows"] == {name: len(read(folder, file)) for name, file in files.items()}


def test_sums_are_those_of_the_files(folder: Path, control: dict[str, Any]) -> None:
    turnover = [row for row in read(folder, "ksiegowania") if row["Dokument"] != "BO"]
    balances = read(folder, "salda")

    sums = {
        "charges": sum(amount(row["Kwota"]) for row in read(folder, "naliczenia")),
        "debit": sum(amount(row["Winien"]) for row in turnover),
        "credit": sum(amount(row["Ma"]) for row in turnover),
        "balance": sum(amount(row["Saldo"]) for row in balances),
        "interest": sum(amount(row["Odsetki niezaksięgowane"]) for row in balances),
    }

    assert control["sums"] == {name: str(value) for name, value in sums.items()}
    assert sums["interest"] > 0


def test_chosen_premises_have_their_years(folder: Path, control: dict[str, Any]) -> None:
    figures: dict[str, dict[str, Any]] = defaultdict(dict)
    for (code, account, payer), rows in by_ledger(read(folder, "ksiegowania")).items():
        for year in sorted({day(row["Data księgowania"]).year for row in rows}):
            of_year = [row for row in rows if day(row["Data księgowania"]).year == year]
            opening = sum((balance_of(row) for row in of_year if row["Dokument"] == "BO"), Decimal("0.00"))
            turnover = [row for row in of_year if row["Dokument"] != "BO"]
            debit = sum((amount(row["Winien"]) for row in turnover), Decimal("0.00"))
            credit = sum((amount(row["Ma"]) for row in turnover), Decimal("0.00"))
            values = {
                "opening": opening,
                "debit": debit,
                "credit": credit,
                "closing": opening + credit - debit,
            }
            figures[code][f"{year} {account} {payer}"] = {name: str(value) for name, value in values.items()}

    chosen = control["premises"]

    assert len(chosen) >= 8
    assert {code: one["years"] for code, one in chosen.items()} == {code: figures[code] for code in chosen}


def test_chosen_premises_have_their_people_charges_and_balances(
    folder: Path, control: dict[str, Any]
) -> None:
    people: dict[str, list[list[str]]] = defaultdict(list)
    charges: dict[str, Counter[str]] = defaultdict(Counter)
    balances: dict[str, list[list[str]]] = defaultdict(list)
    for row in read(folder, "osoby"):
        ends_on = day(row["Do"]).isoformat() if row["Do"] else ""
        dates = [day(row["Od"]).isoformat(), ends_on]
        people[row["Kod lokalu"]].append([row["Kod osoby"], row["Nazwisko i imię"], *dates])
    for row in read(folder, "naliczenia"):
        charges[row["Kod lokalu"]][row["Miesiąc"]] += int(amount(row["Kwota"]) * 100)
    for row in read(folder, "salda"):
        figures = [str(amount(row[name])) for name in ("Saldo", "Odsetki niezaksięgowane")]
        balances[row["Kod lokalu"]].append([row["Kod osoby"], row["Fundusz"], *figures])

    for code, one in control["premises"].items():
        assert one["people"] == people[code]
        assert one["balances"] == balances[code]
        assert one["charges_by_month"] == {
            month: str(Decimal(sum_) / 100 + Decimal("0.00")) for month, sum_ in charges[code].items()
        }
    assert any(len(one["people"]) == 2 and one["people"][0][3] for one in control["premises"].values())


def test_a_ledger_opens_each_january_where_it_closed(folder: Path) -> None:
    openings = 0
    for rows in by_ledger(read(folder, "ksiegowania")).values():
        balance, days = Decimal(0), [day(row["Data księgowania"]) for row in rows]
        for row in rows:
            if row["Dokument"] != "BO":
                balance += balance_of(row)
            elif row["Data księgowania"] == "01.01.2024":
                balance = balance_of(row)
            else:
                assert balance_of(row) == balance
                openings += 1
        assert days == sorted(days)

    assert openings > PLAN.premises


def test_balances_are_the_last_closings(folder: Path) -> None:
    closings = {}
    for (code, account, payer), rows in by_ledger(read(folder, "ksiegowania")).items():
        fund = {"204-1": "podstawowy", "204-2": "remontowy"}[account]
        last = max(day(row["Data księgowania"]).year for row in rows)
        of_year = [row for row in rows if day(row["Data księgowania"]).year == last]
        closings[code, payer, fund] = sum(map(balance_of, of_year), Decimal(0))

    supplied = {
        (row["Kod lokalu"], row["Kod osoby"], row["Fundusz"]): amount(row["Saldo"])
        for row in read(folder, "salda")
    }

    assert supplied == closings
    assert {row["Stan na"] for row in read(folder, "salda")} == {"31.10.2026"}


def test_charges_are_quantity_times_rate_and_what_the_ledger_charges(folder: Path) -> None:
    by_month: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in read(folder, "naliczenia"):
        expected = (amount(row["Ilość"]) * amount(row["Stawka"])).quantize(GROSZ, ROUND_HALF_UP)
        assert amount(row["Kwota"]) == expected
        by_month[row["Kod lokalu"], row["Miesiąc"], row["Fundusz"]] += expected

    posted = {}
    for row in read(folder, "ksiegowania"):
        if row["Dokument"].startswith("NAL"):
            month = day(row["Data księgowania"]).strftime("%Y-%m")
            fund = {"204-1": "podstawowy", "204-2": "remontowy"}[row["Konto"]]
            posted[row["Kod lokalu"], month, fund] = amount(row["Winien"])
    assert posted == by_month


def test_settlements_are_posted_the_year_after(folder: Path) -> None:
    results: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in read(folder, "rozliczenia"):
        assert amount(row["Koszt"]) - amount(row["Zaliczki"]) == amount(row["Wynik"])
        results[row["Kod lokalu"], row["Kod osoby"], row["Dokument"]] += amount(row["Wynik"])

    posted = {
        (row["Kod lokalu"], row["Kod osoby"], row["Dokument"]): amount(row["Winien"])
        for row in read(folder, "ksiegowania")
        if row["Dokument"].startswith("RK")
    }

    assert posted == {key: value for key, value in results.items() if value}


def test_meters_advance_by_what_was_consumed(folder: Path) -> None:
    meters: dict[tuple[str, str, str], Rows] = defaultdict(list)
    for row in read(folder, "odczyty"):
        meters[row["Kod lokalu"], row["Medium"], row["Nr licznika"]].append(row)

    for rows in meters.values():
        for before, row in pairwise(rows):
            assert amount(row["Odczyt"]) - amount(before["Odczyt"]) == amount(row["Zużycie"])

    kinds = Counter(row["Rodzaj"] for rows in meters.values() for row in rows)
    assert kinds["demontaż"] == kinds["montaż"] > 0
    assert len(meters) == 3 * PLAN.premises + kinds["montaż"]


def test_premises_have_shares_that_add_up_and_valid_bank_accounts(folder: Path) -> None:
    premises = read(folder, "lokale")
    shares: dict[str, Rows] = defaultdict(list)
    for row in premises:
        shares[row["Nieruchomość"]].append(row)
        for nrb in (row["Rachunek"], row["Rachunek FR"]):
            assert (len(nrb), int(nrb[2:] + "2521" + nrb[:2]) % 97) == (26, 1)

    for rows in shares.values():
        total = sum((amount(row["Udział"]) for row in rows), Decimal(0))
        assert abs(total - 1) <= len(rows) * Decimal("0.0000005")
    assert len({row["Kod lokalu"] for row in premises}) == PLAN.premises
    assert (
        len({row["Rachunek"] for row in premises} | {row["Rachunek FR"] for row in premises})
        == 2 * PLAN.premises
    )


def test_the_same_plan_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    generate(PLAN, tmp_path)

    assert bytes_of(tmp_path) == bytes_of(folder)


def test_another_seed_gives_other_people(folder: Path, tmp_path: Path) -> None:
    generate(replace(PLAN, seed=2), tmp_path)

    assert bytes_of(tmp_path)["osoby.csv"] != bytes_of(folder)["osoby.csv"]


def test_chances_do_not_depend_on_the_version_of_python() -> None:
    draw = Draw(1, 0, "flat")

    assert [draw.below(1_000) for _ in range(5)] == [782, 577, 774, 821, 633]


def test_a_later_month_repeats_every_earlier_row(folder: Path, tmp_path: Path) -> None:
    generate(replace(PLAN, last_month=11), tmp_path)

    for dataset in ("naliczenia", "ksiegowania", "odczyty", "lokale"):
        earlier, later = (list(map(str, read(where, dataset))) for where in (folder, tmp_path))
        assert not Counter(earlier) - Counter(later)


def test_charges_and_readings_may_lie_in_one_file_a_month(folder: Path, tmp_path: Path) -> None:
    main(["--premises", "10", "--years", "2026", "2026", "--by-month", "--out", str(tmp_path)])

    for dataset in ("naliczenia", "odczyty"):
        files = sorted(path.name for path in tmp_path.glob(f"{dataset}-*.csv"))
        assert files == [f"{dataset}-2026-{number:02d}.csv" for number in range(1, 13)]


@pytest.mark.parametrize(
    "arguments", [["--premises", "0"], ["--years", "2026", "2024"], ["--last-month", "13"]]
)
def test_a_plan_that_makes_no_sense_is_refused(arguments: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([*arguments, "--out", str(tmp_path / "none")])

    assert not (tmp_path / "none").exists()


def test_the_reading_worker_reads_every_file_without_a_problem(folder: Path, control: dict[str, Any]) -> None:
    paths = sorted(folder.glob("*.csv"))

    files = [InputFile(no, path, path.name) for no, path in enumerate(paths, 1)]
    *_, ended = read_files(ReadRequest(files))

    assert isinstance(ended, ReadingEnded)
    assert (ended.is_complete, ended.problems) == (True, {})
    assert ended.rows == control["rows"]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
