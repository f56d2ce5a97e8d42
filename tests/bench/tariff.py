"""Rates of each year and the twelve charge lines of a month that follow from them (naliczenia)."""

from dataclasses import dataclass
from enum import Enum, auto

from tests.bench.estate import Flat
from tests.bench.figures import QUANTITY_SCALE, RATE_SCALE, decimal, line_grosze

MAIN, REPAIR = "podstawowy", "remontowy"
COLD_ADVANCE = 3_000  # m³ a person and month, in thousandths
HOT_ADVANCE = 1_500
BASE_YEAR = 2020
# GJ of heat a m² and year, in hundredths: what the heating advance is made to cover.
HEAT_NEED = 34


class Basis(Enum):
    """What a component is charged by."""

    AREA = auto()
    PREMISES = auto()
    COLD_WATER = auto()
    HOT_WATER = auto()
    PERSON = auto()
    METER = auto()


UNITS = {
    Basis.AREA: "m2",
    Basis.PREMISES: "lokal",
    Basis.COLD_WATER: "m3",
    Basis.HOT_WATER: "m3",
    Basis.PERSON: "os.",
    Basis.METER: "szt.",
}


@dataclass(frozen=True, slots=True)
class Component:
    """A component of the charges; rate and yearly rise in ten-thousandths of a złoty."""

    code: str
    name: str
    fund: str
    basis: Basis
    rate_2020: int
    rise: int

    def rate(self, year: int) -> int:
        """The rate of a year."""
        return self.rate_2020 + self.rise * max(0, year - BASE_YEAR)


COMPONENTS = (
    Component("EKSP", "Eksploatacja podstawowa", MAIN, Basis.AREA, 16_500, 900),
    Component("ZARZ", "Koszty zarządzania", MAIN, Basis.AREA, 15_800, 700),
    Component("MIEN", "Mienie spółdzielni", MAIN, Basis.AREA, 4_100, 200),
    Component("FR", "Fundusz remontowy", REPAIR, Basis.AREA, 20_000, 1_500),
    Component("CO", "Centralne ogrzewanie – zaliczka", MAIN, Basis.AREA, 39_000, 3_000),
    Component("CWS", "Ciepła woda – opłata stała", MAIN, Basis.PREMISES, 400_000, 20_000),
    Component("CWZ", "Podgrzanie wody – zaliczka", MAIN, Basis.HOT_WATER, 201_250, 10_050),
    Component("ZW", "Zimna woda i ścieki – zaliczka", MAIN, Basis.COLD_WATER, 98_764, 3_200),
    Component("OD", "Odpady komunalne", MAIN, Basis.PERSON, 220_000, 30_000),
    Component("WOD", "Wodomierze", MAIN, Basis.METER, 12_000, 0),
    Component("DOM", "Domofon", MAIN, Basis.PREMISES, 15_000, 0),
    Component("PN", "Podatek od nieruchomości", MAIN, Basis.AREA, 1_600, 100),
)


def rate_of(code: str, year: int) -> int:
    """The rate of one component, in ten-thousandths of a złoty."""
    return next(component.rate(year) for component in COMPONENTS if component.code == code)


def heat_rate(year: int) -> int:
    """Złoty per GJ in ten-thousandths: a usual year's heat costs about what the advances cover."""
    return rate_of("CO", year) * 12 * 100 // HEAT_NEED


@dataclass(frozen=True, slots=True)
class Fees:
    """A month's charges of one premises in one year: what follows the payer's code, and the sums per fund."""

    tails: tuple[str, ...]
    main: int
    repair: int


def fees(flat: Flat, year: int) -> Fees:
    """The twelve lines; sums in grosze."""
    quantities = _quantities(flat)
    tails, sums = [], {MAIN: 0, REPAIR: 0}
    for component in COMPONENTS:
        quantity, rate = quantities[component.basis], component.rate(year)
        amount = line_grosze(quantity, rate)
        sums[component.fund] += amount
        tails.append(
            f"{component.code};{component.name};{component.fund};{decimal(quantity, QUANTITY_SCALE)};"
            f"{UNITS[component.basis]};{decimal(rate, RATE_SCALE, places=2)};{amount // 100},{amount % 100:02d}"
        )
    return Fees(tuple(tails), sums[MAIN], sums[REPAIR])


def _quantities(flat: Flat) -> dict[Basis, int]:
    return {
        Basis.AREA: flat.area * 10,
        Basis.PREMISES: 1_000,
        Basis.COLD_WATER: flat.residents * COLD_ADVANCE,
        Basis.HOT_WATER: flat.residents * HOT_ADVANCE,
        Basis.PERSON: flat.residents * 1_000,
        Basis.METER: 2_000,
    }
