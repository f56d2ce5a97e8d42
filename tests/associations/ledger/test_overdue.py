"""What is past its due date on a day, and which debts that is."""

import datetime as dt
from decimal import Decimal

import pytest

from associations.ledger.calculations import Entry, Opening, OpeningKind
from associations.ledger.overdue import Arrears, Claim, arrears_on, claims_of, overdue_on


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def row(text: str) -> Entry:
    """Posted, document, debit, [credit, [due]]: `2026-01-01 NAL 743.28 0 2026-01-10`."""
    posted, document, debit, *rest = text.split()
    credit, due = [*rest, "0"][0], "".join(rest[1:])
    return Entry(day(posted), day(due) if due else None, document, "", Decimal(debit), Decimal(credit))


def claims(opening: str, *rows: str, year: int = 2026) -> list[Claim]:
    stated = Opening(OpeningKind.STATED, Decimal(opening), dt.date(year, 1, 1))
    return claims_of(stated, [row(text) for text in rows])


CHARGE = "2026-10-01 NAL 700 0 2026-10-10"  # a Saturday: payable until Monday the 12th
CASES = {
    "posted on the 1st and due on the 10th is not overdue on the 5th": ("0", [CHARGE], "2026-10-05", "0"),
    "nor on the due day": ("0", [CHARGE], "2026-10-10", "0"),
    "nor on the working day to which it moves": ("0", [CHARGE], "2026-10-12", "0"),
    "on the day after it is": ("0", [CHARGE], "2026-10-13", "700"),
    "a Saturday moved nothing before 2017": (
        "0",
        ["2016-12-01 NAL 700 0 2016-12-10"],
        "2016-12-11",
        "700",
    ),
    "a Saturday moves since 2017": ("0", ["2017-01-02 NAL 700 0 2017-01-07"], "2017-01-09", "0"),
    "24 December is free since 2025": ("0", ["2025-12-01 NAL 700 0 2025-12-24"], "2025-12-29", "0"),
    "and a day after the free days it is overdue": (
        "0",
        ["2025-12-01 NAL 700 0 2025-12-24"],
        "2025-12-30",
        "700",
    ),
    "24 December was a working day in 2024": (
        "0",
        ["2024-12-01 NAL 700 0 2024-12-24"],
        "2024-12-25",
        "700",
    ),
    "29 February is a due day": ("0", ["2024-02-01 NAL 700 0 2024-02-29"], "2024-02-29", "0"),
    "and 1 March the day after": ("0", ["2024-02-01 NAL 700 0 2024-02-29"], "2024-03-01", "700"),
    "a payment of the day itself counts": ("0", [CHARGE, "2026-10-13 WB 0 700"], "2026-10-13", "0"),
    "a later payment does not": ("0", [CHARGE, "2026-10-14 WB 0 700"], "2026-10-13", "700"),
    "a part is left": ("0", [CHARGE, "2026-10-02 WB 0 300"], "2026-10-13", "400"),
    "an opening debt is overdue at once": ("-312.47", [], "2026-01-01", "312.47"),
    "an opening overpayment covers": ("50", [CHARGE], "2026-10-13", "650"),
    "an overpayment is never overdue": ("0", ["2026-01-02 WB 0 10"], "2026-10-13", "0"),
    "a debit without due date counts from its posting": ("0", ["2026-03-31 ODS 2.18"], "2026-03-31", "2.18"),
    "and not before": ("0", ["2026-03-31 ODS 2.18"], "2026-03-30", "0"),
    "a negative debit counts from its posting, not from its due date": (
        "-100",
        ["2026-02-28 RK -86.40 0 2026-03-14"],
        "2026-02-28",
        "13.60",
    ),
    "a returned payment is a debt from its day": (
        "0",
        ["2026-02-01 WB 0 100", "2026-02-05 zwrot 0 -130"],
        "2026-02-05",
        "30",
    ),
    "entries after the day do not count": ("0", ["2026-03-05 RK 60 0 2026-02-28"], "2026-03-04", "0"),
}


@pytest.mark.parametrize(("opening", "rows", "on", "expected"), CASES.values(), ids=CASES)
def test_overdue_on_a_day(opening: str, rows: list[str], on: str, expected: str) -> None:
    found = claims(opening, *rows, year=min([day(text.split()[0]).year for text in rows] or [2026]))

    assert overdue_on(found, day(on)) == Decimal(expected)
    arrears = arrears_on(found, day(on))
    assert sum(one.left for one in arrears.debts) == arrears.overdue == Decimal(expected)


def debts(arrears: Arrears) -> list[tuple[str, str]]:
    return [(one.claim.document, str(one.left)) for one in arrears.debts]


def test_payments_cover_the_oldest_debts_first() -> None:
    found = claims(
        "-312.47",
        "2026-01-01 NAL_1 743.28 0 2026-01-10",
        "2026-01-12 WB 0 900.00",
        "2026-02-01 NAL_2 743.28 0 2026-02-10",
        "2026-03-01 NAL_3 743.28 0 2026-03-10",
    )

    arrears = arrears_on(found, day("2026-03-05"))

    assert arrears.overdue == Decimal("899.03")
    assert debts(arrears) == [("NAL_1", "155.75"), ("NAL_2", "743.28")]
    assert [(one.claim.document, one.claim.payable_until, str(one.left)) for one in arrears.not_due] == [
        ("NAL_3", day("2026-03-10"), "743.28")
    ]


def test_what_is_left_of_a_payment_lessens_what_is_not_due_yet() -> None:
    found = claims("0", "2026-03-01 NAL_3 743.28 0 2026-03-10", "2026-03-02 WB 0 700")

    arrears = arrears_on(found, day("2026-03-05"))

    assert arrears.overdue == 0
    assert arrears.debts == ()
    assert [str(one.left) for one in arrears.not_due] == ["43.28"]


def test_the_ledger_of_the_domain_is_even_at_its_end() -> None:
    found = claims(
        "-312.47",
        "2026-01-01 NAL 743.28 0 2026-01-10",
        "2026-01-12 WB 0 900.00",
        "2026-02-01 NAL 743.28 0 2026-02-10",
        "2026-02-10 WB 0 743.28",
        "2026-02-28 RK -86.40",
        "2026-03-01 NAL 743.28 0 2026-03-10",
        "2026-03-16 WB 0 1000.00",
        "2026-03-31 ODS 2.18",
    )

    assert [str(overdue_on(found, day(text))) for text in ("2026-01-11", "2026-01-12", "2026-01-13")] == [
        "312.47",
        "0.00",
        "155.75",
    ]
    assert overdue_on(found, day("2026-03-11")) == Decimal("812.63")
    assert overdue_on(found, day("2026-03-31")) == 0
