"""Which received payments the books contain: by amount and day, split over funds, or passed by the books."""

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from associations.payments.calculations import Credit, Received, unbooked


def received(day: str, amount: str, fund: int | None = None) -> Received:
    return Received(dt.date.fromisoformat(day), Decimal(amount), "czynsz", "Nowak Anna", fund)


def credit(day: str, amount: str, fund: int = 1) -> Credit:
    return Credit(fund, dt.date.fromisoformat(day), Decimal(amount))


def test_a_payment_waits_until_a_credit_of_its_amount_is_booked() -> None:
    payment = received("2026-11-12", "743.28")

    assert unbooked([payment], []) == [payment]
    assert unbooked([payment], [credit("2026-11-10", "100.00")]) == [payment]
    assert unbooked([payment], [credit("2026-11-12", "743.28")]) == []


def test_one_credit_stands_for_one_of_two_equal_payments() -> None:
    twice = [received("2026-11-12", "50.00"), received("2026-11-12", "50.00")]

    assert unbooked(twice, [credit("2026-11-12", "50.00")]) == [twice[1]]


def test_a_credit_of_another_fund_is_not_the_payment_of_this_one() -> None:
    payment = received("2026-11-12", "50.00", fund=2)

    assert unbooked([payment], [credit("2026-11-12", "50.00", fund=1)]) == [payment]
    assert unbooked([payment], [credit("2026-11-12", "50.00", fund=2)]) == []


def test_a_payment_split_over_funds_is_found_by_the_days_sum() -> None:
    payment = received("2026-11-12", "950.26")

    assert unbooked([payment], [credit("2026-11-13", "814.46"), credit("2026-11-13", "135.80", fund=2)]) == []
    assert unbooked([payment], [credit("2026-11-12", "814.46")]) == [payment]


def test_books_that_passed_the_day_contain_the_payment() -> None:
    payment = received("2026-02-28", "743.28")

    assert unbooked([payment], [credit("2026-03-16", "1000.00")]) == []
    assert unbooked([payment], [credit("2026-02-28", "1000.00")]) == [payment]


def test_last_months_credit_of_the_same_amount_is_not_this_months_payment() -> None:
    payment = received("2026-11-12", "743.28")

    assert unbooked([payment], [credit("2026-10-12", "743.28")]) == [payment]


days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 3, 31))
amounts = st.decimals("-100", "100", places=2).filter(bool)


@given(
    st.lists(st.tuples(days, amounts), max_size=8),
    st.lists(st.tuples(days, amounts), max_size=8),
)
def test_nothing_is_invented_and_nothing_booked_twice(
    payments: list[tuple[dt.date, Decimal]], booked: list[tuple[dt.date, Decimal]]
) -> None:
    received = [Received(day, amount, str(place), "", None) for place, (day, amount) in enumerate(payments)]
    waiting = unbooked(received, [Credit(1, day, amount) for day, amount in booked])

    places = [int(one.title) for one in waiting]
    assert places == sorted(set(places))
    assert all(received[place] == one for place, one in zip(places, waiting, strict=True))
    last_booked = max((day for day, _ in booked), default=dt.date.min)
    assert all(one in waiting for one in received if one.booked_on > last_booked + dt.timedelta(days=5))
