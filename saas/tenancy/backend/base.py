"""A thin guard around django-tenants' PostgreSQL backend.

The stock backend swallows a failed `SET search_path`, and the query that follows then reads the association
that the connection served before. Here the failure is raised, unless the transaction is broken already (then
the next statement fails by itself). The search path of an association holds its schema alone, never `public`:
a missing table raises instead of falling through. Where the connection has ASSOCIATION_ROLES, the association's
role is taken in the same statement, and left with it (saas.tenancy.roles).

What a session has read of the catalog it keeps, about 0.4 MiB per association: one that has entered
MAX_ASSOCIATIONS of them is closed on its way back to public, and the next statement opens another.
"""

import re
from typing import Any

import django_tenants.postgresql_backend.base as stock
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import DatabaseError
from django_tenants.utils import get_public_schema_name, quote_schema_name
from psycopg.pq import TransactionStatus

from saas.tenancy.backend.introspection import SchemaIntrospection
from saas.tenancy.backend.schema import SchemaEditor
from saas.tenancy.roles import NO_ROLE, prefix_of, role_name

PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")
SET_PATH = "SELECT set_config('search_path', %s, false)"
SET_ROLE_AND_PATH = "SELECT set_config('role', %s, false), set_config('search_path', %s, false)"
MISSING_ROLE = (
    "Every association needs its role unless KARTOTEKA_ROLES is 0: manage.py migrate_associations makes them."
)


class WrongAssociationError(DatabaseError):
    """The server did not enter the association that was asked for."""


class DatabaseWrapper(stock.DatabaseWrapper):  # type: ignore[misc]  # django-tenants ships no types
    """Connection whose schema and role are exactly those that were asked for, or an exception."""

    SchemaEditorClass = SchemaEditor
    _setting_search_path: bool
    search_path_set_schemas: list[str] | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._entered: set[str] = set()
        super().__init__(*args, **kwargs)
        self.introspection = SchemaIntrospection(self)

    def set_tenant(self, tenant: Any, include_public: bool = False) -> None:
        """Point the connection at the tenant's schema alone; `include_public` is ignored on purpose."""
        super().set_tenant(tenant, include_public=False)
        if self.schema_name == get_public_schema_name() and self._is_full() and not self.in_atomic_block:
            self.close()

    def _is_full(self) -> bool:
        """Whether the session has entered as many associations as it may; always False for the owner's."""
        limit = int(self.settings_dict.get("MAX_ASSOCIATIONS") or 0)
        return 0 < limit <= len(self._entered)

    def set_schema(
        self, schema_name: str, include_public: bool = False, tenant_type: str | None = None
    ) -> None:
        """As set_tenant, by name."""
        super().set_schema(schema_name, include_public=False, tenant_type=tenant_type)

    def _commit(self) -> None:
        """COMMIT of a broken transaction is a ROLLBACK, and one that fails is, too: the switch is gone with it."""
        is_broken = (
            self.connection is not None
            and self.connection.info.transaction_status == TransactionStatus.INERROR
        )
        try:
            super()._commit()
        except BaseException:
            self.search_path_set_schemas = None
            raise
        if is_broken:
            self.search_path_set_schemas = None

    def init_connection_state(self) -> None:
        """A new session stands in public, whatever the one before it was told."""
        self.search_path_set_schemas = None
        self._entered = set()
        super().init_connection_state()

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path or self.search_path_set_schemas:
            return
        if not self.schema_name:
            msg = "No schema is set on this connection"
            raise ImproperlyConfigured(msg)
        is_broken = self.connection.info.transaction_status == TransactionStatus.INERROR
        paths = self._get_cursor_search_paths()
        self._setting_search_path = True
        own_cursor = self.connection.cursor() if cursor is None else cursor
        try:
            self._switch(own_cursor, paths)
        except Exception:
            # Not only DatabaseError: whatever went wrong, the path is unknown now.
            self.search_path_set_schemas = None
            if not is_broken:
                raise
        else:
            self.search_path_set_schemas = paths
        finally:
            self._setting_search_path = False
            if cursor is None:
                own_cursor.close()

    def _switch(self, cursor: Any, paths: list[str]) -> None:
        """Enter or leave in one statement; what the server says it did must be what was asked for."""
        path = ", ".join(name if PLAIN_NAME.fullmatch(name) else quote_schema_name(name) for name in paths)
        statement, wanted = SET_PATH, [path]
        if self.settings_dict.get("ASSOCIATION_ROLES"):
            statement, wanted = SET_ROLE_AND_PATH, [self._wanted_role(), path]
        try:
            cursor.execute(statement, wanted)
        except Exception as error:
            error.add_note(MISSING_ROLE)
            raise
        given = cursor.fetchone()
        if given is None or list(given) != wanted:
            raise WrongAssociationError(f"Asked for {wanted}, the server says {given}")
        if self.schema_name != get_public_schema_name():
            self._entered.add(self.schema_name)

    def _wanted_role(self) -> str:
        if self.schema_name == get_public_schema_name():
            return NO_ROLE
        return role_name(prefix_of(self.settings_dict), self.schema_name)
