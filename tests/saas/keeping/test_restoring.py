"""Restoring beside: equal rows and pages, other associations untouched."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connections
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.utils import timezone

from associations.audit.actors import SYSTEM
from associations.imports.models import BatchState, ImportBatch
from associations.notifications.models import MessageState, OutboxMessage
from associations.owners.models import OwnerAccount, OwnerSession
from associations.premises.models import Premises
from associations.profile.models import Fund
from saas.keeping.restoring import Source, restore_beside, restore_in_place
from saas.tenancy.catalog import catalog_facts
from saas.tenancy.switching import enter_association
from tests.cast import PASSWORD, Role, sign_in
from tests.conftest import find_ref
from tests.saas.keeping.restored import (
    CHANGED_BY_RESTORING,
    Checksums,
    differing,
    files_of,
    hidden_folders,
)
from tests.saas.management.conftest import Run
from tests.samples_database import Samples

OWN_PAGES = ("kartoteka", "oplaty", "ksiegowosc", "media", "dane", "przelew")
# Tokens of forms differ from one answer to the next.
PASSING = re.compile(r'value="[A-Za-z0-9]{64}"')


def test_a_copy_beside_has_equal_rows_and_files_and_changes_nothing_else(
    run: Run, samples_db: Samples, backup: dict[str, Any], checksums: Checksums
) -> None:
    before = checksums(samples_db.lipowa), checksums(samples_db.sloneczna)

    said = json.loads(run("restore_association", backup["path"], "--slug", "proba", "--json"))

    copy = find_ref("proba")
    assert said["tables"] == backup["tables"]
    assert differing(before[0], checksums(copy)) <= CHANGED_BY_RESTORING
    assert (said["state"], said["id"]) == ("suspended", str(copy.id))
    assert copy.id != samples_db.lipowa.id
    assert (checksums(samples_db.lipowa), checksums(samples_db.sloneczna)) == before
    imports = {name for name in files_of("a_lipowa") if name.startswith("imports/")}
    assert files_of("a_proba") == {name: files_of("a_lipowa")[name] for name in imports}
    assert hidden_folders() == []


def test_numbers_go_on_where_they_stood(samples_db: Samples, backup: dict[str, Any]) -> None:
    copy = restore_beside(Source(path=Path(backup["path"])), slug="proba", actor=SYSTEM).association

    with enter_association(samples_db.lipowa):
        here = ImportBatch.objects.create(created_by_name="biuro").pk
    with enter_association(copy):
        there = ImportBatch.objects.create(created_by_name="biuro").pk
    assert here == there


def test_an_owner_reads_the_same_pages_after_restoring(samples_db: Samples, backup: dict[str, Any]) -> None:
    owner = samples_db[Role.OTHER_OWNER]

    def read_pages() -> list[str]:
        client = Client(headers={"host": owner.host})
        client.cookies[settings.SESSION_COOKIE_NAME] = sign_in(
            owner.host, login=owner.login, password=PASSWORD
        )
        pages = [client.get(f"/lokal/{owner.holding_id}/{page}/", follow=True) for page in OWN_PAGES]
        assert {answer.status_code for answer in pages} == {200}
        return [PASSING.sub("", answer.content.decode()) for answer in pages]

    before = read_pages()
    assert "zł" in "".join(before)
    with enter_association(samples_db.lipowa):
        Fund.objects.update(name="Zmieniony")
        Premises.objects.update(code=Concat(Value("X"), "code"))
    assert read_pages() != before
    restore_in_place(Source(path=Path(backup["path"])), association=samples_db.lipowa, actor=SYSTEM)

    assert read_pages() == before


def test_a_copy_carries_no_sessions_no_waiting_mails_and_no_work_under_way(
    run: Run, samples_db: Samples, folder: Path
) -> None:
    now = timezone.now()
    with enter_association(samples_db.lipowa):
        account = OwnerAccount.objects.order_by("id").first()
        assert account is not None
        OwnerSession.objects.create(
            session_key="x" * 32, session_data="", expire_date=now + dt.timedelta(days=1)
        )
        sessions = OwnerSession.objects.count()
        OutboxMessage.objects.create(account=account, kind="new_data", about="publication:1", due_at=now)
        batch = ImportBatch.objects.create(created_by_name="biuro", state=BatchState.READING).pk
    path = json.loads(run("backup_association", "lipowa", "--json"))["path"]

    said = json.loads(run("restore_association", path, "--slug", "proba", "--json"))

    assert (said["sessions_ended"], said["mails_withdrawn"], said["imports_interrupted"]) == (sessions, 1, 1)
    with enter_association(find_ref("proba")):
        assert not OwnerSession.objects.exists()
        assert OutboxMessage.objects.get().state == MessageState.WITHDRAWN
        assert ImportBatch.objects.get(pk=batch).state == BatchState.FAILED
    with enter_association(samples_db.lipowa):
        assert OwnerSession.objects.count() == sessions
        assert OutboxMessage.objects.get().state == MessageState.WAITING


def test_a_backup_of_an_older_release_is_restored_and_migrated(
    samples_db: Samples, folder: Path, checksums: Checksums
) -> None:
    """The community as it stood before the last migration of its face was known."""
    from django.db.migrations.executor import MigrationExecutor

    from saas.keeping.backing_up import back_up

    before = checksums(samples_db.lipowa)
    with enter_association(samples_db.lipowa, using="owner"):
        MigrationExecutor(connections["owner"]).migrate([("charges", "0005_notice_runs")])
    old = back_up(samples_db.lipowa, folder / "old.tar.gz")
    with enter_association(samples_db.lipowa, using="owner"):
        executor = MigrationExecutor(connections["owner"])
        executor.migrate(executor.loader.graph.leaf_nodes())

    copy = restore_beside(Source(path=old.path), slug="proba", actor=SYSTEM).association

    assert differing(before, checksums(copy)) <= CHANGED_BY_RESTORING | {"django_migrations"}
    assert catalog_facts(copy.schema_name, using="owner") == catalog_facts("a_sloneczna", using="owner")


def test_a_sealed_backup_is_restored_with_its_key(
    run: Run, samples_db: Samples, folder: Path, keys: tuple[str, str]
) -> None:
    key, public = keys
    path = json.loads(run("backup_association", "lipowa", "--recipient", public, "--json"))["path"]

    with pytest.raises(CommandError, match="sealed"):
        run("restore_association", path, "--slug", "proba")
    said = json.loads(run("restore_association", path, "--slug", "proba", "--key", key, "--open", "--json"))

    assert said["state"] == "active"
