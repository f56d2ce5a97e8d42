"""What stands in one schema, read from PostgreSQL's catalog by its indexes alone.

pg_class has no index on its namespace: a query by relnamespace reads the rows of all associations, a million at
three thousand of them. pg_depend has one, and holds each relation's dependency on its schema.
"""

from django.db import connections

# Oids of the schema's tables, views and sequences; %s is the schema's name.
RELATIONS = """
    SELECT d.objid FROM pg_depend d
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_namespace'::regclass
      AND d.refobjid = (SELECT oid FROM pg_namespace WHERE nspname = %s)
"""
NAMES = f"""
    SELECT c.relname FROM pg_class c WHERE c.oid IN ({RELATIONS}) AND c.relkind = ANY(%s) ORDER BY c.relname
"""
# A default is asked for column by column: joined, the planner without fresh statistics reads those of all associations.
# Texts do not depend on the schema's name, on numbers of dropped columns or on the order of creation.
FACTS = f"""
WITH relations AS MATERIALIZED (
    SELECT c.oid, c.relname, c.relkind, c.relpersistence, quote_ident(%s) || '.' AS prefix
    FROM pg_class c WHERE c.oid IN ({RELATIONS})
), facts AS (
    SELECT 'relation' AS kind, relname AS relation, concat_ws(' ', relkind, relpersistence) AS fact FROM relations
    UNION ALL
    SELECT 'column', r.relname, concat_ws(
        ' ', row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum), a.attname,
        format_type(a.atttypid, a.atttypmod), a.attcollation, CASE WHEN a.attnotnull THEN 'NOT NULL' END,
        a.attidentity, a.attgenerated,
        CASE WHEN a.atthasdef THEN (
            SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d
            WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END)
    FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE r.relkind <> 'S'
    UNION ALL
    SELECT 'constraint', r.relname, concat_ws(
        ' ', n.conname, n.contype, n.convalidated,
        CASE WHEN n.contype <> 'n' THEN replace(pg_get_constraintdef(n.oid), r.prefix, '') END)
    FROM relations r JOIN pg_constraint n ON n.conrelid = r.oid
    UNION ALL
    -- Of a constraint's index the constraint says all.
    SELECT 'index', r.relname, concat_ws(
        ' ', x.relname, x.relpersistence, i.indisvalid,
        CASE WHEN n.oid IS NULL THEN replace(pg_get_indexdef(i.indexrelid), r.prefix, '') END)
    FROM relations r JOIN pg_index i ON i.indrelid = r.oid JOIN pg_class x ON x.oid = i.indexrelid
    LEFT JOIN pg_constraint n ON n.conrelid = r.oid AND n.conindid = i.indexrelid AND n.contype IN ('p', 'u', 'x')
    UNION ALL
    SELECT 'sequence', r.relname, concat_ws(
        ' ', s.seqtypid, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle)
    FROM relations r JOIN pg_sequence s ON s.seqrelid = r.oid
    UNION ALL
    SELECT 'trigger', r.relname, replace(pg_get_triggerdef(t.oid), r.prefix, '')
    FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
)
"""
TABLES, SEQUENCES = ("r", "p"), ("S",)


def relation_names(schema_name: str, kinds: tuple[str, ...], *, using: str) -> list[str]:
    """Names of the schema's relations of these kinds (pg_class.relkind), by name."""
    with connections[using].cursor() as cursor:
        cursor.execute(NAMES, [schema_name, list(kinds)])
        return [name for (name,) in cursor.fetchall()]


def catalog_facts(schema_name: str, *, using: str) -> list[tuple[str, str, str]]:
    """Kind, relation and text of all that is declared in the schema; equal schemas give equal lists."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f'{FACTS} SELECT kind, relation, fact FROM facts ORDER BY kind, relation, fact COLLATE "C"',
            [schema_name, schema_name],
        )
        return [(kind, relation, fact) for kind, relation, fact in cursor.fetchall()]


def fingerprint(schema_name: str, *, using: str) -> str:
    """The facts as one short text: what differs in it differs somewhere in the catalog."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"{FACTS} SELECT md5(string_agg(concat_ws(' ', kind, relation, fact), chr(10)"
            ' ORDER BY kind, relation, fact COLLATE "C")) FROM facts',
            [schema_name, schema_name],
        )
        row = cursor.fetchone()
    return str(row[0]) if row else ""
