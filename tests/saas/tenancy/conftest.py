"""Roles of associations, turned on in the test's own database."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections

from saas.tenancy.switching import set_public


@pytest.fixture
def with_roles(committed_db: None) -> Iterator[None]:
    """Roles as `establish_roles --take-back` makes them in an installation that had none."""
    given = connections["default"].settings_dict
    usual = given["ASSOCIATION_ROLES"]
    given["ASSOCIATION_ROLES"] = True
    call_command("establish_roles", take_back=True, stdout=StringIO())
    set_public()
    try:
        yield
    finally:
        given["ASSOCIATION_ROLES"] = usual
        connection.close()
