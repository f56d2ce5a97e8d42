"""Erasing an association: its schema, its files, what names it in public. A certificate stays."""

import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from django.db import connections, transaction
from django.utils import timezone
from psycopg import sql

from associations.audit.actors import Actor
from associations.profile.models import AssociationProfile, AssociationState
from saas.jobs.models import Job
from saas.keeping.errors import KeepingError
from saas.keeping.folders import exchanged, finish_exchange, settle_folders
from saas.keeping.holding import hold_tables, working_on
from saas.keeping.jobs import end_jobs
from saas.keeping.kept_files import folder_of
from saas.keeping.models import Backup, DomainClaim, ErasureCertificate
from saas.staff.models import ApiToken, Grant
from saas.staff.platform_audit import record_platform_act
from saas.tenancy.hosts import forget_hosts
from saas.tenancy.models import Association, Domain
from saas.tenancy.provisioning import drop_schema
from saas.tenancy.roles import drop_role
from saas.tenancy.switching import AssociationRef, enter_association, enter_public

OWNER = "owner"


@dataclass(frozen=True, slots=True)
class _Counted:
    """Files and their bytes."""

    files: int
    size: int


def erase_association(
    association: AssociationRef, *, actor: Actor, deletes_backups: bool = False
) -> ErasureCertificate:
    """Erase a suspended or archived association for good, in one transaction; the certificate says what was there.

    Backups stay unless `deletes_backups`; retention ends those of the schedule. Raises KeepingError: its doors are
    open, a job runs, another operator works on it. Whatever fails before the commit changes nothing; files that could
    not be deleted after it are named, and a second run deletes them.
    """
    token, schema = uuid.uuid4(), association.schema_name
    with working_on(association.id), enter_public(using=OWNER):
        settle_folders(schema)
        with ExitStack() as folders, transaction.atomic(using=OWNER):
            name = _check_doors(association)
            tables = _count_rows(schema, hold_tables(schema))
            end_jobs(association.id)
            files = _count_files(schema)
            domains = sorted(
                Domain.objects.using(OWNER).filter(tenant_id=association.id).values_list("domain", flat=True)
            )
            drop_schema(schema)
            drop_role(schema, using=OWNER)
            certificate = ErasureCertificate.objects.using(OWNER).create(
                id=token,
                association_id=association.id,
                slug=association.slug,
                name=name,
                schema_name=schema,
                by_kind=actor.kind,
                by_id=actor.id,
                by_name=actor.name,
                tables=tables,
                shared_rows=_forget(association),
                domains=domains,
                file_count=files.files,
                file_bytes=files.size,
                last_backup_sha256=_last_sha256(association),
                backups_kept=[row.path for row in _backups(association)],
            )
            record_platform_act(
                actor=actor,
                action="association.erased",
                target=association.slug,
                using=OWNER,
                certificate=str(token),
            )
            folders.enter_context(exchanged(schema, token))  # left after the commit
        forget_hosts()
        finish_erasure(certificate, deletes_backups=deletes_backups)
    return certificate


def finish_erasure(certificate: ErasureCertificate, *, deletes_backups: bool) -> None:
    """Delete what lies outside the database, and say so in the certificate; may be run again."""
    try:
        finish_exchange(certificate.schema_name, certificate.id)
        if deletes_backups:
            _delete_backups(certificate)
    except OSError as error:
        raise KeepingError(
            "files_left",
            f"The association is erased, but {error.filename} could not be deleted ({error.strerror}): "
            "see to it and run the command again.",
        ) from None


def find_certificate(slug: str) -> ErasureCertificate | None:
    """The youngest certificate of an association that had this slug."""
    with enter_public(using=OWNER):
        return ErasureCertificate.objects.using(OWNER).filter(slug=slug).order_by("-erased_at").first()


def _check_doors(association: AssociationRef) -> str:
    with enter_association(association, using=OWNER):
        profile = AssociationProfile.objects.using(OWNER).select_for_update().get(id=1)
    if profile.state in {AssociationState.ACTIVE, AssociationState.READ_ONLY}:
        raise KeepingError("active", f"{association.slug} is active: suspend or archive it first.")
    return profile.name


def _count_rows(schema_name: str, tables: tuple[str, ...]) -> dict[str, int]:
    each = [
        sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(name), sql.Identifier(schema_name, name))
        for name in sorted(tables)
    ]
    with connections[OWNER].cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(each))
        return {str(name): int(rows) for name, rows in sorted(cursor.fetchall())}


def _count_files(schema_name: str) -> _Counted:
    paths = [path for path in folder_of(schema_name).rglob("*") if path.is_file()]
    return _Counted(len(paths), sum(path.lstat().st_size for path in paths))


def _forget(association: AssociationRef) -> dict[str, int]:
    """Delete what names the association in public; rows by kind."""
    keys = ApiToken.associations.through.objects.using(OWNER).filter(association_id=association.id)
    gone = {
        "jobs": Job.objects.using(OWNER).filter(association_id=association.id).delete()[0],
        "grants": Grant.objects.using(OWNER).filter(association_id=association.id).delete()[0],
        "api_tokens": keys.delete()[0],
        "domain_claims": DomainClaim.objects.using(OWNER).filter(association_id=association.id).delete()[0],
        "domains": Domain.objects.using(OWNER).filter(tenant_id=association.id).delete()[0],
    }
    Association.objects.using(OWNER).filter(pk=association.id).delete()
    return gone


def _backups(association: AssociationRef) -> list[Backup]:
    kept = Backup.objects.using(OWNER).filter(association_id=association.id, removed_at=None)
    return list(kept.order_by("made_at"))


def _last_sha256(association: AssociationRef) -> str:
    backups = _backups(association)
    return backups[-1].sha256 if backups else ""


def _delete_backups(certificate: ErasureCertificate) -> None:
    kept = Backup.objects.using(OWNER).filter(association_id=certificate.association_id, removed_at=None)
    for row in list(kept.order_by("made_at")):
        Path(row.path).unlink(missing_ok=True)
        with transaction.atomic(using=OWNER):
            Backup.objects.using(OWNER).filter(pk=row.pk).update(removed_at=timezone.now())
            certificate.backups_kept = [path for path in certificate.backups_kept if path != row.path]
            certificate.backups_deleted = [*certificate.backups_deleted, row.path]
            certificate.save(using=OWNER, update_fields=["backups_kept", "backups_deleted"])
