"""What operators read of associations on Citus: no statement reads two of them; each node looks into its own catalog."""

from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from saas.observing.associations import ask_associations, largest_associations
from tests.saas.cluster.conftest import StandIn


def test_each_is_asked_inside_and_says_the_same(cluster: StandIn, settings: Any) -> None:
    with (
        CaptureQueriesContext(connections["default"]) as asked,
        CaptureQueriesContext(connections["owner"]) as owner,
    ):
        told = ask_associations(using="owner")

    questions = [one["sql"] for one in asked if "profile_associationprofile" in one["sql"]]
    assert len(questions) == 2
    assert not any("a_lipowa" in one or "a_sloneczna" in one for one in questions)
    assert not any("profile_associationprofile" in one["sql"] for one in owner)
    settings.CITUS = False
    assert told == ask_associations(using="owner")


@pytest.mark.parametrize("using", ["default", "owner"])
def test_the_largest_are_asked_of_every_node_and_none_is_counted_twice(
    cluster: StandIn, settings: Any, using: str
) -> None:
    with CaptureQueriesContext(connections[using]) as asked:
        told = largest_associations(using=using)
    cluster.switch("silent", "second.example")
    assert told == largest_associations(using=using)

    assert [one for one in asked if "run_command_on_workers" in one["sql"]]
    settings.CITUS = False
    assert told == largest_associations(using=using)
    assert {one.slug for one in told} == {"lipowa", "sloneczna"}
    assert all(one.stored_bytes > 0 for one in told)
