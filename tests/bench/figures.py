"""Whole numbers that stand for money and quantities, and how Polish export files write them.

Money is counted in grosze, quantities in thousandths, rates in ten-thousandths of a złoty: no rounding is left
to chance and nothing needs Decimal while millions of rows are made.
"""

QUANTITY_SCALE = 3
RATE_SCALE = 4


def line_grosze(quantity: int, rate: int) -> int:
    """Quantity (thousandths) × rate (ten-thousandths of a złoty), rounded half up to the grosz; both ≥ 0."""
    return (quantity * rate + 50_000) // 100_000


def money(grosze: int) -> str:
    """`-1234,05`."""
    sign = "-" if grosze < 0 else ""
    whole, cents = divmod(abs(grosze), 100)
    return f"{sign}{whole},{cents:02d}"


def money_or_zero(grosze: int) -> str:
    """The same; nothing is written `0`, as in a ledger's other column."""
    return money(grosze) if grosze else "0"


def exact(grosze: int) -> str:
    """`-1234.05`: how control.json writes money."""
    return money(grosze).replace(",", ".")


def decimal(value: int, scale: int, *, places: int = 0) -> str:
    """`value` × 10^-scale with a comma, at least `places` decimals and no more zeros than these."""
    whole, fraction = divmod(value, 10**scale)
    digits = f"{fraction:0{scale}d}".rstrip("0").ljust(places, "0")
    return f"{whole},{digits}" if digits else str(whole)


def fixed(thousandths: int) -> str:
    """`61,726`: readings and consumption have three decimals."""
    return f"{thousandths // 1000},{thousandths % 1000:03d}"
