"""The ledger of one premises: charge runs, payments, settlements, interest and openings (księgowania)."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tests.bench.estate import Flat
from tests.bench.figures import money_or_zero
from tests.bench.metering import SETTLED_IN
from tests.bench.plan import Draw, MonthTexts, Plan
from tests.bench.tariff import MAIN, REPAIR, Fees

QUARTER = 3
INTEREST_RATE = 1125  # 11.25 % a year, in hundredths of a per cent
INTEREST_FROM = 10_000  # arrears in grosze from which the office posts interest
ROUND_SUM = 1_000  # some people pay whole tens of złoty
# Months that a payment covers and the parts it is made in, by fund: most people pay the repair fund by the quarter,
# some every month, some in two halves.
HABITS: tuple[dict[str, tuple[int, int]], ...] = (
    *({MAIN: (1, 1), REPAIR: (QUARTER, 1)},) * 7,
    *({MAIN: (1, 1), REPAIR: (1, 1)},) * 2,
    {MAIN: (1, 2), REPAIR: (1, 2)},
)
OPENINGS = (0, 0, -8_000, 12_345, -31_247)  # balances in grosze with which the first year begins


class Account(NamedTuple):
    """An account of the association."""

    code: str
    label: str
    fund: str
    suffix: str


ACCOUNTS = (
    Account("204-1", "Opłaty za używanie lokali", MAIN, ""),
    Account("204-2", "Fundusz remontowy", REPAIR, " – fundusz remontowy"),
)


class Posting(NamedTuple):
    """One posting; debit and credit in grosze."""

    year: int
    payer: str
    account: str
    day: str
    due: str
    document: str
    text: str
    debit: int
    credit: int

    @property
    def is_opening(self) -> bool:
        """A BO row states an opening: it is no turnover."""
        return self.document == "BO"

    def line(self, premises: str) -> str:
        """The line of the file."""
        return (
            f"{premises};{self.payer};{self.account};{self.day};{self.due};{self.document};{self.text};"
            f"{money_or_zero(self.debit)};{money_or_zero(self.credit)}"
        )


class Book:
    """Postings of one premises on one account. `balances`: grosze by payer, minus is underpayment."""

    def __init__(self, plan: Plan, flat: Flat, account: Account, results: Mapping[int, int]) -> None:
        self._plan, self._flat, self._account, self._results = plan, flat, account, results
        self._draw: Draw = plan.draw(flat.index, account.code)
        self._months_paid, self._parts = plan.draw(flat.index, "habit").pick(HABITS)[account.fund]
        self.balances: dict[str, int] = {}

    def postings(self, fees: Mapping[int, Fees]) -> Iterator[Posting]:
        """Every posting in the order of time."""
        for index, month in enumerate(self._plan.months):
            payer = self._flat.payer(index)
            of_year = fees[month.year]
            charge = of_year.main if self._account.fund == MAIN else of_year.repair
            if month.number == 1:
                yield from self._openings(month, payer)
            yield self._post(
                month,
                payer,
                month.first_day,
                "NAL",
                charge,
                f"Naliczenie za {month.short}{self._account.suffix}",
            )
            yield from self._payment(month, payer, charge)
            if self._account.fund == MAIN and month.number == SETTLED_IN:
                yield from self._settlement(month, index)
            if month.number % QUARTER == 0:
                yield from self._interest(month)

    def interest_accrued(self, payer: str) -> int:
        """Interest of the last month that is not posted yet, in grosze."""
        return _interest(self.balances[payer], self._plan.months[-1].length)

    def _openings(self, month: MonthTexts, payer: str) -> Iterator[Posting]:
        if month.year == self._plan.first_year:
            self.balances[payer] = self._draw.pick(OPENINGS)
        for person, balance in self.balances.items():
            if balance:
                yield Posting(
                    *(month.year, person, self._account.code, month.first_day, "", "BO", "Bilans otwarcia"),
                    debit=max(-balance, 0),
                    credit=max(balance, 0),
                )

    def _payment(self, month: MonthTexts, payer: str, charge: int) -> Iterator[Posting]:
        """Debtors pay when they can; whoever has paid too much goes on paying the usual sum.

        So few ledgers stand at zero in January. Two equal payments of one day are two rows.
        """
        draw = self._draw
        day, is_forgotten = draw.between(3, 18), draw.happens(0.45 if self._flat.is_debtor else 0.05)
        is_rounded = draw.happens(0.1)
        if is_forgotten or month.number % self._months_paid:
            return
        amount = self._months_paid * charge
        if not self._flat.is_debtor:
            amount = max(amount, -self.balances[payer])
        part = -(-amount // self._parts)
        if is_rounded:
            part = -(-part // ROUND_SUM) * ROUND_SUM
        document = f"WB {month.days_before + day}/{month.year}"
        for _ in range(self._parts):
            yield self._pay(month, payer, month.day(day), document, part)

    def _settlement(self, month: MonthTexts, index: int) -> Iterator[Posting]:
        result = self._results.get(month.year - 1)
        if result:
            payer = self._flat.payer(index - SETTLED_IN)
            text = f"Rozliczenie mediów za {month.year - 1}"
            yield self._post(month, payer, month.day(28), "RK", result, text)

    def _interest(self, month: MonthTexts) -> Iterator[Posting]:
        for person, balance in tuple(self.balances.items()):
            if -balance >= INTEREST_FROM:
                quarter = month.number // QUARTER
                text = f"Odsetki za opóźnienie za {quarter} kwartał {month.year}"
                yield self._post(month, person, month.last_day, "ODS", _interest(balance, 91), text)

    def _post(self, month: MonthTexts, payer: str, day: str, kind: str, debit: int, text: str) -> Posting:
        number = {"NAL": f"{month.number:02d}", "RK": str(self._flat.index + 1)}.get(
            kind, str(month.number // QUARTER)
        )
        due = month.due_day if kind == "NAL" else ""
        self.balances[payer] = self.balances.get(payer, 0) - debit
        document = f"{kind} {number}/{month.year}"
        return Posting(month.year, payer, self._account.code, day, due, document, text, debit, 0)

    def _pay(self, month: MonthTexts, payer: str, day: str, document: str, amount: int) -> Posting:
        self.balances[payer] += amount
        return Posting(month.year, payer, self._account.code, day, "", document, "Wpłata", 0, amount)


def _interest(balance: int, days: int) -> int:
    """Simple interest on an underpayment for so many days, rounded half up; 0 on an overpayment."""
    return (max(-balance, 0) * INTEREST_RATE * days + 1_825_000) // 3_650_000
