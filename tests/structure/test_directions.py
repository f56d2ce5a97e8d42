"""Who may import whom: data flows one way (docs/architecture.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("saas", "associations", "billing_views", "workers")
DATA_APPS = {
    "profile",
    "premises",
    "owners",
    "charges",
    "ledger",
    "meters",
    "payments",
    "imports",
    "audit",
    "notifications",
}


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def imports_of(path: Path) -> set[str]:
    """Every module of ours that the file imports, at any depth of its code."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name for name in found if name.split(".")[0] in PACKAGES}


IMPORTS = {name: imports_of(path) for name, path in modules()}


def starts(name: str, *prefixes: str) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def offenders(who: str, *forbidden: str, but: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name} imports {target}"
        for name, targets in IMPORTS.items()
        if starts(name, who) and not starts(name, *but)
        for target in sorted(targets)
        if starts(target, *forbidden)
    ]


def test_the_table_of_imports_is_not_empty() -> None:
    assert len(IMPORTS) > 100
    assert "associations.imports.models" in IMPORTS["associations.premises.models"]


def test_associations_know_nothing_above_them() -> None:
    assert offenders("associations", "saas", "billing_views", "workers") == []


def test_value_types_import_nothing_of_ours() -> None:
    assert IMPORTS["associations.money"] == IMPORTS["associations.periods"] == set()


@pytest.mark.parametrize("app", ["imports", "audit"])
def test_imports_and_audit_know_no_data_app(app: str) -> None:
    others = DATA_APPS - {"imports", "audit"}

    assert offenders(f"associations.{app}", *(f"associations.{other}" for other in others)) == []


def test_notifications_know_accounts_and_figures_by_their_tables_alone() -> None:
    """Owners' actions write into the outbox: it lies below them."""
    others = DATA_APPS - {"imports", "audit", "notifications"}

    assert offenders("associations.notifications", *(f"associations.{other}" for other in others)) == []


@pytest.mark.parametrize("app", ["profile", "premises"])
def test_registries_do_not_know_what_refers_to_them(app: str) -> None:
    above = ("owners", "charges", "ledger", "meters", "payments")

    assert offenders(f"associations.{app}", *(f"associations.{other}" for other in above)) == []


@pytest.mark.parametrize("app", ["owners", "charges", "ledger", "meters", "payments"])
def test_siblings_do_not_know_each_other(app: str) -> None:
    siblings = {"owners", "charges", "ledger", "meters", "payments"} - {app}

    assert offenders(f"associations.{app}", *(f"associations.{other}" for other in siblings)) == []


def test_only_the_addresses_import_pages() -> None:
    doors = ("saas.urls_apex", "saas.urls_association")

    assert offenders("saas", "billing_views", but=doors) == []
    # Papers are made on request and behind: one way of composing them.
    papers = [row for row in offenders("workers", "billing_views") if "billing_views.printouts" not in row]
    assert papers == []


def test_pages_know_of_workers_only_what_datasets_declare() -> None:
    """A form that maps columns needs every field with its label: a second list would drift from the first."""
    allowed = ("workers.datasets", "workers.reading_options")

    assert [
        row
        for row in offenders("billing_views", "workers")
        if not starts(row.split(" imports ")[1], *allowed)
    ] == []


def test_only_commands_and_celery_import_workers() -> None:
    assert offenders("saas", "workers", but=("saas.celery", "saas.management", "saas.local")) == []


def test_pages_take_of_the_platform_only_what_is_theirs_to_show() -> None:
    allowed = ("saas.tenancy", "saas.jobs", "saas.staff", "saas.rates.queries", "saas.observing")

    assert [
        row for row in offenders("billing_views", "saas") if not starts(row.split(" imports ")[1], *allowed)
    ] == []


def test_workers_take_of_the_platform_only_tenancy_jobs_and_logs() -> None:
    allowed = ("saas.tenancy", "saas.jobs", "saas.logs")

    assert [
        row for row in offenders("workers", "saas") if not starts(row.split(" imports ")[1], *allowed)
    ] == []


def test_schemas_are_switched_in_one_module() -> None:
    words = (
        "set_tenant(",
        "set_schema(",
        "schema_context",
        "tenant_context",
        "set_schema_to_public",
        "SET search_path",
    )
    switching = {"saas.tenancy.switching", "saas.tenancy.backend.base"}

    found = [
        f"{name}: {word}"
        for name, path in modules()
        if name not in switching
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]

    assert found == []
