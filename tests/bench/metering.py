"""Readings of three media and the yearly settlements that follow from them (odczyty, rozliczenia)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.bench.estate import Flat
from tests.bench.figures import fixed, line_grosze, money
from tests.bench.plan import MonthTexts, Plan
from tests.bench.tariff import COLD_ADVANCE, HEAT_NEED, HOT_ADVANCE, heat_rate, rate_of

ESTIMATED_SHARE = 0.06
SETTLED_IN = 2  # the month in which the year before is settled
REPLACED_ON = 14
# Heat of each month in thousandths of a year's.
SEASON = (190, 165, 140, 80, 15, 0, 0, 0, 15, 85, 135, 175)


class ReadingRow(NamedTuple):
    """A line of odczyty and its month."""

    year: int
    month: int
    line: str


class SettlementRow(NamedTuple):
    """A line of rozliczenia; `result` in grosze, plus is to be paid."""

    line: str
    result: int


@dataclass(slots=True)
class _Meter:
    medium: str
    unit: str
    serial: str
    value: int
    consumed: dict[int, int] = field(default_factory=dict)

    def advance(self, amount: int, year: int) -> None:
        self.value += amount
        self.consumed[year] = self.consumed.get(year, 0) + amount

    def line(self, flat: Flat, day: str, consumption: int, kind: str, document: str) -> str:
        return (
            f"{flat.code};{self.medium};{self.serial};{day};{fixed(self.value)};{fixed(consumption)};"
            f"{self.unit};{kind};{document}"
        )


class Metering:
    """The meters of one premises over the whole plan."""

    def __init__(self, plan: Plan, flat: Flat) -> None:
        self._plan, self._flat = plan, flat
        self._draw = plan.draw(flat.index, "meters")
        draw = self._draw
        self._meters = (
            _Meter("zimna woda", "m3", f"{draw.below(999_999):08d}", draw.between(20_000, 400_000)),
            _Meter(
                "ciepła woda", "m3", f"{1_000_000 + draw.below(8_999_999):08d}", draw.between(10_000, 200_000)
            ),
            _Meter("energia cieplna", "GJ", f"CO-{draw.below(999_999):06d}", draw.between(5_000, 90_000)),
        )
        is_replaced = draw.happens(plan.replaced_share)
        month = draw.below(12 * len(plan.years))
        self._replaced_in = month if is_replaced else None

    def readings(self) -> Iterator[ReadingRow]:
        """Every reading in the order of time; afterwards `settlements` knows what was consumed."""
        for index, month in enumerate(self._plan.months):
            for number, meter in enumerate(self._meters):
                if index == self._replaced_in and number < 2:  # water meters
                    yield from self._replace(meter, month)
                yield self._read(meter, month, self._consumption(number, month))

    def _consumption(self, number: int, month: MonthTexts) -> int:
        factor = self._draw.between(80, 125)
        if number == 0:
            return self._flat.residents * COLD_ADVANCE * factor // 105
        if number == 1:
            return self._flat.residents * HOT_ADVANCE * factor // 105
        # area in hundredths of a m² × GJ a m² in hundredths: the season's thousandths make thousandths of GJ
        return self._flat.area * HEAT_NEED * SEASON[month.number - 1] * factor // 1_050_000

    def _read(self, meter: _Meter, month: MonthTexts, consumption: int) -> ReadingRow:
        kind = "szacunek" if self._draw.happens(ESTIMATED_SHARE) else "odczyt"
        meter.advance(consumption, month.year)
        document = f"OD {month.number:02d}/{month.year}"
        return ReadingRow(
            month.year, month.number, meter.line(self._flat, month.last_day, consumption, kind, document)
        )

    def _replace(self, meter: _Meter, month: MonthTexts) -> Iterator[ReadingRow]:
        day, document = month.day(REPLACED_ON), f"PW {self._flat.index + 1}/{month.year}"
        meter.advance(400, month.year)
        yield ReadingRow(month.year, month.number, meter.line(self._flat, day, 400, "demontaż", document))
        meter.serial, meter.value = f"{90_000_000 + self._draw.below(9_999_999)}", 50
        yield ReadingRow(month.year, month.number, meter.line(self._flat, day, 0, "montaż", document))

    def settlements(self, year: int) -> Iterator[SettlementRow]:
        """The settlement of a year that lies wholly before the plan's end, one line per medium."""
        flat = self._flat
        payer = flat.payer(12 * (year - self._plan.first_year) + 11)
        head = f"{flat.code};{payer}"
        document = f"RK {flat.index + 1}/{year + 1}"
        for meter, (rate, advances) in zip(self._meters, self._prices(year), strict=True):
            consumed = meter.consumed.get(year, 0)
            cost = line_grosze(consumed, rate)
            line = (
                f"{head};{meter.medium};01.01.{year};31.12.{year};{document};{fixed(consumed)};{meter.unit};"
                f"{money(cost)};{money(advances)};{money(cost - advances)};14.03.{year + 1}"
            )
            yield SettlementRow(line, cost - advances)

    def _prices(self, year: int) -> Iterator[tuple[int, int]]:
        """Rate and a year's advances per medium: ten-thousandths of a złoty, grosze."""
        people = self._flat.residents
        cold, hot, heating = rate_of("ZW", year), rate_of("CWZ", year), rate_of("CO", year)
        yield cold, 12 * line_grosze(people * COLD_ADVANCE, cold)
        yield hot, 12 * line_grosze(people * HOT_ADVANCE, hot)
        yield heat_rate(year), 12 * line_grosze(self._flat.area * 10, heating)


def settled_years(plan: Plan) -> Iterator[int]:
    """Years whose settlement falls into the plan."""
    for year in plan.years:
        settled_in_plan = year + 1 < plan.last_year or (
            year + 1 == plan.last_year and plan.last_month >= SETTLED_IN
        )
        if settled_in_plan:
            yield year
