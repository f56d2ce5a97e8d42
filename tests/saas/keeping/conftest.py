"""Fixtures of keeping: both sample associations with committed rows, a folder for backups, a pair of keys."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction

from saas.keeping.catalog import SchemaCatalog, fix_text_forms, read_checksums
from saas.keeping.contents import Checksum
from saas.keeping.sealing import make_identity
from saas.tenancy.switching import AssociationRef, enter_association
from tests.saas.management.conftest import Run, run
from tests.samples_database import Samples

__all__ = ["run"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """KARTOTEKA_BACKUPS."""
    path = tmp_path / "backups"
    monkeypatch.setattr(django_settings, "BACKUP_DIR", path)
    return path


@pytest.fixture
def keys(tmp_path: Path) -> tuple[str, str]:
    """A file with a secret key, and its public key."""
    secret, public = make_identity()
    path = tmp_path / "backup.key"
    path.write_text(secret + "\n", encoding="ascii")
    return str(path), public


@pytest.fixture
def backup(run: Run, samples_db: Samples, folder: Path) -> dict[str, Any]:
    """A backup of the community as its command tells of it."""
    return dict(json.loads(run("backup_association", "lipowa", "--json")))


@pytest.fixture
def checksums() -> Callable[[AssociationRef], dict[str, Checksum]]:
    """The checksums of an association's tables as they stand now."""

    def read(association: AssociationRef) -> dict[str, Checksum]:
        with transaction.atomic(using="owner"), enter_association(association, using="owner"):
            fix_text_forms(using="owner")
            tables = SchemaCatalog(association.schema_name, using="owner").tables()
            return read_checksums(association.schema_name, tables, using="owner")

    return read
