"""The log of events in sentences."""

import re
from pathlib import Path
from typing import Any

import pytest

from associations.audit.models import AuditEntry
from billing_views.manager.journal_sentences import describe_act
from saas.tenancy.switching import AssociationRef, enter_association

JOURNAL = "/a/sloneczna/dziennik/"
CHECKOUT = Path(__file__).resolve().parents[4]


def add_entry(action: str, target: str = "", **details: Any) -> AuditEntry:
    return AuditEntry.objects.create(
        actor_kind="staff", actor_name="Marek Wójcik", action=action, target=target, details=details
    )


def test_acts_are_sentences_with_links(manager: Any, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        add_entry("import.published", "7", rows=96, left_out=2)

    page = manager.text(JOURNAL)

    assert '<a href="/a/sloneczna/importy/7/">Opublikowano paczkę</a>' in page
    assert "paczka 7, 96 wpisów, pominięto 2 lokale z błędami" in page
    assert "Marek Wójcik" in page
    assert "pracownik" in page


@pytest.mark.parametrize(
    ("action", "target", "details", "text", "url", "detail"),
    [
        ("import.uploaded", "3", {"files": 2}, "Wgrano pliki", "/a/s/importy/3/", "paczka 3, 2 pliki"),
        (
            "profile.updated",
            "",
            {"fields": {"due_day": {"before": 10, "after": 15}, "information_text": {}}},
            "Zmieniono ustawienia",
            None,
            "Dzień płatności: było „10”, jest „15”; Tekst zakładki „Informacje”",
        ),
        (
            "starter_password.issued",
            "person:5",
            {"method": "in_person", "is_login_new": True},
            "Wydano hasło startowe",
            "/a/s/osoby/5/",
            "osobiście w biurze, z nowym loginem",
        ),
        (
            "holding.previewed",
            "9",
            {},
            "Obejrzano podgląd stron właściciela",
            "/a/s/podglad/9/kartoteka/",
            "",
        ),
        (
            "grant.given",
            "Zofia Lis",
            {"role": "office"},
            "Nadano uprawnienia",
            None,
            "Zofia Lis, biuro",
        ),
        ("something.new", "x", {}, "Zdarzenie: something.new", None, ""),
    ],
)
def test_an_act_in_words(
    action: str, target: str, details: dict[str, Any], text: str, url: str | None, detail: str
) -> None:
    act = describe_act(AuditEntry(action=action, target=target, details=details), "s")

    assert (act.text, act.url, act.detail) == (text, url, detail)


def test_every_act_that_is_recorded_has_a_sentence() -> None:
    sources = "\n".join(
        path.read_text()
        for room in ("associations", "billing_views")
        for path in (CHECKOUT / room).rglob("*.py")
    )
    recorded = set(re.findall(r'action="([a-z_]+\.[a-z_]+)"', sources))

    unknown = {
        code
        for code in recorded
        if describe_act(AuditEntry(action=code, details={}), "s").text.startswith("Zdarzenie")
    }

    assert {"import.published", "holding.previewed"} <= recorded
    assert unknown == set()


def test_the_log_is_paged_newest_first(manager: Any, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        for number in range(60):
            add_entry("import.rejected", str(number + 100))

    first, second = manager.text(JOURNAL), manager.text(f"{JOURNAL}?strona=2")

    assert first.index("paczka 159") < first.index("paczka 158")
    assert "paczka 100<" not in first
    assert "paczka 100<" in second


def test_query_count_does_not_grow(manager: Any, sloneczna: AssociationRef, count_queries: Any) -> None:
    manager.text(JOURNAL)
    with count_queries() as before:
        manager.text(JOURNAL)
    with enter_association(sloneczna):
        add_entry("import.rejected", "1"), add_entry("import.rejected", "2")

    with count_queries() as after:
        manager.text(JOURNAL)

    assert len(after) == len(before)


@pytest.mark.parametrize("role", ["bookkeeper", "office", "reader"])
def test_the_log_is_the_managers_alone(sign_in: Any, sloneczna: AssociationRef, role: str) -> None:
    assert sign_in(sloneczna, role=role).get(JOURNAL).status_code == 403
