"""How readings and settlements files become figures: specs and checks (associations.imports runs them)."""

from django.utils.translation import gettext_noop

from associations.imports.checks import Check, payer_checks, unknown_premises
from associations.imports.editions import EditionSpec, day_field, text_field
from associations.imports.models import Severity
from associations.imports.registries import RegistrySpec

MEDIA = RegistrySpec(
    registry="medium",
    dataset="readings",
    fed_by=("settlements",),
    table="meters_medium",
    key=("name",),
    columns=("is_current",),
    source="""
        SELECT DISTINCT u.medium AS name, true AS is_current
        FROM (SELECT medium FROM meters_stagedreading WHERE batch_id = %(batch)s
              UNION SELECT medium FROM meters_stagedsettlement WHERE batch_id = %(batch)s) u
    """,
)
METERS = RegistrySpec(
    registry="meter",
    dataset="readings",
    table="meters_meter",
    key=("premises_id", "medium_id", "serial"),
    columns=("is_current",),
    source="""
        SELECT DISTINCT p.id AS premises_id, m.id AS medium_id, s.meter_serial AS serial, true AS is_current
        FROM meters_stagedreading s
        JOIN premises_premises p ON p.code = s.premises_code
        JOIN meters_medium m ON m.name = s.medium
        WHERE s.batch_id = %(batch)s
    """,
)
REGISTRIES = (MEDIA, METERS)

READINGS = EditionSpec(
    dataset="readings",
    label="Odczyty",
    staged_table="meters_stagedreading",
    row_table="meters_reading",
    edition_table="meters_readingedition",
    part_table="meters_medium",
    part_key="name",
    staged_part="medium",
    row_part="medium_id",
    month_sql="date_trunc('month', s.read_on::timestamp)::date",
    day_sql="s.read_on",
    columns={
        "meter_id": "meter.id",
        "read_on": "s.read_on",
        "value": "s.value",
        "consumption": "s.consumption",
        "unit": "coalesce(s.unit, '')",
        "kind": "coalesce(s.kind, 'measured')",
        "document": "coalesce(s.document, '')",
    },
    digest_fields=(
        text_field("s.meter_serial"),
        day_field("s.read_on"),
        text_field("s.value::text"),
        text_field("s.consumption::text"),
        text_field("s.unit"),
        text_field("coalesce(s.kind, 'measured')"),
        text_field("s.document"),
    ),
    first_sum="coalesce(round(s.consumption, 2), 0)",
    has_payer=False,
    copied={
        "meter_serial": "meter.serial",
        "read_on": "r.read_on",
        "value": "r.value",
        "consumption": "r.consumption",
        "unit": "r.unit",
        "kind": "r.kind",
        "document": "r.document",
    },
    copied_joins="JOIN meters_meter meter ON meter.id = r.meter_id",
    joins="JOIN meters_meter meter ON meter.premises_id = p.id AND meter.medium_id = t.id"
    " AND meter.serial = s.meter_serial",
)  # fmt: skip
SETTLEMENTS = EditionSpec(
    dataset="settlements",
    label="Rozliczenia mediów",
    staged_table="meters_stagedsettlement",
    row_table="meters_settlement",
    edition_table="meters_settlementedition",
    part_table="meters_medium",
    part_key="name",
    staged_part="medium",
    row_part="medium_id",
    month_sql="date_trunc('month', s.period_to::timestamp)::date",
    day_sql="s.period_to",
    columns={
        "period_from": "s.period_from",
        "period_to": "s.period_to",
        "document": "coalesce(s.document, '')",
        "consumption": "s.consumption",
        "unit": "coalesce(s.unit, '')",
        "cost": "s.cost",
        "advances": "s.advances",
        "result": "s.result",
        "due_on": "s.due_on",
    },
    digest_fields=(
        text_field("s.payer_code"),
        day_field("s.period_from"),
        day_field("s.period_to"),
        text_field("s.document"),
        text_field("s.consumption::text"),
        text_field("s.unit"),
        text_field("s.cost::text"),
        text_field("s.advances::text"),
        text_field("s.result::text"),
        day_field("s.due_on"),
    ),
    first_sum="s.result",
    second_sum="coalesce(s.cost, 0)",
    copied={
        "period_from": "r.period_from",
        "period_to": "r.period_to",
        "document": "r.document",
        "consumption": "r.consumption",
        "unit": "r.unit",
        "cost": "r.cost",
        "advances": "r.advances",
        "result": "r.result",
        "due_on": "r.due_on",
    },
    totals=((gettext_noop("Wynik rozliczeń"), "first_sum", "result"), ("Koszt", "second_sum", "cost")),
)  # fmt: skip
EDITIONS = (READINGS, SETTLEMENTS)

CHECKS = (
    unknown_premises("readings", "meters_stagedreading"),
    unknown_premises("settlements", "meters_stagedsettlement"),
    *payer_checks("settlements", "meters_stagedsettlement"),
    Check(
        code="settlement_period",
        dataset="settlements",
        column="Okres do",
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, to_char(s.period_to, 'DD.MM.YYYY') AS value, s.premises_code,
                   'Okres rozliczenia kończy się przed swoim początkiem.' AS reason
            FROM meters_stagedsettlement s WHERE s.batch_id = %(batch)s AND s.period_to < s.period_from
        """,
    ),
    Check(
        code="settlement_result",
        dataset="settlements",
        column="Wynik",
        severity=Severity.WARNING,
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, replace(s.result::text, '.', ',') AS value, s.premises_code,
                   'Koszt minus zaliczki daje ' || replace((s.cost - s.advances)::text, '.', ',')
                   || ', a plik podaje ' || replace(s.result::text, '.', ',') || '.' AS reason
            FROM meters_stagedsettlement s WHERE s.batch_id = %(batch)s AND s.cost - s.advances <> s.result
        """,
    ),
)
