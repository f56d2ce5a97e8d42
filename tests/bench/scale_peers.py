"""What `make bench-scale` compares with: django-tenants' own ways, PostgreSQL's own dump, and the bare tables."""

import os
import subprocess

from django.core.management import call_command
from django.db import connections, transaction
from django_tenants.postgresql_backend.introspection import DatabaseSchemaIntrospection

from saas.local import addresses
from saas.local.binaries import POSTGRES_BIN, POSTGRES_PACKAGE, package_folder
from saas.tenancy.schema_script import schema_script
from tests.bench.surroundings import INSTANCE


def bare_create(schema_name: str) -> None:
    """The least that PostgreSQL can be asked: an empty schema and its tables, without rows, rights and registry."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema_name}; SET LOCAL search_path TO {schema_name}")
        cursor.execute(";\n".join(schema_script().tables))


def stock_create(schema_name: str) -> None:
    """What TenantMixin.save does for a new tenant."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema_name}")
    stock_migrate(schema_name)


def stock_migrate(schema_name: str) -> None:
    """django-tenants' own migrating of one schema, with its own list of tables."""
    owner = connections["owner"]
    product = owner.introspection
    owner.introspection = DatabaseSchemaIntrospection(owner)
    try:
        call_command(
            "migrate_schemas",
            tenant=True,
            schema_name=schema_name,
            database="owner",
            interactive=False,
            verbosity=0,
        )
    finally:
        owner.introspection = product


def dump_schema(schema_name: str) -> None:
    """PostgreSQL's own dump of one schema."""
    url = addresses.role_url(addresses.ADMIN_ROLE, name=INSTANCE)
    subprocess.run(
        [
            package_folder(POSTGRES_PACKAGE) / POSTGRES_BIN / "pg_dump",
            "-n",
            schema_name,
            "-f",
            os.devnull,
            url,
        ],
        check=True,
    )
