"""Imports through the real path: files kept, a job in the queue, run by the worker's own loop in this process."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from associations.audit.actors import Actor
from associations.imports.actions import create_batch, request_publication, request_undo
from associations.imports.declarations import declare
from associations.imports.models import ImportBatch
from saas.jobs.actions import enqueue_job
from saas.jobs.models import JobKind
from saas.tenancy.switching import AssociationRef, enter_association
from workers.running import run_one_job

OPERATOR = Actor(kind="operator", id=None, name="operator")
SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


class Importer:
    """Uploads, publishes and undoes as a manager would."""

    def __init__(self, association: AssociationRef) -> None:
        self.association = association

    def upload(self, *files: Path | tuple[str, bytes]) -> ImportBatch:
        uploads = [self._open(file) for file in files]
        with enter_association(self.association), transaction.atomic():
            batch = create_batch(actor=OPERATOR, files=uploads)
            enqueue_job(association=self.association, kind=JobKind.READ_BATCH, batch_id=batch.pk)
        return self._run(batch)

    def publish(self, batch: ImportBatch, **consent: Any) -> ImportBatch:
        consent = {"confirms_vanishing": True, "confirms_accounts": True, **consent}
        with enter_association(self.association), transaction.atomic():
            request_publication(actor=OPERATOR, batch=batch, **consent)
            enqueue_job(association=self.association, kind=JobKind.PUBLISH_BATCH, batch_id=batch.pk)
        return self._run(batch)

    def declare(self, batch: ImportBatch, **declarations: Any) -> ImportBatch:
        """Say it of the batch, beside what was said before; it is read and checked again."""
        with enter_association(self.association), transaction.atomic():
            said = {**batch.declarations, **declarations}
            declare(actor=OPERATOR, batch=batch, declarations=said)
            enqueue_job(association=self.association, kind=JobKind.READ_BATCH, batch_id=batch.pk)
        return self._run(batch)

    def undo(self, batch: ImportBatch) -> ImportBatch:
        with enter_association(self.association), transaction.atomic():
            request_undo(actor=OPERATOR, batch=batch)
            enqueue_job(association=self.association, kind=JobKind.UNDO_BATCH, batch_id=batch.pk)
        return self._run(batch)

    def _run(self, batch: ImportBatch) -> ImportBatch:
        assert run_one_job()
        with enter_association(self.association):
            return ImportBatch.objects.get(pk=batch.pk)

    @staticmethod
    def _open(file: Path | tuple[str, bytes]) -> Any:
        if isinstance(file, Path):
            return ContentFile(file.read_bytes(), name=file.name)
        name, content = file
        return ContentFile(content, name=name)


@pytest.fixture
def sloneczna_imports(committed_db: None, sloneczna: AssociationRef) -> Importer:
    return Importer(sloneczna)


@pytest.fixture
def lipowa_imports(committed_db: None, lipowa: AssociationRef) -> Importer:
    return Importer(lipowa)
