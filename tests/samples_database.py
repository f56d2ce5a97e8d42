"""Both sample sets imported through the real path, once per run, with the cast signed in.

Fixtures: `samples` is for tests that read or whose writes are rolled back; `samples_db` for tests that commit.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction

from associations.audit.actors import SYSTEM
from associations.charges.notice_actions import order_notices
from associations.imports.profile_actions import remember_profile
from associations.periods import Month
from saas.tenancy.switching import AssociationRef, enter_association
from tests.cast import Cast, Member, Role, describe, make_cast, recall, refs
from tests.databases import (
    RUN,
    TEMPLATE,
    borrowed_database,
    drop_database,
    made_once,
    recreate_database,
    shared_folder,
)

SAMPLES = Path(__file__).parents[1] / "samples"
SAMPLES_TEMPLATE = f"kartoteka_template_samples_{RUN}"
SAMPLE_OF = {"sloneczna": "spoldzielnia", "lipowa": "wspolnota"}


@dataclass(frozen=True)
class Samples:
    """The cooperative and the community with their figures published, and the cast."""

    sloneczna: AssociationRef
    lipowa: AssociationRef
    cast: Cast = field(repr=False)

    def __getitem__(self, role: Role) -> Member:
        return self.cast[role]


@dataclass(frozen=True)
class SampleSet:
    """What the template's maker left for the run: the cast and the files as uploaded."""

    cast: Cast
    files: Path


def sample_files(sample: str) -> list[Path]:
    """The files of a sample set, as a manager would upload them."""
    return sorted(path for path in (SAMPLES / sample).iterdir() if path.name != "control.json")


def control_figures(sample: str) -> dict[str, Any]:
    """The control figures of a sample set."""
    return dict(json.loads((SAMPLES / sample / "control.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def sample_set(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> SampleSet:
    """The template with both samples, made by whoever first needs it."""
    shared = shared_folder(tmp_path_factory, worker_id)
    files, cast = shared / "sample-files", shared / "cast.json"
    with made_once(shared, "samples") as is_first, django_db_blocker.unblock():
        if is_first:
            recreate_database(SAMPLES_TEMPLATE, template=TEMPLATE)
            with borrowed_database(SAMPLES_TEMPLATE), pytest.MonkeyPatch.context() as patch:
                patch.setattr(django_settings, "FILES_DIR", files)
                patch.setattr(django_settings, "TOTP_REQUIRED", False)
                cast.write_text(json.dumps(describe(import_samples())), encoding="utf-8")
    return SampleSet(recall(json.loads(cast.read_text(encoding="utf-8"))), files)


def import_samples() -> Cast:
    """Both sample sets published in the database in use, with its cast."""
    from tests.workers.importing.conftest import Importer

    for association in refs():
        importer = Importer(association)
        importer.publish(importer.upload(*sample_files(SAMPLE_OF[association.slug])))
        _remember_profiles(association)
        with enter_association(association):
            order_notices(actor=SYSTEM, month=Month(2026, 10))
    return make_cast()


def _remember_profiles(association: AssociationRef) -> None:
    """One profile in the cooperative, two in the community: of files that the samples do not have."""
    for headers in (("Lokal MIE", "Saldo"), ("MIE", "Kwota"))[: 1 if association.slug == "sloneczna" else 2]:
        columns = dict(zip(headers, ("premises_code", "amount"), strict=True))
        with enter_association(association):
            remember_profile(
                actor=SYSTEM,
                name="Salda z programu",
                headers=headers,
                options={"dataset": "balances", "columns": columns, "is_sign_reversed": True},
            )


@pytest.fixture(scope="session")
def samples_copy(sample_set: SampleSet, django_db_blocker: Any, worker_id: str) -> Iterator[str]:
    """This process's copy, which no test changes."""
    name = f"test_kartoteka_samples_{RUN}_{worker_id}"
    with django_db_blocker.unblock():
        recreate_database(name, template=SAMPLES_TEMPLATE)
        yield name
        drop_database(name)


@pytest.fixture
def samples(
    samples_copy: str,
    sample_set: SampleSet,
    django_db_blocker: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Samples]:
    """Both samples and the cast; whatever the test writes is rolled back."""
    _prepare(monkeypatch, sample_set, tmp_path)
    with django_db_blocker.unblock(), borrowed_database(samples_copy):
        here, there = refs()
        with transaction.atomic(), transaction.atomic(using="owner"):
            yield Samples(here, there, sample_set.cast)
            transaction.set_rollback(True)
            transaction.set_rollback(True, using="owner")


@pytest.fixture
def samples_db(
    sample_set: SampleSet, django_db_blocker: Any, tmp_path: Path, worker_id: str
) -> Iterator[Samples]:
    """Both samples and the cast in a database whose commits are real; thrown away afterwards."""
    with samples_apart(sample_set, django_db_blocker, tmp_path, f"once_{worker_id}") as found:
        yield found


@contextmanager
def samples_apart(
    sample_set: SampleSet, blocker: Any, folder: Path, name: str, *, template: str = SAMPLES_TEMPLATE
) -> Iterator[Samples]:
    """Both samples and the cast in a database and a folder of files of their own; thrown away afterwards."""
    database = f"test_kartoteka_samples_{RUN}_{name}"
    with pytest.MonkeyPatch.context() as patch, blocker.unblock():
        _prepare(patch, sample_set, folder)
        recreate_database(database, template=template)
        with borrowed_database(database):
            here, there = refs()
            yield Samples(here, there, sample_set.cast)
        drop_database(database)


def _prepare(patch: pytest.MonkeyPatch, sample_set: SampleSet, folder: Path) -> None:
    """Own files (links: what is there is never written to), and no second factor for staff."""
    patch.setattr(django_settings, "FILES_DIR", folder / "files")
    patch.setattr(django_settings, "TOTP_REQUIRED", False)
    shutil.copytree(sample_set.files, folder / "files", copy_function=os.link)
