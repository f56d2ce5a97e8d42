"""Django's DDL, one statement at a time and without SET CONSTRAINTS, as a distributed schema takes it.

Django settles pending events of deferred keys before it changes a table again. A migration that both writes rows and
changes their table needs two migrations here instead: the server refuses it otherwise ("pending trigger events").
"""

from django.db.backends.postgresql.schema import DatabaseSchemaEditor


class SchemaEditor(DatabaseSchemaEditor):
    """The stock editor with the statements that it sends in pairs cut down to the one that matters."""

    sql_create_column_inline_fk = "CONSTRAINT %(name)s REFERENCES %(to_table)s(%(to_column)s)%(deferrable)s"
    sql_delete_fk = "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s"
    sql_update_with_default = "UPDATE %(table)s SET %(column)s = %(default)s WHERE %(column)s IS NULL"
