"""Fixtures of the whole suite: a real PostgreSQL database per test process, copied from one template.

`db` (pytest-django) wraps a test in a transaction. A test that needs commits (workers, servers, other connections)
takes `committed_db`: its database is thrown away and copied anew afterwards. `samples` and `samples_db` are the
same with both sample sets imported and the cast (tests/cast.py) signed in. Guards of every test: tests/guards.py.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from saas.tenancy.switching import AssociationRef, enter_association, set_public
from tests.databases import (
    RUN,
    TEMPLATE,
    build_template,
    drop_database,
    made_once,
    recreate_database,
    shared_folder,
    use_database,
)
from tests.guards import complete_forms, no_network, ordered_slices
from tests.samples_database import sample_set, samples, samples_copy, samples_db

__all__ = [
    "complete_forms",
    "no_network",
    "ordered_slices",
    "sample_set",
    "samples",
    "samples_copy",
    "samples_db",
]


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[None]:
    """One template per run, made by whoever comes first; one copy per test process."""
    name = f"test_kartoteka_{RUN}_{worker_id}"
    with django_db_blocker.unblock():
        with made_once(shared_folder(tmp_path_factory, worker_id), "template") as is_first:
            if is_first:
                build_template()
        recreate_database(name, template=TEMPLATE)
        use_database(name)
        yield
        drop_database(name)


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database whose commits are real; thrown away afterwards."""
    name = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            recreate_database(name, template=TEMPLATE)


@pytest.fixture(autouse=True)
def _closed_doors() -> Iterator[None]:
    """Every test begins outside all associations, with nothing remembered of the one before."""
    from saas.tenancy.hosts import forget_hosts

    set_public()
    set_public(using="owner")
    forget_hosts()
    yield
    set_public()
    set_public(using="owner")


def find_ref(slug: str) -> AssociationRef:
    from saas.tenancy.models import Association

    row = Association.objects.get(slug=slug)
    return AssociationRef(id=row.id, slug=row.slug, schema_name=row.schema_name)


@pytest.fixture
def sloneczna(request: pytest.FixtureRequest) -> AssociationRef:
    """The cooperative of the template (not entered). Ask for `db` or `committed_db` too."""
    return find_ref("sloneczna")


@pytest.fixture
def lipowa(request: pytest.FixtureRequest) -> AssociationRef:
    """The community of the template (not entered). Ask for `db` or `committed_db` too."""
    return find_ref("lipowa")


@pytest.fixture
def in_sloneczna(db: None, sloneczna: AssociationRef) -> Iterator[AssociationRef]:
    """Inside the cooperative, in a transaction that is rolled back."""
    with enter_association(sloneczna):
        yield sloneczna
