"""What one schema holds, read through indexes of the catalog alone.

pg_class and its like hold rows of every association; none of these statements scans one. Tables are found by what
depends on the schema (pg_depend), everything else by its table. The connection points at the schema, so that
PostgreSQL writes names without it.
"""

from graphlib import TopologicalSorter
from typing import Any

from django.db import connections
from psycopg import sql

from saas.cluster.staging import staging_tables
from saas.keeping.contents import Checksum, SequenceState, TableShape

TABLES = """
SELECT c.oid, c.relname, c.relpersistence <> 'u', array_to_string(c.reloptions, ', ')
  FROM pg_namespace n
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid
                  AND d.classid = 'pg_class'::regclass
  JOIN pg_class c ON c.oid = d.objid
 WHERE n.nspname = %s AND c.relkind IN ('r', 'p')
 ORDER BY c.relname COLLATE "C"
"""
COLUMNS = """
SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attidentity,
       pg_get_expr(d.adbin, d.adrelid, true), a.attgenerated,
       CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END
  FROM pg_attribute a
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attrelid = ANY(%s) AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attrelid, a.attnum
"""
CONSTRAINTS = """
SELECT conrelid, conname, contype, pg_get_constraintdef(oid, true), confrelid
  FROM pg_constraint WHERE conrelid = ANY(%s) ORDER BY conrelid, contype, conname COLLATE "C"
"""
INDEXES = """
SELECT i.indrelid, pg_get_indexdef(i.indexrelid, 0, true)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE i.indrelid = ANY(%s)
   AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid)
 ORDER BY i.indrelid, c.relname COLLATE "C"
"""
SEQUENCES = """
SELECT t.relname, a.attname, s.relname
  FROM pg_depend d
  JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
  JOIN pg_class t ON t.oid = d.refobjid
  JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
 WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY(%s) AND d.classid = 'pg_class'::regclass
   AND d.deptype IN ('i', 'a')
 ORDER BY t.relname COLLATE "C", a.attname COLLATE "C"
"""
# Whatever the server or the role prefers: texts of values must be equal here and after restoring elsewhere.
TEXT_FORMS = (
    "SET LOCAL datestyle = 'ISO, DMY'",
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL intervalstyle = 'postgres'",
)


class SchemaCatalog:
    """The tables of a schema with their DDL: five statements, whatever the number of tables."""

    def __init__(self, schema_name: str, *, using: str) -> None:
        self._using = using
        self.schema_name = schema_name
        # Staging is logged only as long as an online move of a cluster needs it.
        passing = staging_tables()
        self._tables = {
            oid: (name, is_logged and name not in passing, options)
            for oid, name, is_logged, options in self._rows(TABLES, [schema_name])
        }
        self._oids = self._in_order(list(self._tables))
        self._columns = _by_table(self._rows(COLUMNS, [self._oids]))

    def _rows(self, statement: Any, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        with connections[self._using].cursor() as cursor:
            cursor.execute(statement, parameters)
            return list(cursor.fetchall())

    def _in_order(self, oids: list[int]) -> list[int]:
        """Tables behind those that they refer to: rows loaded in this order need no deferred constraints."""
        self._constraints = _by_table(self._rows(CONSTRAINTS, [oids]))
        order: TopologicalSorter[int] = TopologicalSorter()
        for oid in oids:
            order.add(oid, *(row[3] for row in self._constraints.get(oid, []) if row[3] not in {0, oid}))
        return list(order.static_order())

    def tables(self) -> tuple[TableShape, ...]:
        """Every table, behind those that it refers to. Computed columns are left to the database."""
        return tuple(self._shape(oid) for oid in self._oids)

    def _shape(self, oid: int) -> TableShape:
        name, is_logged, _ = self._tables[oid]
        return TableShape(name, tuple(row[0] for row in self._columns[oid] if not row[4]), is_logged)

    def sequences(self) -> tuple[SequenceState, ...]:
        """Where the numbers of each column stand, by table and column."""
        found = self._rows(SEQUENCES, [self._oids])
        if not found:
            return ()
        each = [
            sql.SQL("SELECT {}, last_value, is_called FROM {}").format(
                sql.Literal(number), sql.Identifier(self.schema_name, name)
            )
            for number, (_, _, name) in enumerate(found)
        ]
        values = sorted(self._rows(sql.SQL(" UNION ALL ").join(each)))
        return tuple(
            SequenceState(table, column, last_value, is_called)
            for (table, column, _), (_, last_value, is_called) in zip(found, values, strict=True)
        )

    def ddl(self) -> str:
        """Statements that make the tables in an empty schema that the search path names; no rights, no rows."""
        indexes = _by_table(self._rows(INDEXES, [self._oids]))
        made, others = [], []
        for oid in self._oids:
            name, is_logged, options = self._tables[oid]
            made.append(
                _create_table(name, is_logged, options, self._columns[oid], self._constraints.get(oid, []))
            )
            others += [row[0] for row in indexes.get(oid, [])]
            others += [
                f"ALTER TABLE {_quoted(name)} ADD CONSTRAINT {_quoted(own)} {definition}"
                for own, kind, definition, _ in self._constraints.get(oid, [])
                if kind == "f"
            ]
        return "".join(f"{text};\n" for text in [*made, *others])


def _by_table(rows: list[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for oid, *rest in rows:
        found.setdefault(oid, []).append(tuple(rest))
    return found


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _create_table(
    name: str,
    is_logged: bool,
    options: str | None,
    columns: list[tuple[Any, ...]],
    constraints: list[tuple[Any, ...]],
) -> str:
    lines = [_column(*column) for column in columns]
    lines += [
        f"CONSTRAINT {_quoted(own)} {definition}" for own, kind, definition, _ in constraints if kind != "f"
    ]
    head = f"CREATE {'' if is_logged else 'UNLOGGED '}TABLE {_quoted(name)}"
    return f"{head} (\n  " + ",\n  ".join(lines) + "\n)" + (f" WITH ({options})" if options else "")


def _column(
    name: str, kind: str, identity: str, default: str | None, generated: str, collation: str | None
) -> str:
    words = [_quoted(name), kind]
    if collation:
        words.append(f"COLLATE {collation}")
    if identity:
        words.append(f"GENERATED {'ALWAYS' if identity == 'a' else 'BY DEFAULT'} AS IDENTITY")
    elif generated:
        words.append(f"GENERATED ALWAYS AS ({default}) {'STORED' if generated == 's' else 'VIRTUAL'}")
    elif default is not None:
        words.append(f"DEFAULT {default}")
    return " ".join(words)


def fix_text_forms(*, using: str) -> None:
    """Values become texts in one way until the transaction ends."""
    with connections[using].cursor() as cursor:
        for statement in TEXT_FORMS:
            cursor.execute(statement)


def read_checksums(schema_name: str, tables: tuple[TableShape, ...], *, using: str) -> dict[str, Checksum]:
    """Rows and checksum of every logged table, in one statement. The transaction has fixed the forms of texts.

    The sum of the rows' MD5 (their first 64 bits), each row written as a value of its table's row type: equal rows in
    any order give the same on every version and machine.
    """
    kept = [table for table in tables if table.is_logged]
    if not kept:
        return {}
    each = [
        sql.SQL(
            "SELECT {number}, count(*), coalesce(sum(('x' || left(md5(row({columns})::text), 16))::bit(64)::bigint), 0)"
            " FROM {table}"
        ).format(
            number=sql.Literal(number),
            columns=sql.SQL(", ").join(map(sql.Identifier, table.columns)),
            table=sql.Identifier(schema_name, table.name),
        )
        for number, table in enumerate(kept)
    ]
    with connections[using].cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(each))
        found = sorted(cursor.fetchall())
    return {
        table.name: Checksum(rows, str(total)) for table, (_, rows, total) in zip(kept, found, strict=True)
    }
