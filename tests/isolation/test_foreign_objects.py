"""What belongs to somebody else is as if it did not exist: the same answer as for what is missing, byte for byte."""

from typing import Any

import pytest

from associations.imports.models import ImportBatch, ImportProfile
from associations.ledger.models import Account
from associations.owners.models import StarterPasswordIssue
from associations.premises.models import Holding, Person
from saas.tenancy.switching import enter_association
from tests.cast import APEX, Role
from tests.isolation.asking import TRACES, Answer, ask, ask_at, values_here
from tests.isolation.routes import Route, list_routes
from tests.isolation.table import TABLE, Outcome
from tests.samples_database import Samples
from tests.told_headers import told_by

NEVER = 999_999
OBJECTS = ("slug", "holding_id", "person_id", "batch_id", "issue_id", "profile_id", "place")
WHO = {"apex": Role.MANAGER, "association": Role.OWNER}


def routes_with(door: str, parameter: str) -> list[Route]:
    """Addresses that a session may open; what keys of programs may is tried in tests/billing_views/api."""
    return [
        route
        for route in list_routes(door)
        if parameter in route.parameters
        and "static" not in route.pattern
        and TABLE[door][route.pattern].get[WHO[door]] is not Outcome.NO_TOKEN
    ]


def foreign_keys(samples: Samples) -> dict[str, list[Any]]:
    """Keys that stand for something elsewhere and for nothing here (or for nobody's business, to an owner)."""
    with enter_association(samples.lipowa):
        people = set(Person.objects.values_list("pk", flat=True))
        batches = set(ImportBatch.objects.values_list("pk", flat=True))
        profiles = set(ImportProfile.objects.values_list("pk", flat=True))
    with enter_association(samples.sloneczna):
        people -= set(Person.objects.values_list("pk", flat=True))
        batches -= set(ImportBatch.objects.values_list("pk", flat=True))
        profiles -= set(ImportProfile.objects.values_list("pk", flat=True))
    return {
        "slug": ["lipowa"],
        "person_id": sorted(people)[:1],
        "batch_id": sorted(batches)[:1],
        "profile_id": sorted(profiles)[:1],
    }


def differences(one: Answer, other: Answer) -> list[str]:
    """In what two answers can be told apart."""
    found = []
    if one.response.status_code != other.response.status_code:
        found.append(f"status {one.response.status_code} and {other.response.status_code}")
    if one.body != other.body:
        found.append("content")
    headers = [told_by(answer.response) for answer in (one, other)]
    if headers[0] != headers[1]:
        found.append(f"headers {headers}")
    if one.written - TRACES or other.written - TRACES:
        found.append(f"written {one.written | other.written}")
    return found


@pytest.mark.parametrize("door", ["apex", "association"])
@pytest.mark.parametrize("parameter", OBJECTS)
def test_foreign_is_answered_as_missing(samples: Samples, door: str, parameter: str) -> None:
    here = values_here(samples)
    missing = here | {parameter: "nie-ma" if parameter == "slug" else NEVER}
    foreign = foreign_keys(samples).get(parameter, [])
    if parameter == "holding_id" and door == "association":
        foreign = [samples[Role.NEIGHBOUR].holding_id, samples[Role.BUYER].holding_id]
    if parameter == "issue_id":
        with enter_association(samples.sloneczna):
            foreign = [StarterPasswordIssue.objects.get(account__person=samples[Role.BUYER].person_id).pk]
    wrong = []

    for route in routes_with(door, parameter):
        for method, outcome in (
            ("GET", TABLE[door][route.pattern].get),
            ("POST", TABLE[door][route.pattern].post),
        ):
            if outcome[WHO[door]] is Outcome.WRONG_METHOD:
                continue
            nothing = ask(samples[WHO[door]], route, missing, method)
            if nothing.response.status_code != 404:
                wrong.append(f"{method} /{route.pattern}: {nothing} for a missing {parameter}")
            for key in foreign:
                answer = ask(samples[WHO[door]], route, here | {parameter: key}, method)
                wrong += [f"{method} /{route.pattern} {key}: {one}" for one in differences(nothing, answer)]

    assert not wrong, "\n".join(wrong)


def test_other_association_has_objects_that_do_not_exist_here(samples: Samples) -> None:
    """The other way round the keys exist only in the cooperative: the test above would be empty without them."""
    with enter_association(samples.lipowa):
        known = set(Holding.objects.values_list("pk", flat=True))
    with enter_association(samples.sloneczna):
        keys = set(Holding.objects.values_list("pk", flat=True)) - known

    answers = {
        ask_at(
            samples[Role.MANAGER_ELSEWHERE], APEX, f"/a/lipowa/podglad/{key}/kartoteka/"
        ).response.status_code
        for key in sorted(keys)[:3]
    }

    assert answers == {404}


def test_account_of_another_payer_shows_nothing(samples: Samples) -> None:
    """An account is common to all premises: its page holds the rows of the holding alone."""
    with enter_association(samples.sloneczna):
        account = Account.objects.get(code="204-1").pk
    route = Route("association", "lokal/<int:holding_id>/ksiegowosc/<year:year>/<int:account_id>/")
    values = {"holding_id": samples[Role.OWNER].holding_id, "year": 2026}

    own = ask(samples[Role.OWNER], route, values | {"account_id": account})
    unknown = ask(samples[Role.OWNER], route, values | {"account_id": NEVER})

    assert (own.response.status_code, unknown.response.status_code) == (200, 404)


@pytest.mark.parametrize("year", ["1899", "0000", "20261", "rok"])
def test_impossible_year_is_missing(samples: Samples, year: str) -> None:
    holding = samples[Role.OWNER].holding_id

    answer = ask_at(samples[Role.OWNER], "sloneczna.localhost", f"/lokal/{holding}/kartoteka/{year}/")

    assert answer.response.status_code == 404


@pytest.mark.parametrize("key", ["0", "9223372036854775807", "9223372036854775808", "9" * 40])
def test_key_of_any_size_is_missing(samples: Samples, key: str) -> None:
    found = {
        door: {
            ask(samples[WHO[door]], route, values_here(samples) | {parameter: key}).response.status_code
            for parameter in (
                "holding_id",
                "person_id",
                "batch_id",
                "number",
                "place",
                "issue_id",
                "account_id",
                "profile_id",
            )
            for route in routes_with(door, parameter)
        }
        for door in ("apex", "association")
    }

    assert set().union(*found.values()) <= {404, 405}
