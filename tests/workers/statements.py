"""Made-up MT940 statements in the dialects of Polish banks."""

from collections.abc import Sequence
from decimal import Decimal

OWN = "85102010550000000000000001"


def nrb(bank: str, number: int) -> str:
    """A bank account with its right control digits."""
    rest = f"{bank}{number:016d}"
    return f"{98 - int(rest + '252100') % 97:02d}{rest}"


VIRTUAL = [nrb("10201055", 7_000_000_000 + flat) for flat in range(1, 7)]
SENDER = nrb("11402004", 300_200_300)


def amount_text(amount: Decimal) -> str:
    return f"{abs(amount):.2f}".replace(".", ",")


def balance_text(amount: Decimal, day: str) -> str:
    return f"{'C' if amount >= 0 else 'D'}{day}PLN{amount_text(amount)}"


def details(separator: str, *, title: str, name: str, paid_to: str) -> str:
    """The `:86:` field with sub-fields cut at 27 characters, wrapped at 65."""
    pieces = [title[place : place + 27] for place in range(0, len(title), 27)]
    fields = [("00", "PRZELEW PRZYCHODZACY")]
    fields += [(str(20 + place), piece) for place, piece in enumerate(pieces)]
    fields += [("30", "11402004"), ("31", SENDER[10:]), ("32", name), ("38", f"PL{SENDER}"), ("63", paid_to)]
    text = "020" + "".join(f"{separator}{code}{piece}" for code, piece in fields)
    return "\n".join(text[place : place + 65] for place in range(0, len(text), 65))


def operation(
    amount: str, *, separator: str = "~", day: str = "261112", mark: str = "", paid_to: str = VIRTUAL[0],
    title: str = "Opłata za listopad 2026 lokal 1", name: str = "NOWAK ANNA UL. LIPOWA 12/1",
) -> tuple[Decimal, str]:  # fmt: skip
    """One `:61:` with its `:86:`, and what it adds to the account."""
    value = Decimal(amount)
    mark = mark or ("C" if value > 0 else "D")
    line = f":61:{day}{day[2:]}{mark}N{amount_text(value)}S015NONREF//REF{abs(value)}"
    return value, f"{line}\n:86:{details(separator, title=title, name=name, paid_to=paid_to)}"


def statement(
    *operations: tuple[Decimal, str],
    opening: str = "1000.00",
    closing: str | None = None,
    number: str = "00012/001",
    account: str = f"/PL{OWN}",
) -> str:
    """One statement whose closing balance adds up, unless another is given."""
    start = Decimal(opening)
    end = Decimal(closing) if closing else start + sum(value for value, _ in operations)
    return "\n".join(
        [
            f":20:ST{number[:5]}",
            f":25:{account}",
            f":28C:{number}",
            f":60F:{balance_text(start, '261112')}",
            *(text for _, text in operations),
            f":62F:{balance_text(end, '261112')}",
            f":64:{balance_text(end, '261112')}",
            "-",
            "",
        ]
    )


def as_file(*statements: str, encoding: str = "cp852", name: str = "wyciag.sta") -> tuple[str, bytes]:
    return name, "".join(statements).replace("\n", "\r\n").encode(encoding)


def repeated(of: Sequence[tuple[Decimal, str]], times: int) -> list[tuple[Decimal, str]]:
    return [one for one in of for _ in range(times)]
