"""The made-up association: properties, buildings, premises and the people who hold or held them."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.figures import decimal
from tests.bench.names import GIVEN_NAMES, STREETS, SURNAMES
from tests.bench.plan import Draw, Plan

PER_BUILDING = 30
PER_PROPERTY = 60
BANK = "10201055"
SHARE_SCALE = 6
HELD_SINCE = "01.01.2009"
TITLE_KINDS = ("odrębna własność", "spółdzielcze własnościowe prawo", "spółdzielcze lokatorskie prawo")
FRACTIONS = (("1/2", "1/2"), ("1/3", "2/3"), ("1/4", "3/4"))


@dataclass(frozen=True, slots=True)
class Title:
    """A person's title to one premises; an empty date is open."""

    code: str
    name: str
    email: str
    kind: str
    starts_on: str
    ends_on: str
    share: str
    is_joint: bool


@dataclass(frozen=True, slots=True)
class Flat:
    """One premises. `area` in hundredths of a m²; a sale passes it to the buyer with the month of that index."""

    index: int
    property_code: str
    building: str
    address: str
    number: int
    code: str
    area: int
    share: str
    residents: int
    accounts: tuple[str, str]
    titles: tuple[Title, ...]
    is_debtor: bool
    sold_from: int | None

    def payer(self, month: int) -> str:
        """Code of the person who pays for the month of that index."""
        buyer = self.sold_from is not None and month >= self.sold_from
        return self.titles[-1 if buyer else 0].code


def flats(plan: Plan) -> Iterator[Flat]:
    """Every premises of the plan, one at a time, property by property."""
    for start in range(0, plan.premises, PER_PROPERTY):
        indexes = range(start, min(start + PER_PROPERTY, plan.premises))
        areas = [_area(plan, index) for index in indexes]
        total = sum(areas)
        for index, area in zip(indexes, areas, strict=True):
            share = (2 * area * 10**SHARE_SCALE + total) // (2 * total)
            yield _flat(plan, index, area, share)


def _area(plan: Plan, index: int) -> int:
    return plan.draw(index, "area").between(2600, 8900)


def _flat(plan: Plan, index: int, area: int, share: int) -> Flat:
    draw = plan.draw(index, "flat")
    building, number = divmod(index, PER_BUILDING)
    # The sale is drawn over all years of the plan: a plan that ends earlier has not seen it yet.
    sale_month = draw.between(1, 12 * len(plan.years) - 1) if draw.happens(plan.sale_share) else None
    sold_from = sale_month if sale_month is not None and sale_month < len(plan.months) else None
    return Flat(
        index=index,
        property_code=f"N{index // PER_PROPERTY + 1}",
        building=f"B{building + 1:02d}",
        address=f"ul. {STREETS[building // 8 % len(STREETS)]} {2 * building + 2}",
        number=number + 1,
        code=f"{401 + building:04d}-{number + 1:03d}",
        area=area,
        share=decimal(share, SHARE_SCALE, places=SHARE_SCALE),
        residents=draw.between(1, 4),
        accounts=(bank_account(700_000 + 10 * index + 11), bank_account(700_000 + 10 * index + 12)),
        is_debtor=draw.happens(plan.debtor_share),
        titles=_titles(draw, plan, index, sold_from=sold_from, is_ever_sold=sale_month is not None),
        sold_from=sold_from,
    )


def _titles(
    draw: Draw, plan: Plan, index: int, *, sold_from: int | None, is_ever_sold: bool
) -> tuple[Title, ...]:
    code, kind = 17_000_010 + 10 * index, draw.pick(TITLE_KINDS)
    first, second = (_person(draw, index, number) for number in (0, 1))
    if sold_from is not None:
        last_day, first_day = plan.months[sold_from - 1].last_day, plan.months[sold_from].first_day
        return (
            Title(str(code), *first, kind, HELD_SINCE, last_day, "1/1", is_joint=False),
            Title(str(code + 1), *second, kind, first_day, "", "1/1", is_joint=False),
        )
    if is_ever_sold or not draw.happens(plan.co_owner_share):
        return (Title(str(code), *first, kind, HELD_SINCE, "", "1/1", is_joint=False),)
    is_joint = draw.happens(0.5)
    shares = ("1/1", "1/1") if is_joint else draw.pick(FRACTIONS)
    return tuple(
        Title(str(code + number), *person, kind, HELD_SINCE, "", shares[number], is_joint=is_joint)
        for number, person in enumerate((first, second))
    )


def _person(draw: Draw, index: int, number: int) -> tuple[str, str]:
    """Name and e-mail; some people have no e-mail."""
    is_woman = draw.happens(0.5)
    name = f"{draw.pick(SURNAMES)[is_woman]} {draw.pick(GIVEN_NAMES[is_woman])}"
    return name, f"osoba{index + 1}.{number}@example.org" if draw.happens(0.6) else ""


def bank_account(number: int) -> str:
    """A made-up NRB with correct check digits."""
    rest = f"{BANK}{number:016d}"
    return f"{98 - int(rest + '252100') % 97:02d}{rest}"
