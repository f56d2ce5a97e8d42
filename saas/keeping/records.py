"""Backups by the row: made where the settings say, written down, looked up."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from pyrage.x25519 import Recipient

from saas.keeping.backing_up import OWNER, WrittenBackup, back_up
from saas.keeping.models import Backup, BackupPurpose
from saas.keeping.sealing import read_recipient
from saas.tenancy.switching import AssociationRef, enter_public


def configured_recipients() -> list[Recipient]:
    """The key that backups are sealed to by the settings; none where there is none. Raises KeepingError for a bad one."""
    return [read_recipient(settings.BACKUP_RECIPIENT)] if settings.BACKUP_RECIPIENT else []


def default_path(association: AssociationRef, *, is_sealed: bool, now: dt.datetime | None = None) -> Path:
    """`<folder>/<slug>/<slug>-20261123T041500.123Z.tar.gz`, with `.age` behind it for a sealed one."""
    moment = (now or timezone.now()).astimezone(dt.UTC)
    stamp = f"{moment:%Y%m%dT%H%M%S}.{moment.microsecond // 1000:03}Z"
    name = f"{association.slug}-{stamp}.tar.gz{'.age' if is_sealed else ''}"
    return Path(settings.BACKUP_DIR) / association.slug / name


def make_backup(
    association: AssociationRef,
    *,
    purpose: BackupPurpose,
    target: Path | None = None,
    recipients: Sequence[Recipient] | None = None,
    using: str = OWNER,
    wait_seconds: float = 0.0,
) -> WrittenBackup:
    """Back up and write it down. Without target and recipients: where and to whom the settings say.

    Raises KeepingError as back_up does.
    """
    keys = configured_recipients() if recipients is None else recipients
    path = target or default_path(association, is_sealed=bool(keys))
    written = back_up(association, path, recipients=keys, using=using, wait_seconds=wait_seconds)
    with enter_public(using=using):
        Backup.objects.using(using).create(
            association_id=association.id,
            slug=association.slug,
            purpose=purpose,
            made_at=written.made_at,
            path=str(written.path.absolute()),
            size_bytes=written.size,
            sha256=written.sha256,
            is_sealed=written.is_sealed,
            row_count=written.rows,
            file_count=written.files,
        )
    return written


def last_backup(association: AssociationRef, *, using: str = "default") -> Backup | None:
    """The youngest backup that retention has left; None where there is none."""
    with enter_public(using=using):
        kept = Backup.objects.using(using).filter(association_id=association.id, removed_at=None)
        return kept.order_by("-made_at").first()
