"""Which premises, months and parts a batch touches, and where their old and new rows are: SQL for changes.py."""

from dataclasses import dataclass
from typing import Literal

from associations.imports.editions import EditionSpec

Kind = Literal["new", "changed", "gone"]
KINDS: tuple[Kind, ...] = ("new", "changed", "gone")


@dataclass(frozen=True, slots=True)
class Source:
    """The batch before it is published, or the publication that brought it."""

    batch_id: int
    publication_id: int | None = None


def groups(spec: EditionSpec, source: Source, kind: Kind, *, with_old: bool = True) -> str:
    """Premises, months and parts of one kind with the batches whose rows are the old and the new ones.

    Joins that a statement does not use cost nothing: each is by a key. `with_old=False` spares the look at what
    stands, where only new groups are asked for.
    """
    if source.publication_id:
        return _published_groups(spec, kind)
    return _waiting_groups(spec) if with_old else _NEW_GROUPS


def own_key(source: Source) -> str:
    """The column of a group that says its premises, before any join."""
    return "premises_id" if source.publication_id else "premises_code"


# What to show first, of counts: what changes, else what goes, else what is new.
TELLING_KIND = "CASE WHEN changed > 0 THEN 'changed' WHEN gone > 0 THEN 'gone' ELSE 'new' END"


_NEW_GROUPS = """
        SELECT g.premises_code, g.month, g.part_code, g.row_count AS new_count
        FROM imports_stagedgroup g
        WHERE g.batch_id = %(batch)s AND g.dataset = %(dataset)s AND g.outcome = %(kind)s
    """


def _waiting_groups(spec: EditionSpec) -> str:
    return f"""
        SELECT g.premises_code, g.month, g.part_code, g.row_count AS new_count, e.row_count AS old_count,
               e.premises_id, e.part_id, e.batch_id AS old_batch, g.batch_id AS new_batch
        FROM imports_stagedgroup g
        LEFT JOIN premises_premises p ON p.code = g.premises_code
        LEFT JOIN {spec.part_table} t ON t.{spec.part_key} = g.part_code
        LEFT JOIN {spec.edition_table} e
          ON e.premises_id = p.id AND e.part_id = t.id AND e.month = g.month AND e.closed_by_id IS NULL
        WHERE g.batch_id = %(batch)s AND g.dataset = %(dataset)s AND g.outcome = %(kind)s
    """


# As joins, so that the server knows how many groups it will find. A new one may follow an edition without rows.
_OLD = """{join} {table} o ON o.closed_by_id = n.opened_by_id AND o.premises_id = n.premises_id
               AND o.month = n.month AND o.part_id = n.part_id AND o.row_count > 0"""
_OF_KIND: dict[Kind, tuple[str, str]] = {
    "new": ("LEFT JOIN", "n.row_count > 0 AND o.premises_id IS NULL"),
    "changed": ("JOIN", "n.row_count > 0"),
    "gone": ("LEFT JOIN", "n.row_count = 0"),
}


def _published_groups(spec: EditionSpec, kind: Kind) -> str:
    join, condition = _OF_KIND[kind]
    return f"""
        SELECT p.code AS premises_code, n.month, t.{spec.part_key} AS part_code, n.row_count AS new_count,
               o.row_count AS old_count, n.premises_id, n.part_id, o.batch_id AS old_batch, n.batch_id AS new_batch
        FROM {spec.edition_table} n
        LEFT JOIN premises_premises p ON p.id = n.premises_id
        LEFT JOIN {spec.part_table} t ON t.id = n.part_id
        {_OLD.format(join=join, table=spec.edition_table)}
        WHERE n.opened_by_id = %(publication)s AND {condition}
    """


# A code that went to another person stands in files as it was; copies of standing rows (additions) name the person.
_PAYER_CODE = """CASE WHEN (SELECT b.declarations ->> 'is_addition' FROM imports_importbatch b WHERE b.id = %(batch)s)
                    IS NOT DISTINCT FROM 'true' THEN payer.code
                    ELSE coalesce(nullif(payer.former_code, ''), payer.code) END"""


def published_rows(spec: EditionSpec, batch: str) -> str:
    """A lateral `s`: published rows of group `g` in the columns of a staged row."""
    payer, payer_join = "", ""
    if spec.has_payer:
        payer, payer_join = (
            f", {_PAYER_CODE} AS payer_code",
            "LEFT JOIN premises_person payer ON payer.id = r.payer_id",
        )
    copied = ", ".join(f"{value} AS {name}" for name, value in spec.copied.items())
    return f"""CROSS JOIN LATERAL (
        SELECT r.batch_id, r.file_no, {spec.copied_sheet} AS sheet, r.line_no, g.premises_code,
               g.part_code AS {spec.staged_part}{payer}, {copied}
        FROM {spec.row_table} r {payer_join} {spec.copied_joins}
        WHERE r.premises_id = g.premises_id AND r.month = g.month AND r.{spec.row_part} = g.part_id
          AND r.batch_id = g.{batch}) s"""


def _staged_rows(spec: EditionSpec) -> str:
    return f"""JOIN {spec.staged_table} s
        ON s.batch_id = %(batch)s AND s.premises_code = g.premises_code AND s.{spec.staged_part} = g.part_code
       AND {spec.month_sql} = g.month"""


def new_rows(spec: EditionSpec, source: Source) -> str:
    return published_rows(spec, "new_batch") if source.publication_id else _staged_rows(spec)
