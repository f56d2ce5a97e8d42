"""Checks of premises files against what stands: shares of a property, changed bank accounts. All are warnings."""

from associations.imports.check_texts import first_place
from associations.imports.checks import Check
from associations.imports.models import Severity


def _nrb_changed(column: str, label: str, fund: str) -> Check:
    """Whoever can write the file could send the owners' payments elsewhere: a new number must be looked at."""
    return Check(
        code="nrb_changed",
        dataset="premises",
        column=label,
        severity=Severity.WARNING,
        sql=f"""
            SELECT s.file_no, s.sheet, s.line_no, s.{column} AS value, s.premises_code,
                   'Zmienił się numer rachunku lokalu ' || s.premises_code || ': z ' || t.nrb || ' na ' || s.{column}
                   || '. Na ten numer właściciele będą wpłacać: sprawdź go w banku, zanim opublikujesz.' AS reason
            FROM premises_stagedpremises s
            JOIN premises_premises p ON p.code = s.premises_code
            JOIN premises_transferaccount t ON t.premises_id = p.id AND t.is_current
            JOIN profile_fund f ON f.id = t.fund_id AND f.code = '{fund}'
            WHERE s.batch_id = %(batch)s AND s.{column} IS NOT NULL AND s.{column} <> t.nrb
        """,
    )


# Shares of the registry as it would stand: premises of the file, and beside them those that it does not name.
_SHARES_TOTAL = f"""
    WITH premises AS MATERIALIZED (
        SELECT s.premises_code, coalesce(s.property_code, '') AS property_code, s.share
        FROM premises_stagedpremises s WHERE s.batch_id = %(batch)s
        UNION ALL
        SELECT p.code, coalesce(n.code, ''), p.share
        FROM premises_premises p
        LEFT JOIN premises_building b ON b.id = p.building_id LEFT JOIN premises_property n ON n.id = b.property_id
        WHERE p.is_current AND NOT EXISTS (SELECT 1 FROM premises_stagedpremises s
                                           WHERE s.batch_id = %(batch)s AND s.premises_code = p.code)
    ), totals AS MATERIALIZED (
        SELECT property_code, sum(share) AS total, count(share) AS shares, count(*) - count(share) AS without_share
        FROM premises GROUP BY 1
    ), places AS MATERIALIZED (
        SELECT coalesce(s.property_code, '') AS property_code, {first_place("s")}
        FROM premises_stagedpremises s WHERE s.batch_id = %(batch)s GROUP BY 1
    )
    SELECT c.file_no, c.sheet, c.line_no, replace(t.total::text, '.', ',') AS value, '' AS premises_code,
           'Udziały' || CASE WHEN t.property_code = '' THEN '' ELSE ' w nieruchomości ' || t.property_code END
           || ' dają razem ' || replace(t.total::text, '.', ',') || ' zamiast 1 (lokali z udziałem: ' || t.shares
           || CASE WHEN t.without_share = 0 THEN '' ELSE ', bez udziału: ' || t.without_share END || ').' AS reason
    FROM totals t JOIN places c USING (property_code)
    WHERE t.shares > 0 AND abs(t.total - 1) > t.shares * 0.0000005
      AND (t.property_code <> '' OR NOT EXISTS (SELECT 1 FROM premises WHERE property_code <> ''))
"""

CHECKS = (
    _nrb_changed("bank_account", "Rachunek", "main"),
    _nrb_changed("repair_bank_account", "Rachunek FR", "repair"),
    Check(
        code="shares_total",
        dataset="premises",
        column="Udział",
        severity=Severity.WARNING,
        sql=_SHARES_TOTAL,
    ),
)
