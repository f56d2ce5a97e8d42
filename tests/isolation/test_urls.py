"""Every address of both doors, crossed with every role, against the declared table."""

import pytest

from tests.cast import Role
from tests.isolation.asking import TRACES, ask, values_here
from tests.isolation.routes import DOORS, list_routes
from tests.isolation.table import TABLE, Outcome
from tests.samples_database import Samples

AUDIT = {"audit_auditentry"}


@pytest.mark.parametrize("door", DOORS)
def test_every_address_is_declared_and_every_declaration_has_an_address(door: str) -> None:
    addresses = [route.pattern for route in list_routes(door)]

    assert sorted(set(addresses) - set(TABLE[door])) == [], "addresses without a row"
    assert sorted(set(TABLE[door]) - set(addresses)) == [], "rows without an address"
    assert len(addresses) == len(set(addresses)), "an address that hides another"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("door", DOORS)
def test_role_gets_what_the_table_says(samples: Samples, door: str, role: Role) -> None:
    values = values_here(samples)
    wrong = []

    for route in list_routes(door):
        row = TABLE[door].get(route.pattern)
        if row is None:
            continue
        for method, wanted in (("GET", row.get[role]), ("POST", row.post[role])):
            answer = ask(samples[role], route, values, method)
            if not answer.is_outcome(wanted):
                wrong.append(f"{method} /{route.pattern}: {answer}, declared {wanted}")
            may_write = AUDIT if method == "GET" else None if wanted is Outcome.DONE else set()
            if may_write is not None and answer.written - TRACES - may_write:
                wrong.append(f"{method} /{route.pattern} wrote {sorted(answer.written)}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("door", DOORS)
def test_post_without_a_csrf_token_changes_nothing(samples: Samples, door: str) -> None:
    values = values_here(samples)
    member = samples[Role.MANAGER if door == "apex" else Role.OWNER]
    wrong = []

    for route in list_routes(door):
        answer = ask(member, route, values, "POST", has_token=False)
        # A token's addresses know no session, and the description of the API takes no POST: nothing to forge.
        refused = {401, 405} if route.pattern.startswith("api/") else {403}
        if answer.response.status_code not in refused or answer.written - TRACES:
            wrong.append(f"/{route.pattern}: {answer}, wrote {sorted(answer.written)}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_do_nothing(samples: Samples, method: str) -> None:
    values = values_here(samples)
    wrong = []

    for door, role in (("apex", Role.MANAGER), ("association", Role.OWNER)):
        for route in list_routes(door):
            answer = ask(samples[role], route, values, method)
            if answer.response.status_code not in {401, 403, 405} or answer.written - TRACES:
                wrong.append(f"{method} /{route.pattern}: {answer}, wrote {sorted(answer.written)}")

    assert not wrong, "\n".join(wrong)
