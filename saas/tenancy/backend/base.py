"""A thin guard around django-tenants' PostgreSQL backend.

The stock backend swallows a failed `SET search_path`, and the query that follows then reads the association
that the connection served before. Here the failure is raised, unless the transaction is broken already (then
the next statement fails by itself). The search path of an association holds its schema alone, never `public`:
a missing table raises instead of falling through.
"""

from typing import Any

import django_tenants.postgresql_backend.base as stock
from django.core.exceptions import ImproperlyConfigured
from django_tenants.utils import quote_schema_name
from psycopg.pq import TransactionStatus

from saas.tenancy.backend.introspection import SchemaIntrospection
from saas.tenancy.backend.schema import SchemaEditor


class DatabaseWrapper(stock.DatabaseWrapper):  # type: ignore[misc]  # django-tenants ships no types
    """Connection whose schema is exactly the one that was asked for, or an exception."""

    SchemaEditorClass = SchemaEditor
    _setting_search_path: bool
    search_path_set_schemas: list[str] | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.introspection = SchemaIntrospection(self)

    def set_tenant(self, tenant: Any, include_public: bool = False) -> None:
        """Point the connection at the tenant's schema alone; `include_public` is ignored on purpose."""
        super().set_tenant(tenant, include_public=False)

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
            own_cursor.execute("SET search_path = " + ", ".join(quote_schema_name(path) for path in paths))
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
