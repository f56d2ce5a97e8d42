"""Payments that the bank received and the books do not contain: shown beside the balance, never in it."""

import datetime as dt
import re
from decimal import Decimal

from django.test import Client
from django.utils.timezone import localdate

from associations.payments.models import Payment
from associations.premises.models import Premises
from saas.tenancy.switching import AssociationRef
from tests.billing_views.owner.browsing import browser_of
from tests.billing_views.owner.conftest import Flat
from tests.billing_views.owner.reading import text_of
from tests.billing_views.owner.test_pages import show
from tests.factories import make_holding, make_ledger_account, make_person, make_premises, publish_postings

FIGURE = re.compile(r"[+−]?[0-9\u00a0]*[0-9],[0-9]{2}")
HEADING = "Wpłaty otrzymane, jeszcze niezaksięgowane (nie wchodzą do salda)"


def pay(
    premises: Premises | None, days_ago: int, amount: str, title: str = "Czynsz", **fields: object
) -> None:
    Payment.objects.create(
        identity=f"{premises}{days_ago}{amount}{title}",
        account="85102010550000000000000001",
        booked_on=localdate() - dt.timedelta(days=days_ago),
        amount=Decimal(amount),
        title=title,
        premises=premises,
        **fields,
    )


def test_a_payment_is_shown_until_the_books_contain_it_and_no_balance_moves(
    flat: Flat, browser: Client
) -> None:
    before = show(browser, flat, "kartoteka/")
    assert HEADING not in before
    pay(flat.premises, 2, "743.28", "Czynsz za listopad")

    waiting = show(browser, flat, "kartoteka/")

    assert HEADING in waiting
    assert "Czynsz za listopad" in waiting
    assert "743,28" in waiting
    figures = FIGURE.findall(waiting)
    figures.remove("743,28")
    assert figures == FIGURE.findall(before)

    day = (localdate() - dt.timedelta(days=1)).isoformat()
    publish_postings(flat.premises, make_ledger_account("204-9"), f"{day} WB_50/2026 0 743.28")
    assert HEADING not in show(browser, flat, "kartoteka/")


def test_what_was_undone_paid_to_others_or_long_ago_is_not_shown(flat: Flat, browser: Client) -> None:
    pay(flat.premises, 2, "1.11", is_current=False)
    pay(make_premises("0401-099"), 2, "2.22")
    pay(None, 2, "3.33")
    pay(flat.premises, 400, "4.44")

    assert HEADING not in show(browser, flat, "kartoteka/")


def test_a_seller_and_a_buyer_see_the_payments_of_their_own_days(in_sloneczna: AssociationRef) -> None:
    premises, seller, buyer = (
        make_premises("0401-077"),
        make_person("s", "Sowa Jan"),
        make_person("k", "Kos Ewa"),
    )
    sold_on = localdate() - dt.timedelta(days=10)
    former = make_holding(premises, seller, starts="2010-01-01", ends=sold_on.isoformat())
    present = make_holding(premises, buyer, starts=(sold_on + dt.timedelta(days=1)).isoformat())
    pay(premises, 10, "11.00", "Wpłata sprzedającego")
    pay(premises, 9, "22.00", "Wpłata kupującej")

    seen_by_seller = text_of(browser_of(in_sloneczna, seller).get(f"/lokal/{former.pk}/kartoteka/"))
    seen_by_buyer = text_of(browser_of(in_sloneczna, buyer).get(f"/lokal/{present.pk}/kartoteka/"))

    assert "Wpłata sprzedającego" in seen_by_seller
    assert "Wpłata kupującej" not in seen_by_seller
    assert "Wpłata kupującej" in seen_by_buyer
    assert "Wpłata sprzedającego" not in seen_by_buyer
