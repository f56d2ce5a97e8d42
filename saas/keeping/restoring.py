"""Restoring a backup: beside the living association under another slug, in another installation, or in its place.

One transaction in the database, and the folder of files exchanged with it (saas.keeping.folders): cut short at any
point, nothing of it is there, and a second run completes.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from pyrage.x25519 import Identity

from associations.audit.actors import Actor
from associations.profile.models import AssociationProfile, AssociationState
from saas.keeping.contents import Checksum
from saas.keeping.errors import KeepingError
from saas.keeping.folders import exchanged, finish_exchange, gathering, settle_folders
from saas.keeping.holding import hold_tables, working_on
from saas.keeping.jobs import end_jobs
from saas.keeping.loading import load_backup
from saas.keeping.models import Restoration
from saas.keeping.settling import Settled, settle_restored
from saas.keeping.verifying import VerifiedBackup, verify_backup
from saas.tenancy.granting import grant_runtime
from saas.tenancy.models import Association
from saas.tenancy.provisioning import (
    NewAssociation,
    complete_tables,
    create_schema,
    register_association,
    replace_schema,
    schema_name_of,
)
from saas.tenancy.switching import AssociationRef, enter_association, enter_public

OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A backup and what opens it."""

    path: Path
    identity: Identity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What stands now; `tables` are checksums read back from the database before settling and migrating."""

    association: AssociationRef
    backup: VerifiedBackup
    tables: Mapping[str, Checksum]
    settled: Settled
    state: str


def restore_beside(
    source: Source, *, slug: str, actor: Actor, is_open: bool = False, keeps_mails: bool = False
) -> Restored:
    """Restore into a new association of this slug, suspended unless `is_open`; the living one is not touched.

    It keeps its id where no association has it here (another installation, or one that was erased). Own domains and
    grants of staff do not come along. Raises KeepingError; whatever fails leaves nothing.
    """
    backup = verify_backup(source.path, source.identity)  # all of the file, before anything is written
    head, token, schema = backup.head, uuid.uuid4(), schema_name_of(slug)
    state = AssociationState.ACTIVE if is_open else AssociationState.SUSPENDED
    with working_on(slug), enter_public(using=OWNER):
        settle_folders(schema)
        with ExitStack() as folders, gathering(schema, token) as files, transaction.atomic(using=OWNER):
            own_id = uuid.UUID(head.association_id)
            is_known = Association.objects.using(OWNER).filter(pk=own_id).exists()
            new = NewAssociation(name=head.name, slug=slug, kind=head.kind)
            association = register_association(new, own_id=None if is_known else own_id)
            create_schema(schema)
            tables = load_backup(association, source.path, source.identity, backup, files)
            settled = _settle(association, actor, state, backup, keeps_mails=keeps_mails)
            grant_runtime(schema, using=OWNER)
            _record(association, token, backup, actor, is_in_place=False)
            folders.enter_context(exchanged(schema, token))  # left after the commit
        finish_exchange(schema, token)
    return Restored(association=association, backup=backup, tables=tables, settled=settled, state=state)


def restore_in_place(
    source: Source, *, association: AssociationRef, actor: Actor, keeps_mails: bool = False
) -> Restored:
    """Put the association back to what the backup shows; hosts, grants and whether its doors are open stay.

    Requests see the former rows until the moment of the exchange, and the restored ones from then on. Refused while
    a job of the association runs; jobs that wait are cancelled. Raises KeepingError; whatever fails changes nothing.
    """
    backup = verify_backup(source.path, source.identity)  # all of the file, before anything is written
    if backup.head.association_id != str(association.id):
        raise KeepingError("other_association", f"The backup is of another association ({backup.head.slug}).")
    token, schema = uuid.uuid4(), association.schema_name
    fresh = AssociationRef(
        id=association.id, slug=association.slug, schema_name=f"restoring_{token.hex[:16]}"
    )
    with working_on(association.id), enter_public(using=OWNER):
        settle_folders(schema)
        with ExitStack() as folders, gathering(schema, token) as files, transaction.atomic(using=OWNER):
            create_schema(fresh.schema_name)
            tables = load_backup(fresh, source.path, source.identity, backup, files)
            state = _state_of(association)
            settled = _settle(fresh, actor, state, backup, keeps_mails=keeps_mails)
            hold_tables(schema)
            end_jobs(association.id)
            replace_schema(schema, by=fresh.schema_name)
            grant_runtime(schema, using=OWNER)
            _record(association, token, backup, actor, is_in_place=True)
            folders.enter_context(exchanged(schema, token))  # left after the commit
        finish_exchange(schema, token)
    return Restored(association=association, backup=backup, tables=tables, settled=settled, state=state)


def _settle(
    association: AssociationRef, actor: Actor, state: str, backup: VerifiedBackup, *, keeps_mails: bool
) -> Settled:
    """Bring the tables to this release first: settling is written in its terms."""
    complete_tables(association)
    with enter_association(association, using=OWNER):
        return settle_restored(actor=actor, state=state, made_at=backup.head.made_at, keeps_mails=keeps_mails)


def _state_of(association: AssociationRef) -> str:
    with enter_association(association, using=OWNER):
        return str(AssociationProfile.objects.using(OWNER).get(id=1).state)


def _record(
    association: AssociationRef, token: uuid.UUID, backup: VerifiedBackup, actor: Actor, *, is_in_place: bool
) -> None:
    Restoration.objects.using(OWNER).create(
        id=token,
        association_id=association.id,
        slug=association.slug,
        made_at=dt.datetime.fromisoformat(backup.head.made_at),
        is_in_place=is_in_place,
        by_name=actor.name,
    )
