"""A manager's preview: the owner's pages below another address, GET only, written down."""

import re

import pytest

from associations.audit.models import AuditEntry
from saas.tenancy.switching import enter_association
from tests.billing_views.owner.reading import text_of
from tests.cast import STAFF_HERE, Role
from tests.samples_database import Samples

PATHS = ["kartoteka/", "oplaty/", "ksiegowosc/", "media/", "dane/", "informacje/", "zmien/"]


def mount_of(samples: Samples, role: Role = Role.OWNER) -> str:
    return f"/a/sloneczna/podglad/{samples[role].holding_id}/"


@pytest.mark.parametrize("path", PATHS)
def test_every_link_of_a_preview_stays_inside_it(samples: Samples, path: str) -> None:
    response = samples[Role.MANAGER].browser().get(mount_of(samples) + path)

    assert response.status_code == 200
    assert "Podgląd strony właściciela. Nic tu nie można zmienić." in text_of(response)
    links = set(re.findall(r'href="(/[^"]*)"', response.content.decode()))
    allowed = (mount_of(samples), "/a/sloneczna/lokale/", "/static/")
    assert [link for link in links if not link.startswith(allowed)] == []


def test_a_preview_shows_what_the_owner_sees(samples: Samples) -> None:
    own = samples[Role.OWNER]
    path = f"{own.holding_id}/kartoteka/"

    seen = samples[Role.MANAGER].browser().get(f"/a/sloneczna/podglad/{path}")
    owned = own.browser().get(f"/lokal/{path}")

    tables = re.compile(r"<table.*?</table>", re.DOTALL)
    assert tables.findall(seen.content.decode()) == tables.findall(owned.content.decode()) != []


@pytest.mark.parametrize("role", STAFF_HERE)
def test_every_role_with_a_grant_may_look_and_it_is_written_down(samples: Samples, role: Role) -> None:
    response = samples[role].browser().get(mount_of(samples) + "oplaty/2026/10/")

    assert response.status_code == 200
    with enter_association(samples.sloneczna):
        entry = AuditEntry.objects.filter(action="holding.previewed").order_by("-id")[0]
    assert (entry.actor_kind, entry.target) == ("staff", str(samples[Role.OWNER].holding_id))
    assert entry.details == {"page": "charges_month"}


@pytest.mark.parametrize("role", [Role.MANAGER_ELSEWHERE, Role.OPERATOR])
def test_without_a_grant_it_is_the_404_of_an_unknown_association(samples: Samples, role: Role) -> None:
    browser = samples[role].browser()

    refused = browser.get(mount_of(samples) + "kartoteka/")
    unknown = browser.get("/a/no-such/podglad/1/kartoteka/")

    assert refused.status_code == unknown.status_code == 404


def test_a_missing_holding_is_a_404(samples: Samples) -> None:
    browser = samples[Role.MANAGER].browser()

    for number in (10**9, 10**30):
        assert browser.get(f"/a/sloneczna/podglad/{number}/kartoteka/").status_code == 404


def test_a_preview_changes_nothing(samples: Samples) -> None:
    assert samples[Role.MANAGER].browser().post(mount_of(samples) + "kartoteka/").status_code == 405


def test_an_owner_does_not_come_in_by_the_managers_door(samples: Samples) -> None:
    response = samples[Role.OWNER].browser(host="localhost").get(mount_of(samples) + "kartoteka/")

    assert response.status_code == 302
    assert response["Location"].startswith("/logowanie/")


def test_of_several_premises_a_preview_names_only_its_own(samples: Samples) -> None:
    page = text_of(samples[Role.MANAGER].browser().get(mount_of(samples) + "dane/"))

    assert page.count("Tytuł prawny") == 1
    assert "Zmień hasło" not in page
