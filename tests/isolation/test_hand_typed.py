"""Addresses and parameters as people and programs type them by hand: a clear page or a 404, never an error of ours,
never anything of somebody else.
"""

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from associations.premises.models import HoldingMember, Person
from saas.tenancy.switching import enter_association
from tests.cast import Role
from tests.isolation.asking import HOSTS, values_here
from tests.isolation.routes import list_routes
from tests.isolation.table import TABLE, Outcome
from tests.samples_database import Samples

# A page (also one that says that there is nothing), a way to another page, a form sent back, nothing there.
CALM = {200, 302, 400, 404}
ODD = {
    "year": (
        "0",
        "0000",
        "1899",
        "1900",
        "2999",
        "3000",
        "9999",
        "99999",
        "-1",
        "２０２６",
        "2026.0",
        "20 26",
    ),
    "month": ("0", "00", "13", "99", "-1", "1e1", "०१", ""),
    "holding_id": (
        "0",
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "9" * 400,
        "1e3",
        "٣",
        "' OR 1=1 --",
    ),
    "account_id": ("0", "999999", "9223372036854775808", "9" * 400, "1;DROP TABLE ledger_posting"),
    "fund_id": ("0", "999999", "9223372036854775808", "9" * 400, "1;DROP TABLE ledger_posting"),
    "digest": ("0" * 63, "g" * 64, "0" * 6400),
    "color": ("ffffff", "zzzzzz", "0f5b6"),
}
QUERIES = (
    "rok=0&rok=2026&rok=9999",
    "rok=2026&miesiac=13",
    "rok=0000&miesiac=0",
    "rok=9999&miesiac=12&konto=1&medium=1",
    "rok=-1&konto=-1&medium=-1",
    "rok=99999999999999999999&konto=99999999999999999999&medium=99999999999999999999",
    "rok=%00&konto=%00&medium=%00&szukaj=%00&od=%00&do=%00&dzien=%00",
    "rok=%FF%FE&szukaj=%FF%FE",
    "rok[]=2026&rok={}&=&&&",
    "szukaj=%27%20OR%201%3D1%20--&od=31.02.2026&do=2026-02-30",
    "szukaj=%25%25%25&od=9999-12-31&do=0001-01-01&rodzaj=nie-ma",
    "od=0001-01-01&do=9999-12-31&dzien=9999-12-31",
    "dzien=0000-00-00&od=29.02.2025&do=29.02.2024",
    "kwota=1e99&kwota-1=NaN&kwota-2=-5&kwota_1=Infinity&odsetki=tak",
    "kwota=0,001&kwota-1=99999999999,99&kwota_2=%D9%A1",
    "as_seen_on=2026-01-01&strona=//evil.example&next=https://evil.example",
    "nieznany=1&" + "a=1&" * 900,
    "szukaj=" + "x" * 10_000,
)


@pytest.fixture
def owner(samples: Samples) -> Client:
    """Whose database answers with 500 instead of raising: what a visitor would see."""
    browser = samples[Role.OWNER].browser(HOSTS["association"])
    browser.raise_request_exception = False
    return browser


def own_pages(samples: Samples) -> list[tuple[Any, dict[str, Any]]]:
    """Every page that the owner may see, with the values of its address."""
    values = values_here(samples)
    return [
        (route, values)
        for route in list_routes("association")
        if TABLE["association"][route.pattern].get[Role.OWNER] is Outcome.OK
    ]


def names_of_others(samples: Samples) -> list[str]:
    """Everybody of the association who does not share the owner's premises."""
    with enter_association(samples.sloneczna):
        family = HoldingMember.objects.filter(holding=samples[Role.OWNER].holding_id).values("person")
        return list(Person.objects.exclude(pk__in=family).order_by("name").values_list("name", flat=True))


def test_odd_parts_of_addresses_are_answered_calmly(samples: Samples, owner: Client) -> None:
    strangers = names_of_others(samples)
    faults, asked = [], 0

    for route, values in own_pages(samples):
        for name in set(route.parameters) & ODD.keys():
            for odd in ODD[name]:
                address = route.address({**values, name: quote(odd, safe="")})
                answer = owner.get(address)
                text = b"".join(answer) if answer.streaming else answer.content
                asked += 1
                if answer.status_code not in CALM or any(one.encode() in text for one in strangers):
                    faults.append(f"{answer.status_code} {address[:120]}")

    assert not faults, "\n".join(faults)
    assert asked > 100


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_odd_parameters_are_answered_calmly(samples: Samples, owner: Client, query: str) -> None:
    strangers = names_of_others(samples)
    faults = []

    for route, values in own_pages(samples):
        address = f"{route.address(values)}?{query}"
        answer = owner.get(address)
        text = b"".join(answer) if answer.streaming else answer.content
        if answer.status_code not in CALM or any(one.encode() in text for one in strangers):
            faults.append(f"{answer.status_code} {address[:120]}")
        if answer.status_code == 302 and "evil.example" in answer.headers["Location"]:
            faults.append(f"leads away: {address[:120]}")

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "path",
    [
        "/lokal/" + "a" * 10_000,
        "/" + "lokal/1/" * 1_200,
        "/lokal/%00/kartoteka/",
        "/lokal/1/kartoteka/2026/../../2/",
        "/lokal/1/kartoteka/2026%2F..%2F",
        "/%F0%9F%8F%A0/",
        "/lokal/1/kartoteka/%FF/",
        "/lokal/1/kartoteka/2026;jsessionid=1/",
    ],
)
def test_odd_paths_are_not_found(owner: Client, path: str) -> None:
    assert owner.get(path).status_code in {301, 302, 400, 404}


def test_words_that_look_like_sql_change_nothing(samples: Samples, owner: Client) -> None:
    address = f"/lokal/{samples[Role.OWNER].holding_id}/kartoteka/2026/"

    owner.get(address + "?szukaj=%27%3B%20DROP%20TABLE%20ledger_posting%3B%20--")

    with enter_association(samples.sloneczna), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) > 1000 FROM ledger_posting")
        assert cursor.fetchone() == (True,)
