"""An association comes whole or not at all."""

import pytest
from django.db import connection, connections

from associations.audit.actors import SYSTEM
from associations.profile.models import AssociationProfile, Fund
from saas.tenancy.models import Association, Domain
from saas.tenancy.provisioning import NewAssociation, ProvisioningError, create_association
from saas.tenancy.switching import enter_association

pytestmark = pytest.mark.usefixtures("committed_db")


def schemas() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'a\\_%%' ORDER BY 1", [])
        return {row[0] for row in cursor.fetchall()}


def test_new_association_has_its_schema_host_profile_and_two_funds() -> None:
    new = NewAssociation(
        name="WM Parkowa 5", slug="parkowa-5", kind="community", domains=("parkowa.example",), due_day=15
    )

    association = create_association(new, actor=SYSTEM)

    assert association.schema_name == "a_parkowa_5"
    assert set(
        Domain.objects.filter(tenant_id=association.id).values_list("domain", flat=True).order_by()
    ) == {
        "parkowa-5.localhost",
        "parkowa.example",
    }
    with enter_association(association):
        assert AssociationProfile.objects.get(id=1).due_day == 15
        assert list(Fund.objects.values_list("code", flat=True)) == ["main", "repair"]


@pytest.mark.parametrize(
    ("slug", "domains", "code"),
    [
        ("sloneczna", (), "slug_taken"),
        ("inna", ("lipowa.localhost",), "domain_taken"),
        ("inna", ("localhost",), "domain_taken"),
    ],
)
def test_what_is_taken_is_refused_and_nothing_is_left(slug: str, domains: tuple[str, ...], code: str) -> None:
    before = schemas()

    with pytest.raises(ProvisioningError) as refused:
        create_association(
            NewAssociation(name="X", slug=slug, kind="community", domains=domains), actor=SYSTEM
        )

    assert refused.value.code == code
    assert schemas() == before
    assert Association.objects.count() == 2


def test_slugs_that_make_one_schema_do_not_share_it() -> None:
    create_association(NewAssociation(name="A", slug="a-1", kind="community"), actor=SYSTEM)
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE SCHEMA a_b_1")

    with pytest.raises(ProvisioningError) as refused:
        create_association(NewAssociation(name="B", slug="b-1", kind="community"), actor=SYSTEM)

    assert refused.value.code == "schema_exists"
    assert not Association.objects.filter(slug="b-1").exists()


def test_failure_in_the_middle_leaves_nothing_behind() -> None:
    before = schemas()

    with pytest.raises(Exception, match="profile_kind"):
        create_association(NewAssociation(name="X", slug="zla", kind="no-such-kind"), actor=SYSTEM)

    assert schemas() == before
    assert not Association.objects.filter(slug="zla").exists()
    assert not Domain.objects.filter(domain="zla.localhost").exists()
