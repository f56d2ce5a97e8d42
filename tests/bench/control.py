"""control.json: what is to be found again wherever the generated files have gone."""

from typing import Any

from tests.bench.bookkeeping import Posting
from tests.bench.estate import Flat
from tests.bench.figures import exact

CHOSEN = 6
CHOSEN_SALES = 2
ROWS = ("premises", "people", "accounts", "charges", "postings", "balances", "readings", "settlements")
SUMS = ("charges", "debit", "credit", "balance", "interest")


class Control:
    """Counts and sums of everything; people, months and years of a few chosen premises."""

    def __init__(self, premises: int) -> None:
        self.rows = dict.fromkeys(ROWS, 0)
        self.sums = dict.fromkeys(SUMS, 0)
        self._step = max(1, premises // CHOSEN)
        self._sales = 0
        self._premises: dict[str, Any] = {}
        self._chosen: dict[str, Any] | None = None
        self._years: dict[tuple[int, str, str], list[int]] = {}

    def begin(self, flat: Flat) -> None:
        """The next premises: is it one of the chosen?"""
        self.rows["premises"] += 1
        self.rows["people"] += len(flat.titles)
        is_sale = flat.sold_from is not None and self._sales < CHOSEN_SALES
        self._sales += is_sale
        self._chosen = None
        if is_sale or flat.index % self._step == 0:
            people = [[t.code, t.name, _iso(t.starts_on), _iso(t.ends_on)] for t in flat.titles]
            self._chosen = {"people": people, "balances": [], "charges_by_month": {}, "years": {}}
            self._premises[flat.code] = self._chosen
            self._years = {}

    def charges(self, month: str, amount: int, lines: int) -> None:
        """A month's charges of the premises."""
        self.rows["charges"] += lines
        self.sums["charges"] += amount
        if self._chosen:
            self._chosen["charges_by_month"][month] = exact(amount)

    def posting(self, row: Posting) -> None:
        """One posting; an opening is counted, but it is no turnover."""
        self.rows["postings"] += 1
        if not row.is_opening:
            self.sums["debit"] += row.debit
            self.sums["credit"] += row.credit
        if self._chosen:
            year = self._years.setdefault((row.year, row.account, row.payer), [0, 0, 0])
            if row.is_opening:
                year[0] += row.credit - row.debit
            else:
                year[1] += row.debit
                year[2] += row.credit

    def balance(self, payer: str, fund: str, amount: int, interest: int) -> None:
        """One balance with its interest."""
        self.rows["balances"] += 1
        self.sums["balance"] += amount
        self.sums["interest"] += interest
        if self._chosen:
            self._chosen["balances"].append([payer, fund, exact(amount), exact(interest)])

    def end(self) -> None:
        """The premises is complete."""
        if self._chosen:
            for (year, account, payer), (opening, debit, credit) in sorted(self._years.items()):
                self._chosen["years"][f"{year} {account} {payer}"] = {
                    "opening": exact(opening),
                    "debit": exact(debit),
                    "credit": exact(credit),
                    "closing": exact(opening + credit - debit),
                }

    def document(self) -> dict[str, Any]:
        """The content of control.json."""
        sums = {name: exact(amount) for name, amount in self.sums.items()}
        return {"rows": self.rows, "sums": sums, "premises": self._premises}


def _iso(day: str) -> str:
    return "-".join(reversed(day.split("."))) if day else ""
