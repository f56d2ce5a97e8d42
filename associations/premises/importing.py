"""How premises and people files become registries: specs and checks (associations.imports runs them)."""

from django.db import connection

from associations.imports.checks import Check, unknown_premises
from associations.imports.models import RegistryChange, Severity
from associations.imports.registries import RegistrySpec
from associations.imports.told_columns import TABLE_OF_ROW, is_told, told_or_kept
from associations.premises.actions import rebuild_holdings
from associations.premises.people_registries import ENDED_TITLES, PEOPLE, REPLACED_PEOPLE, TITLES
from associations.premises.sort_keys import natural_sort_key
from associations.premises.title_checks import TITLE_CHECKS

PROPERTIES = RegistrySpec(
    registry="property",
    dataset="premises",
    table="premises_property",
    key=("code",),
    columns=("name",),
    source="""
        SELECT DISTINCT s.property_code AS code, ''::text AS name FROM premises_stagedpremises s
        WHERE s.batch_id = %(batch)s AND s.property_code IS NOT NULL
    """,
)
BUILDINGS = RegistrySpec(
    registry="building",
    dataset="premises",
    table="premises_building",
    key=("property_id", "code"),
    columns=(),
    source="""
        SELECT DISTINCT n.id AS property_id, s.building_code AS code
        FROM premises_stagedpremises s JOIN premises_property n ON n.code = s.property_code
        WHERE s.batch_id = %(batch)s AND s.building_code IS NOT NULL
    """,
)
PREMISES = RegistrySpec(
    registry="premises",
    dataset="premises",
    table="premises_premises",
    key=("code",),
    columns=(
        "building_id", "address", "number", "kind", "area", "share", "persons", "sort_key", "is_current",
    ),
    source=f"""
        SELECT s.premises_code AS code,
               CASE WHEN {is_told("property_code", "building_code")} THEN b.id ELSE k.building_id END AS building_id,
               {told_or_kept("address", "coalesce(s.address, '')", "coalesce(k.address, '')")} AS address,
               {told_or_kept("number", "coalesce(s.number, '')", "coalesce(k.number, '')")} AS number,
               {told_or_kept("kind", "coalesce(s.kind, 'flat')", "coalesce(k.kind, 'flat')")} AS kind,
               {told_or_kept("area", "s.area", "k.area")} AS area, {told_or_kept("share", "s.share", "k.share")} AS share,
               {told_or_kept("persons", "s.persons", "k.persons")} AS persons,
               {natural_sort_key("s.premises_code")} AS sort_key, true AS is_current
        FROM premises_stagedpremises s
        {TABLE_OF_ROW}
        LEFT JOIN premises_premises k ON k.code = s.premises_code
        LEFT JOIN premises_property n ON n.code = s.property_code
        LEFT JOIN premises_building b ON b.property_id = n.id AND b.code = s.building_code
        WHERE s.batch_id = %(batch)s
    """,
)  # fmt: skip
TRANSFER_ACCOUNTS = RegistrySpec(
    registry="transfer_account",
    dataset="premises",
    table="premises_transferaccount",
    key=("premises_id", "fund_id"),
    columns=("nrb", "is_current"),
    source="""
        SELECT p.id AS premises_id, f.id AS fund_id, a.nrb, true AS is_current
        FROM premises_stagedpremises s
        CROSS JOIN LATERAL (VALUES ('main', s.bank_account), ('repair', s.repair_bank_account)) AS a (fund, nrb)
        JOIN premises_premises p ON p.code = s.premises_code
        JOIN profile_fund f ON f.code = a.fund
        WHERE s.batch_id = %(batch)s AND a.nrb IS NOT NULL
    """,
)
REGISTRIES = (
    PROPERTIES, BUILDINGS, PREMISES, TRANSFER_ACCOUNTS, REPLACED_PEOPLE, PEOPLE, ENDED_TITLES, TITLES,
)  # fmt: skip


def _nrb_check(column: str, label: str) -> Check:
    return Check(
        code="nrb_checksum",
        dataset="premises",
        column=label,
        severity=Severity.WARNING,
        # NRB: 26 digits, int(NRB[2:] + "2521" + NRB[:2]) mod 97 = 1.
        sql=f"""
            SELECT s.file_no, s.sheet, s.line_no, s.{column} AS value, s.premises_code,
                   'Numer rachunku jest błędny: cyfry kontrolne się nie zgadzają. Sprawdź go w programie.' AS reason
            FROM premises_stagedpremises s
            WHERE s.batch_id = %(batch)s AND s.{column} ~ '^[0-9]{{26}}$'
              AND (substr(s.{column}, 3) || '2521' || substr(s.{column}, 1, 2))::numeric %% 97 <> 1
        """,
    )


def _nrb_form(column: str, label: str) -> Check:
    return Check(
        code="nrb_form",
        dataset="premises",
        column=label,
        sql=f"""
            SELECT s.file_no, s.sheet, s.line_no, s.{column} AS value, s.premises_code,
                   'Numer rachunku powinien mieć 26 cyfr, a jego długość to ' || length(s.{column}) || '.' AS reason
            FROM premises_stagedpremises s
            WHERE s.batch_id = %(batch)s AND s.{column} !~ '^[0-9]{{26}}$'
        """,
    )


CHECKS = (
    Check(
        code="duplicate_premises",
        dataset="premises",
        column="Kod lokalu",
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, s.premises_code AS value, s.premises_code,
                   'Kod lokalu ' || s.premises_code || ' występuje już w wierszu ' || s.former || '.' AS reason
            FROM (SELECT *, first_value(line_no) OVER w AS former, row_number() OVER w AS n
                  FROM premises_stagedpremises WHERE batch_id = %(batch)s
                  WINDOW w AS (PARTITION BY premises_code ORDER BY file_no, sheet, line_no)) s
            WHERE s.n > 1
        """,
    ),
    Check(
        code="share_range",
        dataset="premises",
        column="Udział",
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, replace(s.share::text, '.', ',') AS value, s.premises_code,
                   'Udział musi być liczbą od 0 do 1.' AS reason
            FROM premises_stagedpremises s WHERE s.batch_id = %(batch)s AND (s.share < 0 OR s.share > 1)
        """,
    ),
    Check(
        code="negative_area",
        dataset="premises",
        column="Powierzchnia",
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, replace(s.area::text, '.', ',') AS value, s.premises_code,
                   'Powierzchnia nie może być ujemna.' AS reason
            FROM premises_stagedpremises s WHERE s.batch_id = %(batch)s AND s.area < 0
        """,
    ),
    _nrb_form("bank_account", "Rachunek"),
    _nrb_form("repair_bank_account", "Rachunek FR"),
    _nrb_check("bank_account", "Rachunek"),
    _nrb_check("repair_bank_account", "Rachunek FR"),
    unknown_premises("people", "premises_stagedperson"),
    Check(
        code="duplicate_title",
        dataset="people",
        column="Kod osoby",
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, s.person_code AS value, s.premises_code,
                   'Tytuł tej osoby do lokalu ' || s.premises_code || ' od tego samego dnia jest już w wierszu '
                   || s.former || '.' AS reason
            FROM (SELECT *, first_value(line_no) OVER w AS former, row_number() OVER w AS n
                  FROM premises_stagedperson WHERE batch_id = %(batch)s
                  WINDOW w AS (PARTITION BY person_code, premises_code, starts_on
                               ORDER BY file_no, sheet, line_no)) s
            WHERE s.n > 1
        """,
    ),
    Check(
        code="two_names",
        dataset="people",
        column="Nazwisko i imię",
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, s.name AS value, s.premises_code,
                   'Pod kodem ' || s.person_code || ' są w pliku dwa nazwiska: „' || s.former || '” i „' || s.name
                   || '”.' AS reason
            FROM (SELECT *, first_value(name) OVER (PARTITION BY person_code ORDER BY file_no, sheet, line_no) AS former
                  FROM premises_stagedperson WHERE batch_id = %(batch)s) s
            WHERE s.name <> s.former
        """,
    ),
    Check(
        code="title_dates",
        dataset="people",
        column="Do",
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, to_char(s.ends_on, 'DD.MM.YYYY') AS value, s.premises_code,
                   'Tytuł kończy się przed swoim początkiem.' AS reason
            FROM premises_stagedperson s WHERE s.batch_id = %(batch)s AND s.ends_on < s.starts_on
        """,
    ),
    Check(
        code="title_share",
        dataset="people",
        column="Udział",
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, s.share_numerator || '/' || s.share_denominator AS value,
                   s.premises_code, 'Udział musi być większy od 0 i nie większy od 1.' AS reason
            FROM premises_stagedperson s WHERE s.batch_id = %(batch)s
              AND (s.share_numerator < 1 OR s.share_denominator < 1 OR s.share_numerator > s.share_denominator)
        """,
    ),
    Check(
        code="two_emails",
        dataset="people",
        column="E-mail",
        severity=Severity.WARNING,
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, s.email AS value, s.premises_code,
                   'Osoba ' || s.person_code || ' ma w pliku różne adresy e-mail; zapisany zostanie ' || s.former || '.'
                   AS reason
            FROM (SELECT *, first_value(email) OVER (PARTITION BY person_code
                                                     ORDER BY file_no, sheet, line_no) AS former
                  FROM premises_stagedperson WHERE batch_id = %(batch)s AND email IS NOT NULL) s
            WHERE s.email <> s.former
        """,
    ),
    *TITLE_CHECKS,
)


def rebuild_changed_holdings(publication_id: int) -> None:
    """Bring the holdings of all premises whose titles the publication touched to what the titles say now."""
    changes = RegistryChange.objects.filter(publication_id=publication_id, registry=TITLES.registry)
    rebuild_holdings(set(changes.values_list("after__premises_id", flat=True).order_by()))


def find_later_titles(publication_id: int) -> list[int]:
    """Later batches whose standing titles are to premises, or of people, that came with the publication."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH came AS MATERIALIZED (
                SELECT registry, object_id FROM imports_registrychange
                WHERE publication_id = %(publication)s AND before IS NULL AND registry IN ('premises', 'person')
            ), titles AS MATERIALIZED (
                SELECT t.id FROM came c JOIN premises_title t ON t.premises_id = c.object_id
                WHERE c.registry = 'premises' AND t.is_current
                UNION
                SELECT t.id FROM came c JOIN premises_title t ON t.person_id = c.object_id
                WHERE c.registry = 'person' AND t.is_current
            )
            SELECT DISTINCT p.batch_id FROM titles t
            JOIN imports_registrychange l ON l.registry = 'title' AND l.object_id = t.id AND l.before IS NULL
            JOIN imports_publication p ON p.id = l.publication_id
            WHERE l.publication_id <> %(publication)s ORDER BY 1
            """,
            {"publication": publication_id},
        )
        return [row[0] for row in cursor.fetchall()]
