"""Roles of associations: turned on in the test's own database, and an installation that never had any."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection, connections

from saas.tenancy.switching import set_public
from tests.databases import RUN, borrowed_database, build_database, drop_database
from tests.samples_database import Samples, SampleSet, import_samples, samples_apart


@contextmanager
def roles_turned(*, on: bool) -> Iterator[None]:
    """KARTOTEKA_ROLES of this process for a while."""
    given = connections["default"].settings_dict
    usual = given["ASSOCIATION_ROLES"]
    connection.close()
    given["ASSOCIATION_ROLES"] = on
    try:
        yield
    finally:
        given["ASSOCIATION_ROLES"] = usual
        connection.close()


@pytest.fixture
def with_roles(committed_db: None) -> Iterator[None]:
    """Roles as `establish_roles --take-back` makes them in an installation that had none."""
    with roles_turned(on=True):
        call_command("establish_roles", take_back=True, stdout=StringIO())
        set_public()
        yield


@pytest.fixture(scope="module")
def roleless_set(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[SampleSet]:
    """An installation made and filled with KARTOTEKA_ROLES=0 from its first command on."""
    files = tmp_path_factory.mktemp("roleless") / "files"
    database = roleless_template(worker_id)
    with django_db_blocker.unblock():
        with roles_turned(on=False), borrowed_database(database), pytest.MonkeyPatch.context() as patch:
            patch.setattr(django_settings, "FILES_DIR", files)
            patch.setattr(django_settings, "TOTP_REQUIRED", False)
            build_database(database)
            cast = import_samples()
        yield SampleSet(cast, files)
        drop_database(database)


@pytest.fixture
def roleless(
    roleless_set: SampleSet, django_db_blocker: Any, tmp_path: Path, worker_id: str
) -> Iterator[Samples]:
    """A copy of that installation whose commits are real, with KARTOTEKA_ROLES=0; thrown away afterwards."""
    template, name = roleless_template(worker_id), f"roleless_{worker_id}"
    with (
        roles_turned(on=False),
        samples_apart(roleless_set, django_db_blocker, tmp_path, name, template=template) as found,
    ):
        yield found


def roleless_template(worker_id: str) -> str:
    return f"kartoteka_template_roleless_{RUN}_{worker_id}"
