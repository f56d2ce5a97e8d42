"""Checks of postings, balances and charges against the books as the batch would leave them. All are warnings.

The books after the batch are its groups and, beside them, the standing editions that it does not touch. Premises that
changed hands in the time compared are left out: after a sale the figures of one premises are those of two holdings.
"""

from associations.imports.check_texts import first_place, shown_amount, shown_day, shown_month
from associations.imports.checks import Check
from associations.imports.models import Severity
from associations.ledger.importing import BALANCE_DAY

# Turnover by premises, account and month after the batch; a condition on the month may narrow both halves.
_AFTER = """
    SELECT g.premises_code, g.part_code AS account_code, g.month, g.second_sum - g.first_sum AS turnover
    FROM imports_stagedgroup g
    WHERE g.batch_id = %(batch)s AND g.dataset = 'postings' AND g.outcome <> 'gone' AND g.month < {before}
    UNION ALL
    SELECT p.code, a.code, e.month, e.second_sum - e.first_sum
    FROM ledger_postingedition e
    JOIN premises_premises p ON p.id = e.premises_id JOIN ledger_account a ON a.id = e.part_id
    LEFT JOIN imports_stagedgroup g ON g.batch_id = %(batch)s AND g.dataset = 'postings'
     AND g.premises_code = p.code AND g.part_code = a.code AND g.month = e.month
    WHERE e.closed_by_id IS NULL AND e.row_count > 0 AND g.premises_code IS NULL AND e.month < {before}
"""
# What BO rows state after the batch, by premises, account and year.
_OPENINGS = """
    SELECT premises_code, account_code, year_start, sum(amount) AS amount
    FROM (
        SELECT s.premises_code, s.account_code, date_trunc('year', s.posted_on::timestamp)::date AS year_start,
               s.credit - s.debit AS amount
        FROM ledger_stagedposting s WHERE s.batch_id = %(batch)s AND s.is_opening
        UNION ALL
        SELECT p.code, a.code, date_trunc('year', e.month::timestamp)::date, r.credit - r.debit
        FROM ledger_postingedition e
        JOIN ledger_posting r ON r.premises_id = e.premises_id AND r.month = e.month AND r.account_id = e.part_id
         AND r.batch_id = e.batch_id AND r.is_opening
        JOIN premises_premises p ON p.id = e.premises_id JOIN ledger_account a ON a.id = e.part_id
        LEFT JOIN imports_stagedgroup g ON g.batch_id = %(batch)s AND g.dataset = 'postings'
         AND g.premises_code = p.code AND g.part_code = a.code AND g.month = e.month
        WHERE e.closed_by_id IS NULL AND e.opening_count > 0 AND g.premises_code IS NULL
    ) o GROUP BY 1, 2, 3
"""


def _changed_hands(premises: str, since: str, until: str) -> str:
    """SQL: whether a holding of the premises began, or a title of the people file began or ended, in between."""
    return f"""
        (EXISTS (SELECT 1 FROM premises_holding h JOIN premises_premises l ON l.id = h.premises_id
                 WHERE l.code = {premises} AND h.starts_on > {since} AND h.starts_on <= {until})
         OR EXISTS (SELECT 1 FROM premises_stagedperson n
                    WHERE n.batch_id = %(batch)s AND n.premises_code = {premises}
                      AND (n.starts_on > {since} AND n.starts_on <= {until}
                           OR n.ends_on >= {since} AND n.ends_on < {until})))
    """


_OPENING_DIFFERS = f"""
    WITH stated AS MATERIALIZED (
        SELECT s.premises_code, s.account_code, date_trunc('year', s.posted_on::timestamp)::date AS year_start,
               {first_place("s")}
        FROM ledger_stagedposting s WHERE s.batch_id = %(batch)s AND s.is_opening GROUP BY 1, 2, 3
    ), openings AS MATERIALIZED ({_OPENINGS}
    ), after AS MATERIALIZED ({_AFTER.format(before="(SELECT max(year_start) FROM stated)")}
    ), years AS MATERIALIZED (
        SELECT premises_code, account_code, year_start, sum(turnover) AS turnover, sum(stated) AS stated
        FROM (SELECT premises_code, account_code, date_trunc('year', month::timestamp)::date AS year_start, turnover,
                     NULL::numeric AS stated FROM after
              UNION ALL SELECT premises_code, account_code, year_start, 0, amount FROM openings) y
        GROUP BY 1, 2, 3
    ), runs AS MATERIALIZED (
        SELECT *, count(stated) OVER (PARTITION BY premises_code, account_code ORDER BY year_start) AS run FROM years
    ), closings AS MATERIALIZED (
        SELECT *, sum(turnover + coalesce(stated, 0)) OVER w AS closing, min(year_start) OVER w AS since
        FROM runs WINDOW w AS (PARTITION BY premises_code, account_code, run ORDER BY year_start)
    ), compared AS MATERIALIZED (
        SELECT premises_code, account_code, year_start, stated, lag(closing) OVER w AS former,
               lag(since) OVER w AS since, lag(run) OVER w AS former_run
        FROM closings WINDOW w AS (PARTITION BY premises_code, account_code ORDER BY year_start)
    )
    SELECT s.file_no, s.sheet, s.line_no, c.stated::text AS value, s.premises_code,
           'Bilans otwarcia ' || extract(year FROM s.year_start) || ' lokalu ' || s.premises_code || ' na koncie '
           || s.account_code || ' to ' || {shown_amount("c.stated")} || ', a poprzedni rok kończy się saldem '
           || {shown_amount("c.former")} || '. Właściciel zobaczy bilans z pliku.' AS reason
    FROM stated s JOIN compared c USING (premises_code, account_code, year_start)
    WHERE c.former <> c.stated AND (c.former_run > 0 OR c.since IN (SELECT year_start FROM openings))
      AND NOT {_changed_hands("s.premises_code", "c.since", "s.year_start")}
"""

# The whole of the month in which a balance stands, up to its day.
_PART_OF_MONTH = """
    SELECT s.premises_code, s.account_code, s.posted_on, s.credit - s.debit AS amount
    FROM ledger_stagedposting s
    WHERE s.batch_id = %(batch)s AND NOT s.is_opening
      AND date_trunc('month', s.posted_on::timestamp)::date IN (SELECT month FROM broken)
    UNION ALL
    SELECT p.code, a.code, r.posted_on, r.credit - r.debit
    FROM ledger_postingedition e
    JOIN ledger_posting r ON r.premises_id = e.premises_id AND r.month = e.month AND r.account_id = e.part_id
     AND r.batch_id = e.batch_id AND NOT r.is_opening
    JOIN premises_premises p ON p.id = e.premises_id JOIN ledger_account a ON a.id = e.part_id
    LEFT JOIN imports_stagedgroup g ON g.batch_id = %(batch)s AND g.dataset = 'postings'
     AND g.premises_code = p.code AND g.part_code = a.code AND g.month = e.month
    WHERE e.closed_by_id IS NULL AND e.row_count > 0 AND g.premises_code IS NULL
      AND e.month IN (SELECT month FROM broken)
"""
_BALANCE_DIFFERS = f"""
    WITH dated AS MATERIALIZED (
        SELECT s.*, {BALANCE_DAY} AS day FROM ledger_stagedbalance s WHERE s.batch_id = %(batch)s
    ), supplied AS MATERIALIZED (
        SELECT s.premises_code, s.fund, s.day, date_trunc('month', s.day::timestamp)::date AS month,
               sum(s.amount) AS amount, array_agg(s.payer_code) AS payers, {first_place("s")},
               sum(CASE WHEN (SELECT balance_includes_interest FROM profile_associationprofile)
                        THEN coalesce(s.interest, 0) ELSE 0 END) AS interest
        FROM dated s GROUP BY 1, 2, 3
    ), accounts AS MATERIALIZED (
        SELECT a.code, coalesce(n.fund, f.code) AS fund
        FROM ledger_account a JOIN profile_fund f ON f.id = a.fund_id
        LEFT JOIN ledger_stagedaccount n ON n.batch_id = %(batch)s AND n.account_code = a.code WHERE a.is_current
        UNION SELECT n.account_code, n.fund FROM ledger_stagedaccount n WHERE n.batch_id = %(batch)s
    ), broken AS MATERIALIZED (
        SELECT DISTINCT month FROM supplied WHERE extract(day FROM day + 1) <> 1
    ), openings AS MATERIALIZED ({_OPENINGS}
    ), after AS MATERIALIZED ({_AFTER.format(before="(SELECT max(day) + 1 FROM supplied)")}
    ), reach AS MATERIALIZED (
        SELECT c.fund, max(t.month) AS month FROM after t JOIN accounts c ON c.code = t.account_code GROUP BY 1
    ), firsts AS MATERIALIZED (
        SELECT premises_code, account_code, date_trunc('year', min(month)::timestamp)::date AS year_start
        FROM after GROUP BY 1, 2
    ), bases AS MATERIALIZED (
        SELECT u.premises_code, u.fund, u.day, u.month, c.code AS account_code, max(o.year_start) AS stated_on,
               bool_or(o.year_start IS NOT NULL
                       OR f.year_start IN (SELECT year_start FROM openings)) AS is_known,
               coalesce(max(o.year_start), min(f.year_start)) AS since
        FROM supplied u JOIN accounts c ON c.fund = u.fund
        JOIN firsts f ON f.premises_code = u.premises_code AND f.account_code = c.code
        LEFT JOIN openings o ON o.premises_code = u.premises_code AND o.account_code = c.code AND o.year_start <= u.day
        GROUP BY 1, 2, 3, 4, 5
    ), partial AS MATERIALIZED ({_PART_OF_MONTH}
    ), pieces AS MATERIALIZED (
        SELECT b.premises_code, b.fund, b.day, o.amount FROM bases b
        JOIN openings o ON o.premises_code = b.premises_code AND o.account_code = b.account_code
         AND o.year_start = b.stated_on
        UNION ALL
        SELECT b.premises_code, b.fund, b.day, t.turnover FROM bases b
        JOIN after t ON t.premises_code = b.premises_code AND t.account_code = b.account_code
         AND t.month >= b.since AND t.month <= b.month AND (t.month < b.month OR extract(day FROM b.day + 1) = 1)
        UNION ALL
        SELECT b.premises_code, b.fund, b.day, t.amount FROM bases b
        JOIN partial t ON t.premises_code = b.premises_code AND t.account_code = b.account_code
         AND t.posted_on BETWEEN b.month AND b.day AND extract(day FROM b.day + 1) <> 1
    ), books AS MATERIALIZED (
        SELECT premises_code, fund, day, sum(amount) AS amount FROM pieces GROUP BY 1, 2, 3
    ), known AS MATERIALIZED (
        SELECT premises_code, fund, day, min(since) AS since FROM bases GROUP BY 1, 2, 3 HAVING bool_and(is_known)
    )
    SELECT u.file_no, u.sheet, u.line_no, u.amount::text AS value, u.premises_code,
           'Saldo lokalu ' || u.premises_code || ' na ' || {shown_day("u.day")} || ' to w pliku '
           || {shown_amount("u.amount")} || ', a z księgowań wynika ' || {shown_amount("b.amount")}
           || '. Właściciel zobaczy saldo z pliku.' AS reason
    FROM supplied u JOIN books b USING (premises_code, fund, day) JOIN known k USING (premises_code, fund, day)
    JOIN reach r ON r.fund = u.fund AND r.month >= u.month
    WHERE b.amount <> u.amount AND b.amount <> u.amount + u.interest
      AND NOT {_changed_hands("u.premises_code", "k.since", "u.day")}
      AND NOT EXISTS (
          SELECT 1 FROM ledger_posting o JOIN premises_premises l ON l.id = o.premises_id
          JOIN premises_person w ON w.id = o.payer_id
          WHERE l.code = u.premises_code AND o.month >= k.since AND NOT w.code = ANY(u.payers))
      AND NOT EXISTS (
          SELECT 1 FROM ledger_stagedposting o
          WHERE o.batch_id = %(batch)s AND o.premises_code = u.premises_code AND o.posted_on >= k.since
            AND NOT o.payer_code = ANY(u.payers))
"""

_CHARGE_BEFORE_OPENING = f"""
    WITH charged AS MATERIALIZED (
        SELECT premises_code, min(month) AS month FROM imports_stagedgroup
        WHERE batch_id = %(batch)s AND dataset = 'charges' AND outcome <> 'gone' GROUP BY 1
    ), after AS MATERIALIZED ({_AFTER.format(before="'infinity'::date")}
    ), early AS MATERIALIZED (
        SELECT c.premises_code, c.month, min(t.month) AS books_from
        FROM charged c JOIN after t ON t.premises_code = c.premises_code GROUP BY 1, 2 HAVING min(t.month) > c.month
    )
    SELECT DISTINCT ON (e.premises_code) s.file_no, s.sheet, s.line_no, {shown_month("e.month")} AS value,
           s.premises_code,
           'Naliczenia lokalu ' || e.premises_code || ' zaczynają się w ' || {shown_month("e.month")}
           || ', a jego księgowania dopiero w ' || {shown_month("e.books_from")}
           || ': kartoteka nie obejmie wcześniejszych miesięcy. Wgraj ich księgowania, jeśli je masz.' AS reason
    FROM early e JOIN charges_stagedcharge s
      ON s.batch_id = %(batch)s AND s.premises_code = e.premises_code AND s.month = e.month AND s.file_no <> 0
    ORDER BY e.premises_code, s.file_no, s.sheet, s.line_no
"""


def _new_fund(dataset: str, table: str, other: str) -> Check:
    """A word that is no fund yet makes one: meant, or a slip of the pen. `other` leaves out what another file says."""
    return Check(
        code="new_fund",
        dataset=dataset,
        column="Fundusz",
        severity=Severity.WARNING,
        known="SELECT code FROM profile_fund UNION SELECT name FROM profile_fund"
        " UNION SELECT unnest(ARRAY['podstawowy', 'eksploatacja', 'remontowy'])",
        sql=f"""
            WITH strange AS MATERIALIZED (
                SELECT DISTINCT s.fund FROM {table} s WHERE s.batch_id = %(batch)s
                EXCEPT SELECT code FROM profile_fund {other}
            )
            SELECT DISTINCT ON (s.fund) s.file_no, s.sheet, s.line_no, s.fund AS value, '' AS premises_code,
                   'Fundusz „' || s.fund || '” nie był dotąd znany; powstanie nowy.' AS reason
            FROM strange n JOIN {table} s ON s.fund = n.fund
            WHERE s.batch_id = %(batch)s ORDER BY s.fund, s.file_no, s.sheet, s.line_no
        """,
    )


_OF_ACCOUNTS = "EXCEPT SELECT fund FROM ledger_stagedaccount WHERE batch_id = %(batch)s"
CHECKS = (
    _new_fund("accounts", "ledger_stagedaccount", ""),
    _new_fund("charges", "charges_stagedcharge", _OF_ACCOUNTS),
    _new_fund("balances", "ledger_stagedbalance", _OF_ACCOUNTS),
    Check(
        code="opening_differs",
        dataset="postings",
        column="Bilans otwarcia",
        severity=Severity.WARNING,
        needs_groups=True,
        sql=_OPENING_DIFFERS,
    ),
    Check(
        code="balance_differs",
        dataset="balances",
        column="Saldo",
        severity=Severity.WARNING,
        needs_groups=True,
        sql=_BALANCE_DIFFERS,
    ),
    Check(
        code="charge_before_opening",
        dataset="charges",
        column="Miesiąc",
        severity=Severity.WARNING,
        needs_groups=True,
        sql=_CHARGE_BEFORE_OPENING,
    ),
)
