"""Profiles: named, forgotten, and received from another association without overwriting what stands there."""

from typing import Any

import pytest

from associations.audit.actors import Actor
from associations.audit.models import AuditEntry
from associations.imports.models import ImportProfile, ImportTable
from associations.imports.profile_actions import (
    ProfileCopy,
    Reception,
    copy_of,
    forget_profile,
    receive_profile,
    remember_profile,
    rename_profile,
)
from associations.imports.queries import profile_with_headers
from associations.imports.rules import ImportRuleError
from saas.tenancy.switching import AssociationRef
from tests.factories import make_batch

pytestmark = pytest.mark.usefixtures("in_sloneczna")
MANAGER = Actor(kind="staff", id=None, name="Zofia Zarządca")
OPTIONS = {"dataset": "balances", "columns": {"MIE": "premises_code", "Saldo": "amount"}}


def remember(**changes: Any) -> ImportProfile:
    given = {"name": "Salda", "headers": ["MIE", "Saldo"], "options": OPTIONS} | changes
    return remember_profile(actor=MANAGER, **given)


def acts() -> list[str]:
    entries = AuditEntry.objects.filter(action__startswith="import_profile.")
    return list(entries.order_by("id").values_list("action", flat=True))


def test_profile_is_found_by_its_headers_in_any_order(in_sloneczna: AssociationRef) -> None:
    profile = remember()

    assert profile_with_headers(["Saldo", "MIE"]) == profile
    assert profile_with_headers(["Saldo"]) is None


@pytest.mark.parametrize(("name", "code"), [("", "no_name"), ("  \n ", "no_name"), ("x" * 201, "long_name")])
def test_profile_keeps_its_name_where_the_new_one_is_none(name: str, code: str) -> None:
    profile = remember()

    with pytest.raises(ImportRuleError) as refusal:
        rename_profile(actor=MANAGER, profile=profile, name=name)

    assert refusal.value.code == code
    assert ImportProfile.objects.get().name == "Salda"
    assert acts() == ["import_profile.remembered"]


def test_profile_is_renamed(in_sloneczna: AssociationRef) -> None:
    rename_profile(actor=MANAGER, profile=remember(), name="  Salda z   programu ")

    assert ImportProfile.objects.get().name == "Salda z programu"
    assert acts() == ["import_profile.remembered", "import_profile.renamed"]


def test_forgotten_profile_leaves_the_tables_that_it_read(in_sloneczna: AssociationRef) -> None:
    profile = remember()
    table = ImportTable.objects.create(batch=make_batch(), file_number=1, file_name="a.csv", profile=profile)

    forget_profile(actor=MANAGER, profile=profile)

    table.refresh_from_db()
    assert table.profile is None
    assert not ImportProfile.objects.exists()
    assert acts()[-1] == "import_profile.forgotten"


@pytest.mark.parametrize(
    ("standing", "replaces", "outcome", "is_sign_reversed"),
    [
        (None, False, Reception.ADDED, True),
        (None, True, Reception.ADDED, True),
        (OPTIONS, False, Reception.KEPT, False),
        (OPTIONS, True, Reception.REPLACED, True),
        (OPTIONS | {"is_sign_reversed": True}, True, Reception.SAME, True),
        (OPTIONS | {"is_sign_reversed": True}, False, Reception.SAME, True),
    ],
)
def test_received_profile_replaces_a_standing_one_only_where_told(
    standing: dict[str, Any] | None, replaces: bool, outcome: Reception, is_sign_reversed: bool
) -> None:
    if standing:
        remember(options=standing, headers=["Saldo", "MIE"])
    written = len(acts())
    given = ProfileCopy("Obce", "balances", ("MIE", "Saldo"), OPTIONS | {"is_sign_reversed": True})

    received = receive_profile(actor=MANAGER, given=given, replaces=replaces)

    assert received is outcome
    assert ImportProfile.objects.get().options.get("is_sign_reversed", False) is is_sign_reversed
    is_written = outcome in {Reception.ADDED, Reception.REPLACED}
    assert acts()[written:] == (["import_profile.received"] if is_written else [])


def test_copy_carries_all_that_a_profile_says(in_sloneczna: AssociationRef) -> None:
    assert copy_of(remember()) == ProfileCopy("Salda", "balances", ("MIE", "Saldo"), OPTIONS)
