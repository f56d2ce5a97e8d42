"""What a page of the real samples costs: queries and bytes, whatever the page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saas.tenancy.hosts import find_association
from tests.cast import Role
from tests.isolation.asking import HOSTS, values_here
from tests.isolation.routes import list_routes
from tests.isolation.table import TABLE, Outcome
from tests.samples_database import Samples

KILOBYTE = 1024
# A copy of all data reads every year of every premises on its own: bounded memory, not few queries.
DEARER = {"konto/kopia-danych/": 100}
NOT_WORK = ("SAVEPOINT", "RELEASE", "SELECT set_config('role',", "SELECT set_config('search_path',")


@pytest.mark.parametrize(
    ("door", "role", "queries", "kilobytes"),
    [("association", Role.OWNER, 10, 60), ("apex", Role.MANAGER, 30, 200)],
)
def test_pages_stay_within_their_means(
    samples: Samples, door: str, role: Role, queries: int, kilobytes: int
) -> None:
    values = values_here(samples)
    find_association(HOSTS["association"])
    dear = []

    for route in list_routes(door):
        if TABLE[door][route.pattern].get[role] is not Outcome.OK:
            continue
        browser = samples[role].browser(HOSTS[door])
        with CaptureQueriesContext(connection) as captured:
            response = browser.get(route.address(values))
            content = b"".join(response) if response.streaming else response.content
        asked = [one["sql"] for one in captured if not one["sql"].startswith(NOT_WORK)]
        is_file = not response.headers["Content-Type"].startswith("text/html")
        if len(asked) > DEARER.get(route.pattern, queries) or (
            len(content) > kilobytes * KILOBYTE and not is_file
        ):
            dear.append(f"/{route.pattern}: {len(asked)} queries, {len(content)} bytes")

    assert not dear, "\n".join(dear)
