"""A worker that slept until another one took over its job must write nothing more into the batch."""

import uuid
from collections.abc import Iterator

import pytest

from associations.imports.models import ImportTable
from associations.premises.models import StagedPremises
from saas.jobs.models import Job
from saas.tenancy.switching import enter_association, enter_public
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_meaning import PREMISES, file
from workers.reading import ReadRequest, read_files
from workers.reading_events import Event


def test_rows_read_after_the_lease_was_lost_are_not_staged(
    lipowa_imports: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sleep_then_read(request: ReadRequest) -> Iterator[Event]:
        with enter_public():
            assert Job.objects.filter(state="running").update(lease_token=uuid.uuid4()) == 1
        yield from read_files(request)

    monkeypatch.setattr("workers.importing.read_files", sleep_then_read)

    lipowa_imports.upload(file("lokale.csv", PREMISES))

    with enter_association(lipowa_imports.association):
        assert StagedPremises.objects.count() == 0
        assert ImportTable.objects.count() == 0
