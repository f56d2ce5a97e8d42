"""Export files of a made-up association of any size, with control figures; the same plan gives the same bytes.

`python -m tests.bench.generator --premises 60 --years 2024 2026 --out DIR` writes what a cooperative's programs
export (the shape of samples/spoldzielnia) and control.json. Premises come one after the other: 12 000 need no more
memory than 60. About 144 charge lines, 42 postings and 36 readings a premises and year.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.bench.bookkeeping import ACCOUNTS, Book, Posting
from tests.bench.control import Control
from tests.bench.estate import Flat, flats
from tests.bench.export import ExportFolder
from tests.bench.figures import QUANTITY_SCALE, decimal, money
from tests.bench.metering import Metering, settled_years
from tests.bench.plan import Plan
from tests.bench.tariff import Fees, fees


def generate(plan: Plan, folder: Path) -> dict[str, Any]:
    """Write every file of the plan and control.json into the folder; returns the control figures."""
    control = Control(plan.premises)
    with ExportFolder(folder) as files:
        files.write("konta", (f"{account.code};{account.label};{account.fund}" for account in ACCOUNTS))
        control.rows["accounts"] = len(ACCOUNTS)
        for flat in flats(plan):
            control.begin(flat)
            _write_flat(plan, flat, files, control)
            control.end()
    document = control.document()
    text = json.dumps(document, ensure_ascii=False, indent=1)
    (folder / "control.json").write_text(text + "\n", encoding="utf-8")
    return document


def _write_flat(plan: Plan, flat: Flat, files: ExportFolder, control: Control) -> None:
    files.write("lokale", (_premises_line(flat),))
    files.write("osoby", _people_lines(flat))
    fees_by_year = {year: fees(flat, year) for year in plan.years}
    _write_charges(plan, flat, fees_by_year, files, control)
    results = _write_meters(plan, flat, files, control)
    for account in ACCOUNTS:
        book = Book(plan, flat, account, results)
        _write_postings(flat, list(book.postings(fees_by_year)), files, control)
        as_of = plan.months[-1].last_day
        for payer, amount in book.balances.items():
            interest = book.interest_accrued(payer)
            control.balance(payer, account.fund, amount, interest)
            line = f"{flat.code};{payer};{account.fund};{money(amount)};{money(interest)};{as_of}"
            files.write("salda", (line,))


def _premises_line(flat: Flat) -> str:
    area = decimal(flat.area * 10, QUANTITY_SCALE)
    main, repair = flat.accounts
    return (
        f"{flat.property_code};{flat.building};{flat.address};{flat.number};{flat.code};mieszkalny;{area};"
        f"{flat.share};{flat.residents};{main};{repair}"
    )


def _people_lines(flat: Flat) -> list[str]:
    return [
        f"{title.code};{title.name};{title.email};;{flat.code};{title.kind};{title.starts_on};{title.ends_on};"
        f"{title.share};{'łączna' if title.is_joint else ''}"
        for title in flat.titles
    ]


def _write_charges(
    plan: Plan, flat: Flat, fees_by_year: dict[int, Fees], files: ExportFolder, control: Control
) -> None:
    for index, month in enumerate(plan.months):
        of_year = fees_by_year[month.year]
        head = f"{month.iso};{flat.code};{flat.payer(index)};"
        period = plan.period(month.year, month.number)
        files.write("naliczenia", [head + tail for tail in of_year.tails], period=period)
        control.charges(month.iso, of_year.main + of_year.repair, len(of_year.tails))


def _write_meters(plan: Plan, flat: Flat, files: ExportFolder, control: Control) -> dict[int, int]:
    """Readings and settlements; returns what each settled year leaves to be paid, in grosze."""
    metering = Metering(plan, flat)
    readings = list(metering.readings())
    for period, rows in groupby(readings, key=lambda row: plan.period(row.year, row.month)):
        files.write("odczyty", [row.line for row in rows], period=period)
    control.rows["readings"] += len(readings)
    results = {}
    for year in settled_years(plan):
        settlements = list(metering.settlements(year))
        files.write("rozliczenia", (row.line for row in settlements))
        control.rows["settlements"] += len(settlements)
        results[year] = sum(row.result for row in settlements)
    return results


def _write_postings(flat: Flat, postings: list[Posting], files: ExportFolder, control: Control) -> None:
    for year, rows in groupby(postings, key=lambda row: row.year):
        files.write("ksiegowania", [row.line(flat.code) for row in rows], period=str(year))
    for row in postings:
        control.posting(row)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the folder that the arguments describe."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.generator", description=__doc__)
    parser.add_argument("--premises", type=int, default=60)
    parser.add_argument("--years", type=int, nargs=2, metavar=("FIRST", "LAST"), default=(2024, 2026))
    parser.add_argument("--last-month", type=int, default=12, help="where the last year ends, 1 to 12")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sale-share", type=float, default=Plan.sale_share)
    parser.add_argument("--co-owner-share", type=float, default=Plan.co_owner_share)
    parser.add_argument("--replaced-share", type=float, default=Plan.replaced_share)
    parser.add_argument("--debtor-share", type=float, default=Plan.debtor_share)
    parser.add_argument("--by-month", action="store_true", help="a file of charges and of readings a month")
    parser.add_argument("--out", type=Path, required=True)
    options = vars(parser.parse_args(arguments))
    folder, (first, last) = options.pop("out"), options.pop("years")
    try:
        plan = Plan(first_year=first, last_year=last, **options)
    except ValueError as error:
        parser.error(str(error))
    document = generate(plan, folder)
    print(json.dumps({"rows": document["rows"], "sums": document["sums"]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
