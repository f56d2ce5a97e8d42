"""Control of charges: lines and amounts that stand; lines whose quantity × rate is not their amount."""

from associations.charges.importing import CHARGES
from associations.imports.control import LISTED_PER_KIND, Control, select_rows, standing_rows

_STANDING = standing_rows(CHARGES)

_TOTALS = f"SELECT count(*) AS rows, coalesce(sum(r.amount), 0) AS amount {_STANDING}"

# numeric round() rounds half away from zero, as each charge line is rounded.
_DIFFERENT_AMOUNTS = f"""
    WITH lines AS (
        SELECT r.premises_id, r.month, r.component_code, r.component_name, r.amount,
               round(r.quantity * r.rate, 2) AS expected
        {_STANDING} AND round(r.quantity * r.rate, 2) <> r.amount
    )
    SELECT 'quantity_times_rate' AS kind, p.code AS premises, l.month,
           coalesce(nullif(l.component_code, ''), l.component_name) AS component, l.expected, l.amount AS found
    FROM lines l JOIN premises_premises p ON p.id = l.premises_id
    ORDER BY p.code, l.month, component LIMIT {LISTED_PER_KIND}
"""


def control_charges() -> Control:
    """Charge lines and their sum in zł; disagreements of quantity × rate, rounded half up, with the amount."""
    [totals] = select_rows(_TOTALS)
    return Control(
        rows={"charges": totals["rows"]},
        sums={"charges": totals["amount"]},
        disagreements=tuple(select_rows(_DIFFERENT_AMOUNTS)),
    )
