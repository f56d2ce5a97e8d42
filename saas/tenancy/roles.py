"""One database role per association: who is inside one association has no rights on any other's tables.

The runtime role (DATABASE_URL) may take each of these roles and inherits nothing from them, so that by itself it
reads no association. saas.tenancy.backend takes role and search path in one statement. Roles belong to the whole
server, therefore a name begins with the database's. What a role may do: saas.tenancy.granting.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from psycopg import errors, sql

from saas.tenancy.errors import ProvisioningError

OWNER = "owner"
# What PostgreSQL calls the session's own role: outside all associations.
NO_ROLE = "none"
LONGEST_NAME = 63  # bytes of an identifier
DIGEST_LENGTH = 32


class RolesError(ProvisioningError):
    """A role could not be made: the server forbids it, or somebody else owns the name. The text says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__("no_role", message)


def role_name(database: str, schema_name: str) -> str:
    """`kartoteka.a_sloneczna`; a long name ends in a hash of the whole instead, within 63 bytes.

    A schema's name has no full stop, so no two pairs share a name.
    """
    name = f"{database}.{schema_name}"
    if len(name.encode()) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:DIGEST_LENGTH]
    room = LONGEST_NAME - DIGEST_LENGTH - 1
    return f"{database.encode()[:room].decode(errors='ignore')}.{digest}"


def prefix_of(given: Mapping[str, Any]) -> str:
    """What the names of roles begin with: the database's name, unless KARTOTEKA_ROLE_PREFIX says otherwise."""
    return str(given.get("ROLE_PREFIX") or given["NAME"])


def has_roles() -> bool:
    """Whether associations are entered by roles of their own (KARTOTEKA_ROLES)."""
    return bool(connections["default"].settings_dict.get("ASSOCIATION_ROLES"))


def association_role(schema_name: str) -> str:
    """The role of an association's schema on this platform."""
    return role_name(prefix_of(connections["default"].settings_dict), schema_name)


def runtime_role() -> str:
    """The role of the running program: it serves requests and jobs, owns nothing and has no DDL."""
    return str(connections["default"].settings_dict["USER"])


def ensure_role(schema_name: str, *, using: str) -> str:
    """Create the association's role where it is missing and let the runtime role take it; its name.

    In the caller's transaction; `using` names the owner's connection. Raises RolesError where the server refuses.
    """
    role = association_role(schema_name)
    exists, is_granted = _state_of(role, using)
    try:
        if not exists:
            _create(role, using)
        if not is_granted:
            _grant(role, using)
    except DatabaseError as error:
        if isinstance(error.__cause__, errors.InsufficientPrivilege):
            raise RolesError(
                f"The owner role may not create or grant the role {role}: give it CREATEROLE, or set KARTOTEKA_ROLES=0."
            ) from error
        raise
    return role


def without_role(schema_names: Sequence[str], *, using: str) -> set[str]:
    """Schemas that cannot be entered by a role: there is none, or it has no rights there. One query for all.

    Empty where roles are off.
    """
    if not has_roles():
        return set()
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname FROM pg_namespace n JOIN unnest(%s::text[], %s::text[]) AS wanted (schema_name, role)"
            " ON wanted.schema_name = n.nspname LEFT JOIN pg_roles r ON r.rolname = wanted.role"
            " WHERE r.oid IS NULL OR NOT has_schema_privilege(r.oid, n.oid, 'USAGE') OR NOT EXISTS ("
            "SELECT 1 FROM pg_auth_members m JOIN pg_roles u ON u.oid = m.member"
            " WHERE m.roleid = r.oid AND u.rolname = %s AND m.set_option)",
            [list(schema_names), [association_role(name) for name in schema_names], runtime_role()],
        )
        return {name for (name,) in cursor.fetchall()}


def drop_role(schema_name: str, *, using: str) -> bool:
    """Drop the role of a schema that is gone; False where it stays, because another database refers to it.

    In the caller's transaction; `using` names the owner's connection. Nothing happens where there is no such role.
    """
    role = association_role(schema_name)
    if not _state_of(role, using)[0]:
        return True
    try:
        with transaction.atomic(using=using):
            _run("DROP ROLE {role}", role, using)
    except DatabaseError as error:
        if isinstance(error.__cause__, errors.DependentObjectsStillExist):
            return False
        raise
    return True


def _state_of(role: str, using: str) -> tuple[bool, bool]:
    """Whether the role exists, and whether the runtime role may take it without inheriting from it."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_auth_members m JOIN pg_roles u ON u.oid = m.member"
            " WHERE m.roleid = r.oid AND u.rolname = %s AND m.set_option AND NOT m.inherit_option)"
            " FROM pg_roles r WHERE r.rolname = %s",
            [runtime_role(), role],
        )
        row = cursor.fetchone()
    return (False, False) if row is None else (True, bool(row[0]))


def _create(role: str, using: str) -> None:
    # Citus opens connections to its nodes as the role that asks; a role without a password signs in nowhere else.
    kind = "LOGIN" if settings.CITUS else "NOLOGIN"
    try:
        with transaction.atomic(using=using):
            _run(f"CREATE ROLE {{role}} {kind}", role, using)
    except DatabaseError as error:
        # Made at this moment by a copy of the database that shares the prefix.
        if not isinstance(error.__cause__, errors.DuplicateObject | errors.UniqueViolation):
            raise


def _grant(role: str, using: str) -> None:
    try:
        with transaction.atomic(using=using):
            _run("GRANT {role} TO {runtime} WITH INHERIT FALSE, SET TRUE", role, using)
    except DatabaseError:
        # Granted at this moment by a copy of the database that shares the prefix: told as a double row or as
        # "tuple concurrently updated", an internal error.
        if not _state_of(role, using)[1]:
            raise


def _run(statement: str, role: str, using: str) -> None:
    names = {"role": sql.Identifier(role), "runtime": sql.Identifier(runtime_role())}
    with connections[using].cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**names))
