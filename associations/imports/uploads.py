"""Uploads over the API: the same request sent twice, or twice at once, is one batch (Idempotency-Key)."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from associations.audit.actors import Actor
from associations.imports.actions import create_batch
from associations.imports.models import BatchSource, ImportBatch, UploadRequest
from associations.imports.rules import ImportRuleError
from associations.imports.storage import UploadedFile

LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """The batch of an upload; `is_new` is False where the same request had made it before."""

    batch: ImportBatch
    is_new: bool


def upload_once(
    *,
    actor: Actor,
    token_id: uuid.UUID,
    key: str,
    files: Sequence[UploadedFile],
    declarations: Mapping[str, Any] | None = None,
) -> Upload:
    """Keep the files as a batch, or find the batch of this token's earlier request with the same key.

    The caller enqueues the reading of a new batch in the same transaction. Without a key every request is new.
    Raises ImportRuleError "key_reused" for other content under a known key, "bad_key" for one over 200 characters,
    and as create_batch does.
    """
    with transaction.atomic():
        if not key:
            return Upload(_create(actor, files, declarations), is_new=True)
        if len(key) > LONGEST_KEY:
            raise ImportRuleError("bad_key", _("Idempotency-Key może mieć najwyżej 200 znaków."))
        _wait_for_the_same(token_id, key)
        fingerprint = fingerprint_of(files, declarations)
        known = UploadRequest.objects.filter(token_id=token_id, key=key).select_related("batch").first()
        if known is None:
            batch = _create(actor, files, declarations)
            UploadRequest.objects.create(token_id=token_id, key=key, fingerprint=fingerprint, batch=batch)
            return Upload(batch, is_new=True)
        if known.fingerprint != fingerprint:
            raise ImportRuleError(
                "key_reused",
                _("Pod tym Idempotency-Key wgrano już inne pliki. Dla nowych plików podaj nowy klucz."),
            )
        return Upload(known.batch, is_new=False)


def fingerprint_of(files: Sequence[UploadedFile], declarations: Mapping[str, Any] | None) -> str:
    """SHA-256 over names and contents in their order, and over what was declared."""
    whole = hashlib.sha256()
    for file in files:
        content = hashlib.sha256()
        for chunk in file.chunks():
            content.update(chunk)
        name = (file.name or "").encode()
        whole.update(b"%d:%s" % (len(name), name) + content.digest())
    whole.update(repr(sorted((declarations or {}).items())).encode())
    return whole.hexdigest()


def _create(
    actor: Actor, files: Sequence[UploadedFile], declarations: Mapping[str, Any] | None
) -> ImportBatch:
    return create_batch(actor=actor, files=files, declarations=declarations, source=BatchSource.API)


def _wait_for_the_same(token_id: uuid.UUID, key: str) -> None:
    """Until the end of the transaction nobody else works on this key of the association."""
    schema = str(connection.schema_name)  # type: ignore[attr-defined]  # django-tenants' own
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{schema} {token_id} {key}"]
        )
