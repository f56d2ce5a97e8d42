"""create_association, list_associations, suspend_association."""

import json

import pytest
from django.core.management import CommandError

from associations.audit.models import AuditEntry
from associations.profile.models import AssociationProfile
from saas.jobs.actions import enqueue_job
from saas.jobs.leases import claim_job, return_job
from saas.jobs.models import Job, JobKind
from saas.tenancy.hosts import find_association
from saas.tenancy.models import Association
from saas.tenancy.switching import AssociationRef, enter_association
from tests.saas.management.conftest import Run

pytestmark = pytest.mark.usefixtures("committed_db")
NEW = ("create_association", "--name", "Wspólnota Leśna 4", "--slug", "lesna-4", "--kind", "community")


def test_created_association_answers_at_its_hosts_and_in_the_list(run: Run) -> None:
    more = ("--domain", "WWW.Lesna4.example.", "--nip", "526-000-12-46", "--due-day", "15")
    office = (
        "--office-address",
        " ul. Leśna 4 ",
        "--office-hours",
        "pon. 8–16",
        "--office-email",
        "b@example.org",
    )

    said = json.loads(run(*NEW, *more, *office, "--json"))

    assert said == {
        "slug": "lesna-4",
        "name": "Wspólnota Leśna 4",
        "kind": "community",
        "state": "active",
    }
    found = find_association("www.lesna4.example")
    assert found is not None
    assert found == find_association("lesna-4.localhost")
    with enter_association(found):
        profile = AssociationProfile.objects.get()
    assert (profile.nip, profile.due_day) == ("5260001246", 15)
    assert (profile.office_address, profile.office_hours) == ("ul. Leśna 4", "pon. 8–16")
    assert (profile.office_email, profile.office_phone) == ("b@example.org", "")
    listed = [one for one in json.loads(run("list_associations", "--json")) if one["slug"] == "lesna-4"]
    assert listed == [said | {"schema": "a_lesna_4", "domains": ["lesna-4.localhost", "www.lesna4.example"]}]


def test_dry_run_creates_nothing(run: Run) -> None:
    assert run(*NEW, "--dry-run") == "lesna-4: could be created\n"

    assert not Association.objects.filter(slug="lesna-4").exists()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--slug", "Leśna"), "is not a slug"),
        (("--slug", "a" * 50), "is not a slug"),
        (("--slug", "lesna-"), "is not a slug"),
        (("--slug", "sloneczna"), "is taken"),
        (("--slug", "www"), "reserved|platform"),
        (("--kind", "housing"), "cooperative or community"),
        (("--nip", "5260001247"), "is not a NIP"),
        (("--due-day", "32"), "between 1 and 31"),
        (("--name", "  "), "1 to 200 characters"),
        (("--office-email", "biuro"), "is not an e-mail address"),
        (("--office-phone", "1" * 51), "at most 50 characters"),
        (("--domain", "lipowa.localhost"), "Taken already"),
        (("--domain", "localhost"), "is not the name of a host"),
        (("--domain", "10.0.0.1"), "is not the name of a host"),
        (("--domain", "a b.example"), "is not the name of a host"),
    ],
)
def test_bad_input_is_refused_with_a_reason_and_leaves_nothing(
    run: Run, words: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(CommandError, match=reason):
        run(*NEW, *words)

    assert list(Association.objects.values_list("slug", flat=True)) == ["lipowa", "sloneczna"]


def test_longest_slug_fits(run: Run) -> None:
    slug = "a" * 49

    run("create_association", "--name", "Długa", "--slug", slug, "--kind", "community")

    assert Association.objects.filter(slug=slug).exists()


def test_list_names_every_association_and_its_state(run: Run, lipowa: AssociationRef) -> None:
    run("suspend_association", "lipowa")

    listed = {
        one["slug"]: (one["kind"], one["state"]) for one in json.loads(run("list_associations", "--json"))
    }

    assert listed == {"lipowa": ("community", "suspended"), "sloneczna": ("cooperative", "active")}
    assert "suspended" in run("list_associations").splitlines()[0]


def test_suspending_and_resuming_is_audited_once_and_wakes_jobs(run: Run, lipowa: AssociationRef) -> None:
    enqueue_job(association=lipowa, kind=JobKind.READ_BATCH, batch_id=1)
    claim = claim_job()
    assert claim is not None
    return_job(claim, pause_seconds=60)

    assert json.loads(run("suspend_association", "lipowa", "--json"))["changed"] is True
    assert json.loads(run("suspend_association", "lipowa", "--json"))["changed"] is False
    assert run("suspend_association", "lipowa", "--resume") == "lipowa: active\n"

    with enter_association(lipowa):
        acts = list(AuditEntry.objects.order_by("id").values_list("action", "actor_kind"))
    assert acts[-2:] == [("association.suspended", "operator"), ("association.resumed", "operator")]
    assert Job.objects.get().waits_until is None


def test_unknown_association_is_named(run: Run) -> None:
    with pytest.raises(CommandError, match="no association nowhere"):
        run("suspend_association", "nowhere")
