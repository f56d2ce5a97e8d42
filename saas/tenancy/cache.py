"""Cache keys that carry their schema: one association can never read what another stored."""

from django.db import connection


def key_by_schema(key: str, key_prefix: str, version: int) -> str:
    """`<schema>:<prefix>:<version>:<key>`."""
    return f"{connection.schema_name}:{key_prefix}:{version}:{key}"
