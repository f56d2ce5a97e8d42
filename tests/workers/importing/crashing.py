"""`python -m tests.workers.importing.crashing prepare|finish FOLDER`: an import on servers of its own, in two parts.

`prepare` makes an association and reads a package up to its preview; `finish` publishes it. Each prints JSON.
"""

import json
import sys
from typing import Any

import django

SLUG = "awaria"


def main() -> None:
    """One part, and what stands after it."""
    django.setup()
    part, folder = sys.argv[1:]
    if part == "prepare":
        prepare(folder)
    sys.stdout.write(json.dumps(describe() if part == "prepare" else finish()))


def prepare(folder: str) -> None:
    """An association of its own with one package at its preview."""
    from django.db import transaction

    from associations.audit.actors import SYSTEM
    from associations.imports.actions import create_batch
    from saas.jobs.actions import enqueue_job
    from saas.jobs.models import JobKind
    from saas.management.packages import find_packages
    from saas.tenancy.provisioning import NewAssociation, create_association, migrate_public
    from saas.tenancy.switching import enter_association
    from workers.running import run_one_job

    migrate_public()
    association = create_association(NewAssociation(slug=SLUG, name="Awaria", kind="community"), actor=SYSTEM)
    with enter_association(association), transaction.atomic():
        batch = create_batch(actor=SYSTEM, files=find_packages([folder])[0])
        enqueue_job(association=association, kind=JobKind.READ_BATCH, batch_id=batch.pk)
    run_one_job()


def describe() -> dict[str, Any]:
    """The batch's state, its staged rows, and what stands published."""
    from associations.catalogue import CATALOGUE
    from associations.control import control_association
    from associations.imports.models import ImportBatch
    from associations.imports.preview import count_staged
    from saas.tenancy.hosts import find_association
    from saas.tenancy.switching import enter_association

    association = find_association(f"{SLUG}.localhost")
    assert association is not None
    with enter_association(association):
        batch = ImportBatch.objects.get()
        control = control_association()
        return {
            "state": batch.state,
            "failure": batch.failure,
            "seen": {entry["dataset"]: entry["rows"] for entry in batch.summary["datasets"]},
            "staged": sum(count_staged(table, batch.pk) for table in CATALOGUE.staged_tables.values()),
            "standing": control.rows,
            "disagreements": len(control.disagreements),
        }


def finish() -> dict[str, dict[str, Any]]:
    """What the crash left, and what stands after a manager's click on „Opublikuj”."""
    from django.db import transaction

    from associations.audit.actors import SYSTEM
    from associations.imports.actions import request_publication
    from associations.imports.models import ImportBatch
    from saas.jobs.actions import enqueue_job
    from saas.jobs.models import JobKind
    from saas.tenancy.hosts import find_association
    from saas.tenancy.switching import enter_association
    from workers.running import run_one_job

    left = describe()
    association = find_association(f"{SLUG}.localhost")
    assert association is not None
    with enter_association(association), transaction.atomic():
        batch = ImportBatch.objects.get()
        request_publication(actor=SYSTEM, batch=batch)
        enqueue_job(association=association, kind=JobKind.PUBLISH_BATCH, batch_id=batch.pk)
    run_one_job()
    return {"left": left, "after": describe()}


if __name__ == "__main__":
    main()
