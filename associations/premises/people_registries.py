"""How a people file becomes people (osoby) and titles (tytuły): specs of the registries that associations.imports runs.

Titles come from the plan that title_plan makes of the file, not from its rows.
"""

from associations.imports.registries import RegistrySpec
from associations.imports.told_columns import TABLE_OF_ROW, is_told
from associations.premises.sort_keys import polish_sort_key


def _first_told(field: str) -> str:
    return f"""CASE WHEN bool_or({is_told(field)})
                    THEN coalesce((array_agg(s.{field} ORDER BY s.file_no, s.sheet, s.line_no)
                                   FILTER (WHERE s.{field} IS NOT NULL))[1], '')
                    ELSE coalesce(min(k.{field}), '') END"""


# People of whom the manager says that their code is another person's now: they keep all but the code. Two spaces:
# no code that is read from a file holds them.
REPLACED_PEOPLE = RegistrySpec(
    registry="person",
    dataset="people",
    table="premises_person",
    key=("id",),
    columns=("code", "former_code", "name", "email", "phone", "sort_key", "is_current"),
    source="""
        SELECT DISTINCT p.id, p.code || '  ~' || p.id AS code, p.code AS former_code, p.name, p.email, p.phone,
               p.sort_key, p.is_current
        FROM premises_stagedperson s
        JOIN imports_importbatch b ON b.id = s.batch_id AND b.declarations -> 'people' ->> s.person_code = 'other'
        JOIN premises_person p ON p.code = s.person_code AND p.name <> s.name
        WHERE s.batch_id = %(batch)s
    """,
    # The person who came under the code gives it back, or two would bear it.
    before_revert="""
        UPDATE premises_person p SET code = p.code || '  ~' || p.id::text, former_code = p.code
        FROM imports_registrychange c
        WHERE c.publication_id = %(published)s AND c.registry = %(registry)s AND p.id <> c.object_id
          AND c.before ->> 'code' <> c.after ->> 'code' AND p.code = c.before ->> 'code'
    """,
)
PEOPLE = RegistrySpec(
    registry="person",
    dataset="people",
    table="premises_person",
    key=("code",),
    columns=("former_code", "name", "email", "phone", "sort_key", "is_current"),
    # The first e-mail and phone given for a person count; differing ones are a warning. Without such a column the
    # known ones stay, but never become those of somebody new under the code.
    source=f"""
        SELECT s.person_code AS code, ''::text AS former_code, min(s.name) AS name,
               {_first_told("email")} AS email, {_first_told("phone")} AS phone,
               {polish_sort_key("min(s.name)")} AS sort_key, true AS is_current
        FROM premises_stagedperson s
        {TABLE_OF_ROW}
        JOIN imports_importbatch b ON b.id = s.batch_id
        LEFT JOIN premises_person k ON k.code = s.person_code
             AND (k.name = s.name OR b.declarations -> 'people' ->> s.person_code IS DISTINCT FROM 'other')
        WHERE s.batch_id = %(batch)s GROUP BY s.person_code
    """,
)
_TITLE_COLUMNS = (
    "kind", "ends_on", "share_numerator", "share_denominator", "is_joint", "is_start_assumed", "is_current",
)  # fmt: skip
TITLES = RegistrySpec(
    registry="title",
    dataset="people",
    table="premises_title",
    key=("premises_id", "person_id", "starts_on"),
    nullable=("starts_on",),
    columns=_TITLE_COLUMNS,
    # Somebody new under a known code is not the one who bears it until the publication has them part.
    source="""
        SELECT DISTINCT ON (l.id, p.id, n.starts_on) l.id AS premises_id, p.id AS person_id, n.starts_on, n.kind,
               n.ends_on, n.share_numerator, n.share_denominator, n.is_joint, n.is_start_assumed, n.is_current
        FROM premises_stagedtitle n
        JOIN premises_premises l ON l.code = n.premises_code
        JOIN premises_person p ON p.code = n.person_code AND (n.person_id = p.id OR p.name = n.name)
        WHERE n.batch_id = %(batch)s AND n.file_no > 0
        ORDER BY l.id, p.id, n.starts_on, n.file_no, n.sheet, n.line_no
    """,
)
ENDED_TITLES = RegistrySpec(
    registry="title",
    dataset="people",
    table="premises_title",
    key=("id",),
    columns=("premises_id", "person_id", "starts_on", *_TITLE_COLUMNS),
    source="""
        SELECT t.id, t.premises_id, t.person_id, t.starts_on, n.kind, n.ends_on, n.share_numerator,
               n.share_denominator, n.is_joint, n.is_start_assumed, n.is_current
        FROM premises_stagedtitle n JOIN premises_title t ON t.id = n.title_id
        WHERE n.batch_id = %(batch)s AND n.file_no = 0
    """,
)
