"""What balancers and proxies ask before any host is looked up."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from saas.observing.readiness import known_migrations
from saas.tenancy.switching import AssociationRef
from tests.databases import close_connections

ALL_WELL = "database ok\nmigrations ok\nvalkey ok\ndisk ok"


def ask(path: str = "/readyz", **meta: Any) -> tuple[int, str]:
    response = Client(headers={"host": "10.0.0.7"}).get(path, **meta)
    return response.status_code, response.content.decode()


def test_alive_needs_nothing_and_ready_names_every_part(db: None) -> None:
    assert ask("/healthz") == (200, "ok")
    assert ask() == (200, ALL_WELL)


def test_no_database_is_not_ready_and_says_no_more_than_that(
    db: None, django_db_blocker: Any, settings: Any
) -> None:
    settings_of_it = connection.settings_dict
    former = settings_of_it["HOST"]
    close_connections()
    settings_of_it["HOST"] = "/nowhere/at/all"
    try:
        status, text = ask()
    finally:
        settings_of_it["HOST"] = former
        connection.close()

    assert (status, text) == (503, "database failed\nmigrations failed\nvalkey ok\ndisk ok")


def test_a_missing_migration_of_the_shared_tables_is_not_ready(db: None) -> None:
    assert ("rates", "0001_recorded_rates") in known_migrations()
    assert not {app for app, _name in known_migrations()} & {"profile", "ledger", "imports"}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = '0001_x' WHERE app = 'rates'")

    assert ask() == (503, ALL_WELL.replace("migrations ok", "migrations failed"))


def test_a_migration_of_a_later_release_does_no_harm(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('rates', '0099_x', now())")

    assert ask()[0] == 200


def test_without_valkey_it_is_said_and_people_are_served(db: None, settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}

    assert ask() == (200, ALL_WELL.replace("valkey ok", "valkey failed"))


def test_a_disk_that_takes_no_files_is_said(db: None, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.FILES_DIR = tmp_path / "file" / "files"

    assert ask() == (200, ALL_WELL.replace("disk ok", "disk failed"))


def test_a_probe_leaves_no_file(db: None, settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"

    ask()

    assert list(settings.FILES_DIR.iterdir()) == []


@pytest.mark.parametrize(
    ("domain", "status"),
    [
        ("sloneczna.localhost", 200),
        ("SLONECZNA.localhost.", 200),
        ("localhost", 200),
        ("nieznana.localhost", 404),
        ("sloneczna.localhost.evil.example", 404),
        ("", 404),
    ],
)
def test_certificates_are_for_hosts_of_ours_only(
    db: None, sloneczna: AssociationRef, domain: str, status: int
) -> None:
    assert ask(f"/internal/certificate?domain={domain}")[0] == status


def test_only_the_proxy_itself_hears_whose_host_is_ours(
    db: None, sloneczna: AssociationRef, settings: Any
) -> None:
    path = "/internal/certificate?domain=sloneczna.localhost"
    settings.PROXY_NETWORKS = ["10.9.0.0/24", "::1/128"]

    assert ask(path, REMOTE_ADDR="10.9.0.3")[0] == 200
    assert ask(path, REMOTE_ADDR="")[0] == 200  # a Unix socket
    assert ask(path, REMOTE_ADDR="10.9.1.3") == (404, "")
    assert ask(path, REMOTE_ADDR="not an address") == (404, "")
    # What it passes on for somebody names whom.
    assert ask(path, REMOTE_ADDR="10.9.0.3", headers={"x-forwarded-for": "203.0.113.7"}) == (404, "")
