"""Taking a publication back: the editions that it closed open again, and what stands in the way.

What it opened lies together (a BRIN index finds it) and mostly still stands: then nothing need be compared.
"""

from typing import Any, Literal, NamedTuple

from django.db import connection

from associations.imports.editions import EditionSpec, run


def reopen_former(spec: EditionSpec, *, published_by: int, undone_by: int) -> int:
    """Undo: close what the publication opened and open what it closed, pointing at the same rows as before."""
    params = {"published": published_by, "undone": undone_by}
    closed = 0
    if count_opened(spec, published_by).closed_since:
        # Not only what the publication opened itself: a later undo may have opened the same rows again.
        closed = run(
            f"UPDATE {spec.edition_table} c SET closed_by_id = %(undone)s FROM {spec.edition_table} e"
            " WHERE e.opened_by_id = %(published)s AND e.closed_by_id IS NOT NULL AND c.closed_by_id IS NULL"
            " AND c.premises_id = e.premises_id AND c.month = e.month AND c.part_id = e.part_id",
            params,
        )
    closed += run(
        f"UPDATE {spec.edition_table} SET closed_by_id = %(undone)s"
        " WHERE opened_by_id = %(published)s AND closed_by_id IS NULL",
        params,
    )
    extra = "".join(f", {column}" for column in spec.extra_edition_columns)
    run(
        f"""
        WITH rows AS MATERIALIZED (
            SELECT premises_id, month, part_id, batch_id, digest, row_count, first_sum, second_sum, fingerprint,
                   %(undone)s::bigint AS opened_by_id{extra}
            FROM {spec.edition_table} WHERE closed_by_id = %(published)s
        )
        INSERT INTO {spec.edition_table}
            (premises_id, month, part_id, batch_id, digest, row_count, first_sum, second_sum, fingerprint,
             opened_by_id{extra})
        SELECT premises_id, month, part_id, batch_id, digest, row_count, first_sum, second_sum, fingerprint,
               opened_by_id{extra}
        FROM rows ORDER BY premises_id, month, part_id
        """,
        params,
    )
    return closed


class Opened(NamedTuple):
    """Editions that a publication opened, and how many of them were closed since."""

    editions: int
    closed_since: int


def count_opened(spec: EditionSpec, publication_id: int) -> Opened:
    """What the publication opened in the dataset; nothing where it did not touch it.

    Counted, not EXISTS: for the first row the server would read the table from its beginning, and these lie at its end.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), count(closed_by_id) FROM {spec.edition_table} WHERE opened_by_id = %s",
            [publication_id],
        )
        return Opened(*cursor.fetchone())


def find_superseding_batches(spec: EditionSpec, *, published_by: int) -> list[int]:
    """Batches whose rows now stand where this publication's stood: they must be undone first."""
    if not count_opened(spec, published_by).closed_since:
        # What still stands is the only edition of its premises, month and part.
        return []
    return _batches(
        f"""
        SELECT c.batch_id FROM {spec.edition_table} e JOIN {spec.edition_table} c
          ON c.premises_id = e.premises_id AND c.month = e.month AND c.part_id = e.part_id
        WHERE e.opened_by_id = %(published)s AND e.closed_by_id IS NOT NULL AND c.closed_by_id IS NULL
          AND (c.batch_id, c.digest) IS DISTINCT FROM (e.batch_id, e.digest)
        """,
        {"published": published_by},
    )


def find_naming_batches(spec: EditionSpec, *, published_by: int) -> list[int]:
    """Batches with open rows whose payer's only standing title to the premises came with the publication."""
    if not spec.has_payer:
        return []
    standing = "e.closed_by_id IS NULL AND e.opened_by_id <> %(published)s"
    # Batch by batch, and no further than its first such row: a year of figures names the same payers over and over.
    return _batches(
        f"""
        WITH titles AS MATERIALIZED (
            SELECT t.premises_id, t.person_id
            FROM imports_registrychange c JOIN premises_title t ON t.id = c.object_id AND t.is_current
            WHERE c.publication_id = %(published)s AND c.registry = 'title' AND c.before IS NULL
              AND NOT EXISTS (SELECT 1 FROM premises_title o WHERE o.premises_id = t.premises_id
                              AND o.person_id = t.person_id AND o.is_current AND o.id <> t.id)
        ), batches AS MATERIALIZED (SELECT DISTINCT e.batch_id FROM {spec.edition_table} e WHERE {standing})
        SELECT b.batch_id FROM batches b WHERE (
            SELECT true FROM titles t
            JOIN {spec.row_table} r
              ON r.premises_id = t.premises_id AND r.payer_id = t.person_id AND r.batch_id = b.batch_id
            JOIN {spec.edition_table} e
              ON e.premises_id = r.premises_id AND e.month = r.month AND e.part_id = r.{spec.row_part}
             AND e.batch_id = r.batch_id AND {standing}
            LIMIT 1)
        """,
        {"published": published_by},
    )


def find_using_batches(
    spec: EditionSpec, *, published_by: int, column: Literal["premises_id", "part_id"], ids: list[int]
) -> list[int]:
    """Other batches with open figures of these premises or parts."""
    return _batches(
        f"SELECT e.batch_id FROM {spec.edition_table} e WHERE e.{column} = ANY(%(ids)s)"
        " AND e.closed_by_id IS NULL AND e.opened_by_id <> %(published)s AND e.row_count > 0",
        {"published": published_by, "ids": ids},
    )


def _batches(statement: str, params: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT batch_id FROM ({statement}) found ORDER BY 1", params)
        return [row[0] for row in cursor.fetchall()]
