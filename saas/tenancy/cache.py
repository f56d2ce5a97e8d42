"""Cache keys that carry their schema: one association can never read what another stored."""

from django.db import connection


def key_by_schema(key: str, key_prefix: str, version: int) -> str:
    """`<schema>:<prefix>:<version>:<key>`."""
    schema: str = connection.schema_name  # type: ignore[attr-defined]  # django-tenants' own
    return f"{schema}:{key_prefix}:{version}:{key}"
