"""Checks of readings against those before them, and of media that nobody knew. All are warnings."""

from associations.imports.check_texts import shown_day, shown_number
from associations.imports.checks import Check
from associations.imports.models import Severity

# Heat-cost allocators have no dimension and start anew each season; a meter starts anew when it is installed.
_COUNTED_UNITS = "('m³', 'GJ', 'MJ', 'kWh', 'MWh')"
_READING_LOWER = f"""
    WITH meters AS MATERIALIZED (
        SELECT DISTINCT s.premises_code, s.medium, s.meter_serial FROM meters_stagedreading s
        WHERE s.batch_id = %(batch)s AND s.unit IN {_COUNTED_UNITS}
    ), readings AS MATERIALIZED (
        SELECT true AS is_staged, s.premises_code, s.medium, s.meter_serial, s.read_on, s.value, s.file_no, s.sheet,
               s.line_no, coalesce(s.kind, 'measured') AS kind
        FROM meters_stagedreading s WHERE s.batch_id = %(batch)s
        UNION ALL
        SELECT false, u.premises_code, u.medium, u.meter_serial, r.read_on, r.value, r.file_no, '', r.line_no, r.kind
        FROM meters u
        JOIN premises_premises p ON p.code = u.premises_code JOIN meters_medium m ON m.name = u.medium
        JOIN meters_meter n ON n.premises_id = p.id AND n.medium_id = m.id AND n.serial = u.meter_serial
        JOIN meters_reading r ON r.premises_id = p.id AND r.medium_id = m.id AND r.meter_id = n.id
        JOIN meters_readingedition e ON e.premises_id = r.premises_id AND e.month = r.month
         AND e.part_id = r.medium_id AND e.batch_id = r.batch_id AND e.closed_by_id IS NULL
        LEFT JOIN imports_stagedgroup g ON g.batch_id = %(batch)s AND g.dataset = 'readings'
         AND g.premises_code = u.premises_code AND g.part_code = u.medium AND g.month = r.month
        WHERE g.premises_code IS NULL
    ), ordered AS MATERIALIZED (
        SELECT r.*, lag(r.value) OVER w AS former, lag(r.read_on) OVER w AS former_day, lag(r.kind) OVER w AS former_kind
        FROM readings r JOIN meters USING (premises_code, medium, meter_serial)
        WINDOW w AS (PARTITION BY premises_code, medium, meter_serial ORDER BY r.read_on, r.file_no, r.line_no)
    )
    SELECT o.file_no, o.sheet, o.line_no, replace(o.value::text, '.', ',') AS value, o.premises_code,
           'Odczyt licznika ' || o.meter_serial || ' z ' || {shown_day("o.read_on")} || ' (' || {shown_number("o.value")}
           || ') jest niższy niż poprzedni z ' || {shown_day("o.former_day")} || ' (' || {shown_number("o.former")}
           || '). Jeżeli licznik wymieniono, podaj montaż albo nowy numer.' AS reason
    FROM ordered o
    WHERE o.is_staged AND o.value < o.former AND o.kind <> 'installed' AND o.former_kind <> 'removed'
"""


def _new_medium(dataset: str, table: str) -> Check:
    """A word that is no medium yet makes one, beside those that stand: meant, or a slip of the pen."""
    return Check(
        code="new_medium",
        dataset=dataset,
        column="Medium",
        severity=Severity.WARNING,
        known="SELECT name FROM meters_medium WHERE is_current",
        sql=f"""
            WITH strange AS MATERIALIZED (
                SELECT DISTINCT s.medium FROM {table} s WHERE s.batch_id = %(batch)s
                EXCEPT SELECT name FROM meters_medium WHERE is_current
            )
            SELECT DISTINCT ON (s.medium) s.file_no, s.sheet, s.line_no, s.medium AS value, '' AS premises_code,
                   'Medium „' || s.medium || '” nie było dotąd znane; powstanie nowe.' AS reason
            FROM strange n JOIN {table} s ON s.medium = n.medium
            WHERE s.batch_id = %(batch)s AND EXISTS (SELECT 1 FROM meters_medium WHERE is_current)
            ORDER BY s.medium, s.file_no, s.sheet, s.line_no
        """,
    )


CHECKS = (
    _new_medium("readings", "meters_stagedreading"),
    _new_medium("settlements", "meters_stagedsettlement"),
    Check(
        code="reading_lower",
        dataset="readings",
        column="Odczyt",
        severity=Severity.WARNING,
        needs_groups=True,
        sql=_READING_LOWER,
    ),
)
