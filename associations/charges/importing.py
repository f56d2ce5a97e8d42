"""How a charges file becomes charge lines: spec and checks (associations.imports runs them)."""

from associations.imports.checks import Check, payer_checks, unknown_premises
from associations.imports.editions import EditionSpec, text_field
from associations.imports.models import Severity

CHARGES = EditionSpec(
    dataset="charges",
    label="Naliczenia",
    staged_table="charges_stagedcharge",
    row_table="charges_chargeline",
    edition_table="charges_chargeedition",
    part_table="profile_fund",
    part_key="code",
    staged_part="fund",
    row_part="fund_id",
    month_sql="s.month",
    day_sql="s.month",
    columns={
        "component_code": "coalesce(s.component_code, '')",
        "component_name": "coalesce(s.component_name, '')",
        "quantity": "s.quantity",
        "unit": "coalesce(s.unit, '')",
        "rate": "s.rate",
        "amount": "s.amount",
    },
    digest_fields=(
        text_field("s.payer_code"),
        text_field("s.component_code"),
        text_field("s.component_name"),
        text_field("s.quantity::text"),
        text_field("s.unit"),
        text_field("s.rate::text"),
        text_field("s.amount::text"),
    ),
    first_sum="s.amount",
    is_sliced=True,
    copied={
        "month": "r.month",
        "component_code": "r.component_code",
        "component_name": "r.component_name",
        "quantity": "r.quantity",
        "unit": "r.unit",
        "rate": "r.rate",
        "amount": "r.amount",
    },
    totals=(("Naliczenia", "first_sum", "amount"),),
    part_names="SELECT f.code, f.name, f.name FROM profile_fund f WHERE f.code = ANY(%(parts)s)",
)  # fmt: skip
EDITIONS = (CHARGES,)

CHECKS = (
    unknown_premises("charges", "charges_stagedcharge"),
    *payer_checks("charges", "charges_stagedcharge"),
    Check(
        code="amount_differs",
        dataset="charges",
        column="Kwota",
        severity=Severity.WARNING,
        # numeric round() rounds half away from zero, as each charge line is rounded.
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, replace(s.amount::text, '.', ',') AS value, s.premises_code,
                   'Ilość razy stawka daje ' || replace(round(s.quantity * s.rate, 2)::text, '.', ',')
                   || ', a plik podaje ' || replace(s.amount::text, '.', ',') || '. Właściciel zobaczy kwotę z pliku.'
                   AS reason
            FROM charges_stagedcharge s
            WHERE s.batch_id = %(batch)s AND round(s.quantity * s.rate, 2) <> s.amount
        """,
    ),
)
