"""Profile wczytywania: the list, one profile, and sharing that goes no further than the person's own grants."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.utils import timezone

from associations.audit.actors import SYSTEM
from associations.audit.models import AuditEntry
from associations.imports.models import ImportProfile
from associations.imports.profile_actions import remember_profile
from associations.profile.models import AssociationProfile, AssociationState
from saas.staff.models import Grant
from saas.tenancy.switching import AssociationRef, enter_association
from tests.html_pages import read_html

PROFILES = "/a/sloneczna/importy/profile/"
HEADERS = ["MIE", "Fundusz", "Saldo"]
OPTIONS = {
    "dataset": "balances",
    "encoding": "cp852",
    "is_sign_reversed": True,
    "columns": {"MIE": "premises_code", "Fundusz": "fund", "Saldo": "amount"},
}


def remember(association: AssociationRef, name: str = "Salda z programu", **options: Any) -> ImportProfile:
    with enter_association(association):
        return remember_profile(actor=SYSTEM, name=name, headers=HEADERS, options=OPTIONS | options)


@contextmanager
def there(association: AssociationRef) -> Iterator[list[ImportProfile]]:
    with enter_association(association):
        yield list(ImportProfile.objects.order_by("id"))


@pytest.fixture
def profile(db: None, sloneczna: AssociationRef) -> ImportProfile:
    return remember(sloneczna)


def address(profile: ImportProfile, rest: str = "") -> str:
    return f"{PROFILES}{profile.pk}/{rest}"


def test_the_list_says_what_each_profile_reads(manager: Any, profile: ImportProfile) -> None:
    page = read_html(manager.text(PROFILES))

    row = next(row.text for row in page.all("tr") if "Salda z programu" in row.text)
    assert "Salda z programu Salda DOS (CP 852), plus oznacza niedopłatę MIE, Fundusz, Saldo system" in row
    assert f'href="{address(profile)}"' in manager.text(PROFILES)


def test_imports_lead_to_the_profiles(manager: Any) -> None:
    assert f'href="{PROFILES}"' in manager.text("/a/sloneczna/importy/")


def test_a_profile_shows_what_is_in_each_column(manager: Any, profile: ImportProfile) -> None:
    page = read_html(manager.text(address(profile)))

    assert [row.text for row in page.all("tr")] == [
        "Nagłówek w pliku Co jest w kolumnie",
        "MIE Kod lokalu",
        "Fundusz Fundusz",
        "Saldo Saldo",
    ]


def test_a_profile_is_renamed_and_forgotten_after_a_question(
    manager: Any, profile: ImportProfile, sloneczna: AssociationRef
) -> None:
    manager.post(address(profile, "nazwa/"), {"nazwa": "Salda Nova"})
    with there(sloneczna) as renamed:
        assert [one.name for one in renamed] == ["Salda Nova"]

    asked = manager.text(address(profile, "usun/"))
    with there(sloneczna) as still:
        assert len(still) == 1
    manager.post(address(profile, "usun/"))

    assert "Salda Nova" in asked
    with there(sloneczna) as left:
        assert left == []


def test_a_name_of_nothing_is_refused(
    manager: Any, profile: ImportProfile, sloneczna: AssociationRef
) -> None:
    answer = manager.client.post(address(profile, "nazwa/"), {"nazwa": " "}, follow=True)

    assert "Nazwij profil" in answer.content.decode()
    with there(sloneczna) as standing:
        assert standing[0].name == "Salda z programu"


@pytest.mark.parametrize(
    ("role", "sees", "changes"), [("bookkeeper", 200, 302), ("reader", 200, 403), ("office", 403, 403)]
)
def test_who_sees_profiles_and_who_changes_them(
    sign_in: Any, sloneczna: AssociationRef, profile: ImportProfile, role: str, sees: int, changes: int
) -> None:
    visit = sign_in(sloneczna, role=role)

    seen = [visit.get(path).status_code for path in (PROFILES, address(profile))]
    changed = [visit.post(address(profile, rest)).status_code for rest in ("nazwa/", "udostepnij/", "usun/")]

    assert seen == [sees] * 2
    assert changed == [changes] * 3


def test_a_profile_is_copied_into_another_association_of_the_manager(
    sign_in: Any, sloneczna: AssociationRef, lipowa: AssociationRef, profile: ImportProfile
) -> None:
    visit = sign_in(sloneczna, lipowa)

    answer = visit.client.post(address(profile, "udostepnij/"), {"wspolnota": "lipowa"}, follow=True)

    assert "Profil działa teraz w 1 innym miejscu." in answer.content.decode()
    with there(lipowa) as received:
        assert [(one.name, one.headers, one.options) for one in received] == [
            ("Salda z programu", HEADERS, OPTIONS)
        ]
        entry = AuditEntry.objects.get(action="import_profile.received")
    assert entry.actor_name == "Marek Wójcik"
    with enter_association(sloneczna):
        shared = AuditEntry.objects.get(action="import_profile.shared")
    assert (shared.target, shared.details) == (str(profile.pk), {"associations": 1})


@pytest.mark.parametrize("ticks", [False, True])
def test_a_standing_profile_yields_only_where_that_is_ticked(
    sign_in: Any, sloneczna: AssociationRef, lipowa: AssociationRef, profile: ImportProfile, ticks: bool
) -> None:
    remember(lipowa, "Tamtejszy", encoding="cp1250")
    visit = sign_in(sloneczna, lipowa)
    offered = visit.text(address(profile))

    visit.post(
        address(profile, "udostepnij/"), {"wspolnota": "lipowa"} | ({"zastap": "lipowa"} if ticks else {})
    )

    assert "zastąp tamtejszy profil „Tamtejszy”" in offered
    with there(lipowa) as standing:
        assert [one.options["encoding"] for one in standing] == ["cp852" if ticks else "cp1250"]


def spoil(association: AssociationRef, user: Any, how: str) -> None:
    """Take away what sharing needs."""
    grants = Grant.objects.filter(user=user, association_id=association.id)
    if how == "ended":
        grants.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    elif how == "revoked":
        grants.delete()
    elif how == "suspended":
        with enter_association(association):
            AssociationProfile.objects.update(state=AssociationState.SUSPENDED)
    else:
        grants.update(role=how)


@pytest.mark.parametrize("how", ["ended", "revoked", "suspended", "reader", "office"])
def test_sharing_stops_where_the_person_may_not_upload(
    sign_in: Any, sloneczna: AssociationRef, lipowa: AssociationRef, profile: ImportProfile, how: str
) -> None:
    visit = sign_in(sloneczna, lipowa)
    offered = visit.text(address(profile))
    spoil(lipowa, visit.user, how)

    answer = visit.client.post(
        address(profile, "udostepnij/"), {"wspolnota": "lipowa", "zastap": "lipowa"}, follow=True
    )

    assert 'value="lipowa"' in offered
    assert 'value="lipowa"' not in answer.content.decode()
    assert "Nie udostępniono" in answer.content.decode()
    with there(lipowa) as received:
        assert received == []
        assert not AuditEntry.objects.filter(action="import_profile.received").exists()


@pytest.mark.parametrize("slugs", [["nie-ma"], ["sloneczna"], ["lipowa", "nie-ma"], []])
def test_one_association_that_is_refused_stops_all(
    sign_in: Any, sloneczna: AssociationRef, lipowa: AssociationRef, profile: ImportProfile, slugs: list[str]
) -> None:
    visit = sign_in(sloneczna, lipowa)

    answer = visit.post(address(profile, "udostepnij/"), {"wspolnota": slugs})

    assert answer["Location"] == address(profile)
    with there(lipowa) as received:
        assert received == []
    with enter_association(sloneczna):
        assert not AuditEntry.objects.filter(action="import_profile.shared").exists()


def test_a_profile_of_elsewhere_is_missing_here(
    manager: Any, lipowa: AssociationRef, profile: ImportProfile
) -> None:
    remember(lipowa)
    with enter_association(lipowa):
        foreign = ImportProfile.objects.create(name="Obcy", header_key="x", dataset="balances")

    assert manager.get(address(profile)).status_code == 200
    assert manager.get(f"{PROFILES}{foreign.pk}/").status_code == 404
