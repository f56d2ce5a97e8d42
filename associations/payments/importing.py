"""How bank statements become payments: the registry and its checks (associations.imports runs them).

A payment is matched to a premises by the account it was paid to: a virtual account (26 digits) of the premises, or
where the bank gives the end of it only, that end (8 digits or more) if no other account ends alike.
"""

from django.db import connection

from associations.imports.checks import Check
from associations.imports.models import Severity
from associations.imports.registries import RegistrySpec

SHORTEST_END = 8
LONGEST_END = 25

# Every operation of the batch with its identity. Equal operations of one day are told apart by their place among them,
# so that overlapping statements, which both hold the whole day, find the same ones.
_OPERATIONS = """
    SELECT o.*, encode(sha256(convert_to(concat_ws(E'\\x1f', o.account, o.booked_on - DATE '2000-01-01', o.amount,
                              coalesce(o.reference, ''), coalesce(o.title, ''), coalesce(o.payer_name, ''), o.place),
                              'UTF8')), 'hex') AS identity
    FROM (SELECT s.*, row_number() OVER (
              PARTITION BY s.file_no, s.sheet, s.account, s.booked_on, s.amount, s.reference, s.title, s.payer_name
              ORDER BY s.line_no) AS place
          FROM payments_stagedpayment s WHERE s.batch_id = %(batch)s) o
"""
# Virtual accounts and their ends, each with the premises that it names without doubt; the fund where it names one.
_ADDRESSES = f"""
    SELECT right(a.nrb, a.length) AS number, min(a.premises_id) AS premises_id,
           CASE WHEN count(DISTINCT a.fund_id) = 1 THEN min(a.fund_id) END AS fund_id, min(a.nrb) AS nrb
    FROM (SELECT t.nrb, t.premises_id, t.fund_id, length FROM premises_transferaccount t
          CROSS JOIN generate_series({SHORTEST_END}, 26) AS length
          WHERE t.is_current AND length IN (
              SELECT DISTINCT length(n.number) FROM payments_stagedpayment s
              CROSS JOIN LATERAL unnest(string_to_array(s.paid_to, ' ')) AS n (number)
              WHERE s.batch_id = %(batch)s)) a
    GROUP BY 1 HAVING count(DISTINCT a.premises_id) = 1 AND count(DISTINCT a.nrb) = 1
"""
_MATCHES = f"""
    SELECT DISTINCT ON (o.file_no, o.sheet, o.line_no) o.file_no, o.sheet, o.line_no, d.premises_id, d.fund_id, d.nrb
    FROM payments_stagedpayment o
    CROSS JOIN LATERAL unnest(string_to_array(o.paid_to, ' ')) WITH ORDINALITY AS n (number, place)
    JOIN ({_ADDRESSES}) d ON d.number = n.number
    WHERE o.batch_id = %(batch)s
    ORDER BY o.file_no, o.sheet, o.line_no, length(n.number) DESC, n.place
"""
PAYMENTS = RegistrySpec(
    registry="payment",
    dataset="payments",
    table="payments_payment",
    key=("identity",),
    columns=(
        "account", "statement", "booked_on", "value_on", "amount", "title", "payer_name", "nrb", "premises_id",
        "fund_id", "is_current",
    ),
    # A payment that is known stays as it was matched: which premises it belonged to does not change with the account.
    # One that was taken back is matched anew, or a wrong account would name the wrong premises for ever.
    source=f"""
        SELECT DISTINCT ON (o.identity) o.identity, coalesce(k.account, o.account) AS account,
               coalesce(k.statement, o.statement, '') AS statement, o.booked_on,
               coalesce(k.value_on, o.value_on) AS value_on, o.amount, coalesce(o.title, '') AS title,
               coalesce(o.payer_name, '') AS payer_name, coalesce(nullif(k.nrb, ''), m.nrb, '') AS nrb,
               coalesce(k.premises_id, m.premises_id) AS premises_id, coalesce(k.fund_id, m.fund_id) AS fund_id,
               true AS is_current
        FROM ({_OPERATIONS}) o
        LEFT JOIN ({_MATCHES}) m ON m.file_no = o.file_no AND m.sheet = o.sheet AND m.line_no = o.line_no
        LEFT JOIN payments_payment k ON k.identity = o.identity AND k.is_current
        ORDER BY o.identity, o.file_no, o.sheet, o.line_no
    """,
)  # fmt: skip
REGISTRIES = (PAYMENTS,)

CHECKS = (
    Check(
        code="payment_without_premises",
        dataset="payments",
        column="Rachunek wirtualny",
        severity=Severity.WARNING,
        sql=f"""
            SELECT s.file_no, s.sheet, s.line_no, replace(s.amount::text, '.', ',') AS value, '' AS premises_code,
                   'Wpłata z ' || to_char(s.booked_on, 'DD.MM.YYYY') || ' nie wskazuje rachunku żadnego lokalu'
                   || coalesce(' (tytuł: „' || left(s.title, 80) || '”)', '') || '. Nie zobaczy jej żaden właściciel.'
                   AS reason
            FROM payments_stagedpayment s
            LEFT JOIN ({_MATCHES}) m ON m.file_no = s.file_no AND m.sheet = s.sheet AND m.line_no = s.line_no
            WHERE s.batch_id = %(batch)s AND m.premises_id IS NULL
        """,
    ),
)


def find_later_payments(publication_id: int) -> list[int]:
    """Later batches with payments, where this publication brought payments: their statements may overlap.

    What both hold came with this one; undoing it alone would take from the later batch what its statement says.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT p.batch_id FROM imports_registrychange c
            JOIN imports_publication p ON p.id = c.publication_id AND p.kind = 'publish'
            WHERE c.registry = 'payment' AND c.publication_id > %(publication)s
              AND EXISTS (SELECT 1 FROM imports_registrychange o
                          WHERE o.publication_id = %(publication)s AND o.registry = 'payment')
              AND NOT EXISTS (SELECT 1 FROM imports_publication u
                              WHERE u.batch_id = p.batch_id AND u.kind = 'undo' AND u.id > p.id)
            ORDER BY 1
            """,
            {"publication": publication_id},
        )
        return [row[0] for row in cursor.fetchall()]
