"""Which tables stand in the schema that the connection points at."""

from typing import Any

from django.db.backends.postgresql.introspection import TableInfo
from django_tenants.postgresql_backend.introspection import DatabaseSchemaIntrospection

# By pg_depend's index: Django's own query asks for each relation of all associations whether it is visible.
TABLE_LIST = """
    SELECT c.relname,
           CASE WHEN c.relispartition THEN 'p' WHEN c.relkind IN ('m', 'v') THEN 'v' ELSE 't' END,
           obj_description(c.oid, 'pg_class')
    FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_namespace'::regclass
      AND d.refobjid = (SELECT oid FROM pg_namespace WHERE nspname = %s)
      AND c.relkind IN ('f', 'm', 'p', 'r', 'v')
"""


class SchemaIntrospection(DatabaseSchemaIntrospection):  # type: ignore[misc]  # django-tenants ships no types
    """As django-tenants', but the list of tables costs the same among ten associations and among thousands."""

    def get_table_list(self, cursor: Any) -> list[TableInfo]:
        """Tables and views of the connection's schema."""
        cursor.execute(TABLE_LIST, [self.connection.schema_name])
        return [TableInfo(*row) for row in cursor.fetchall() if row[0] not in self.ignored_tables]
