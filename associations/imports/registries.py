"""Registries (premises, people, titles, accounts …): updated in place by an import, each change kept and undoable."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from associations.imports.editions import run


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrySpec:
    """One registry table and the SELECT that turns a batch's staged rows into its keys and values."""

    registry: str
    dataset: str
    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    # One row per key; takes %(batch)s; gives key and columns under their own names.
    source: str
    # Parts of the key that may be null, and then equal each other.
    nullable: tuple[str, ...] = ()
    # Further datasets whose staged rows the source reads.
    fed_by: tuple[str, ...] = ()
    # Undo: a statement that frees what the restored values need (unique ones); takes %(published)s and %(registry)s.
    before_revert: str = ""

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets that can change the registry: where none of them is in a batch, it stays as it is."""
        return (self.dataset, *self.fed_by)

    @property
    def all_columns(self) -> tuple[str, ...]:
        """What a change keeps of a row."""
        return (*self.key, *self.columns)

    def same_key(self, left: str, right: str) -> str:
        """A join on the key, null equal to null where the key may be null (an undated title)."""
        # Equality alone can be hashed: IS NOT DISTINCT FROM on all of the key compares every row with every other.
        return " AND ".join(
            f"{left}.{name} IS NOT DISTINCT FROM {right}.{name}"
            if name in self.nullable
            else f"{left}.{name} = {right}.{name}"
            for name in self.key
        )

    def differs(self, left: str, right: str) -> str:
        """Whether any value is another."""
        if not self.columns:
            return "false"
        return (
            "(" + " OR ".join(f"{left}.{name} IS DISTINCT FROM {right}.{name}" for name in self.columns) + ")"
        )

    def as_json(self, alias: str) -> str:
        """The kept columns of a row."""
        return (
            "jsonb_build_object(" + ", ".join(f"'{name}', {alias}.{name}" for name in self.all_columns) + ")"
        )


@dataclass(frozen=True, slots=True)
class RegistryOutcome:
    """How many rows of a registry a batch would bring, change, or leave as they are."""

    new: int
    changed: int
    same: int


def count_outcome(spec: RegistrySpec, batch_id: int) -> RegistryOutcome:
    """What publishing would do to the registry as it stands now."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH source AS MATERIALIZED ({spec.source})
            SELECT count(*) FILTER (WHERE t.id IS NULL),
                   count(*) FILTER (WHERE t.id IS NOT NULL AND {spec.differs("t", "s")}),
                   count(*) FILTER (WHERE t.id IS NOT NULL AND NOT {spec.differs("t", "s")})
            FROM source s LEFT JOIN {spec.table} t ON {spec.same_key("t", "s")}
            """,
            {"batch": batch_id},
        )
        return RegistryOutcome(*cursor.fetchone())


def apply_registry(spec: RegistrySpec, *, batch_id: int, publication_id: int) -> int:
    """Bring new rows and change known ones, each with its old and new values kept; rows touched.

    Run inside the publication's transaction, registries in the order in which they refer to each other.
    """
    params = {"batch": batch_id, "publication": publication_id, "registry": spec.registry}
    touched = 0
    if spec.columns:
        touched += _update(spec, params)
    return touched + _insert(spec, params)


def _update(spec: RegistrySpec, params: dict[str, Any]) -> int:
    run(
        f"""
        WITH source AS MATERIALIZED ({spec.source}), rows AS MATERIALIZED (
            SELECT %(publication)s::bigint AS publication_id, %(registry)s::text AS registry, t.id AS object_id,
                   {spec.as_json("t")} AS before, {spec.as_json("s")} AS after
            FROM source s JOIN {spec.table} t ON {spec.same_key("t", "s")} WHERE {spec.differs("t", "s")}
        )
        INSERT INTO imports_registrychange (publication_id, registry, object_id, before, after)
        SELECT publication_id, registry, object_id, before, after FROM rows ORDER BY object_id
        """,
        params,
    )
    return run(
        f"""
        WITH source AS MATERIALIZED ({spec.source})
        UPDATE {spec.table} t SET {", ".join(f"{name} = s.{name}" for name in spec.columns)}
        FROM source s WHERE {spec.same_key("t", "s")} AND {spec.differs("t", "s")}
        """,
        params,
    )


def _insert(spec: RegistrySpec, params: dict[str, Any]) -> int:
    names = ", ".join(spec.all_columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH source AS MATERIALIZED ({spec.source}), rows AS MATERIALIZED (
                SELECT {", ".join(f"s.{name}" for name in spec.all_columns)} FROM source s
                WHERE NOT EXISTS (SELECT 1 FROM {spec.table} t WHERE {spec.same_key("t", "s")})
            )
            INSERT INTO {spec.table} ({names}) SELECT {names} FROM rows
            ORDER BY {", ".join(spec.key)} RETURNING id
            """,
            params,
        )
        new_ids = [row[0] for row in cursor.fetchall()]
    if new_ids:
        run(
            f"""
            WITH rows AS MATERIALIZED (
                SELECT %(publication)s::bigint AS publication_id, %(registry)s::text AS registry, t.id AS object_id,
                       {spec.as_json("t")} AS after
                FROM {spec.table} t WHERE t.id = ANY(%(ids)s)
            )
            INSERT INTO imports_registrychange (publication_id, registry, object_id, after)
            SELECT publication_id, registry, object_id, after FROM rows ORDER BY object_id
            """,
            {**params, "ids": new_ids},
        )
    return len(new_ids)


def touched_registries(publication_id: int) -> set[str]:
    """The registries that the publication changed anything in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT registry FROM imports_registrychange WHERE publication_id = %s", [publication_id]
        )
        return {row[0] for row in cursor.fetchall()}


def created_ids(spec: RegistrySpec, publication_id: int) -> list[int]:
    """Rows that came with the publication."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT object_id FROM imports_registrychange"
            " WHERE publication_id = %(publication)s AND registry = %(registry)s AND before IS NULL ORDER BY 1",
            {"publication": publication_id, "registry": spec.registry},
        )
        return [row[0] for row in cursor.fetchall()]


def find_overwriting_batches(publication_id: int) -> list[int]:
    """Later batches that changed a row of any registry which this publication brought or changed, and were not undone.

    Also where the row is again as this publication left it: an undo of the later ones would bring back more.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT lp.batch_id
            FROM imports_registrychange c
            JOIN imports_registrychange l
              ON l.registry = c.registry AND l.object_id = c.object_id AND l.publication_id > c.publication_id
            JOIN imports_publication lp ON lp.id = l.publication_id AND lp.kind = 'publish'
            WHERE c.publication_id = %(publication)s
              AND NOT EXISTS (SELECT 1 FROM imports_publication u
                              WHERE u.batch_id = lp.batch_id AND u.kind = 'undo' AND u.id > lp.id)
            ORDER BY 1
            """,
            {"publication": publication_id},
        )
        return [row[0] for row in cursor.fetchall()]


def revert_registry(spec: RegistrySpec, *, published_by: int) -> int:
    """Undo: restore old values; a row that came with the publication is no longer current. Rows touched."""
    if not spec.columns:
        return 0
    params = {"published": published_by, "registry": spec.registry}
    if spec.before_revert:
        run(spec.before_revert, params)
    restored = run(
        f"""
        WITH rows AS MATERIALIZED (
            SELECT c.object_id, {", ".join(f"r.{name}" for name in spec.columns)}
            FROM imports_registrychange c, jsonb_populate_record(NULL::{spec.table}, c.before) r
            WHERE c.publication_id = %(published)s AND c.registry = %(registry)s AND c.before IS NOT NULL
        )
        UPDATE {spec.table} t SET {", ".join(f"{name} = rows.{name}" for name in spec.columns)}
        FROM rows WHERE t.id = rows.object_id
        """,
        params,
    )
    if "is_current" not in spec.columns:
        return restored
    return restored + run(
        f"""
        UPDATE {spec.table} t SET is_current = false FROM imports_registrychange c
        WHERE c.publication_id = %(published)s AND c.registry = %(registry)s AND c.before IS NULL
          AND t.id = c.object_id
        """,
        params,
    )
