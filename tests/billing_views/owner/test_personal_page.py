"""Dane osobowe while a title is about to end, and after its end."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.timezone import localdate

from associations.premises.actions import rebuild_holdings
from associations.premises.models import Holding, Person, Title
from associations.profile.models import Fund
from tests.billing_views.owner.conftest import Flat
from tests.billing_views.owner.reading import text_of

NRB = "85102010550000000000000001"


@pytest.mark.parametrize(("days", "is_present"), [(30, True), (0, True), (-1, False)])
def test_the_number_to_pay_to_stands_until_the_last_day_of_the_title(
    flat: Flat, sign_in: Callable[[Person], Client], days: int, is_present: bool
) -> None:
    Fund.objects.filter(code="main").update(bank_account=NRB)
    flat.premises.persons = 3
    flat.premises.save()
    Title.objects.filter(premises=flat.premises).update(ends_on=localdate() + dt.timedelta(days=days))
    rebuild_holdings([flat.premises.pk])
    browser = sign_in(flat.owner)
    holding = Holding.objects.get(premises=flat.premises)

    page = text_of(browser.get(f"/lokal/{holding.pk}/dane/"))
    held = browser.get("/api/v1/me/").json()["holdings"][0]

    assert ("85 1020 1055 0000 0000 0000 0001" in page) is is_present
    assert ("Liczba osób" in page) is is_present
    assert (held["premises"]["persons"] == 3) is is_present
