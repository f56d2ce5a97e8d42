"""Checks of postings, balances and charges against the books as the batch would leave them. All are warnings.

The books after the batch are its groups and, beside them, the standing editions that it does not touch. Premises that
changed hands in the time compared are left out: after a sale the figures of one premises are those of two holdings.
"""

from associations.imports.check_texts import first_place, shown_amount, shown_day, shown_month
from associations.imports.checks import Check
from associations.imports.dataset_hints import reversed_balances
from associations.imports.models import Severity
from associations.ledger.importing import BALANCE_DAY

# Turnover by premises, account and month after the batch; a condition on the month may narrow both halves.
_AFTER = """
    SELECT g.premises_code, g.part_code AS account_code, g.month, g.second_sum - g.first_sum AS turnover
    FROM imports_stagedgroup g
    WHERE g.batch_id = %(batch)s AND g.dataset = 'postings' AND g.outcome <> 'gone'
      -- Without premises: a month of an account that stands just so (imports.slices); the other half finds it.
      AND g.premises_code <> '' AND g.month < {before}
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
          AND NOT EXISTS (SELECT 1 FROM imports_stagedgroup w WHERE w.batch_id = %(batch)s
                          AND w.dataset = 'postings' AND w.premises_code = '' AND w.part_code = a.code
                          AND w.month = e.month)
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


# Sets of many rows are brought together by UNION ALL and GROUP BY: of a join of two the planner, which knows no
# sizes of theirs, may make one of every row with every row.
_OPENING_DIFFERS = f"""
    WITH stated AS MATERIALIZED (
        SELECT s.premises_code, s.account_code, date_trunc('year', s.posted_on::timestamp)::date AS year_start,
               {first_place("s")}
        FROM ledger_stagedposting s WHERE s.batch_id = %(batch)s AND s.is_opening GROUP BY 1, 2, 3
    ), openings AS MATERIALIZED ({_OPENINGS}
    ), after AS MATERIALIZED ({_AFTER.format(before="(SELECT max(year_start) FROM stated)")}
    ), years AS MATERIALIZED (
        SELECT premises_code, account_code, year_start, sum(turnover) AS turnover, sum(stated) AS stated,
               max(file_no) AS file_no, max(sheet) AS sheet, max(line_no) AS line_no
        FROM (SELECT premises_code, account_code, date_trunc('year', month::timestamp)::date AS year_start, turnover,
                     NULL::numeric AS stated, NULL::int AS file_no, NULL::text AS sheet, NULL::int AS line_no FROM after
              UNION ALL SELECT premises_code, account_code, year_start, 0, amount, NULL, NULL, NULL FROM openings
              UNION ALL SELECT premises_code, account_code, year_start, 0, NULL, file_no, sheet, line_no FROM stated) y
        GROUP BY 1, 2, 3
    ), runs AS MATERIALIZED (
        SELECT *, count(stated) OVER (PARTITION BY premises_code, account_code ORDER BY year_start) AS run FROM years
    ), closings AS MATERIALIZED (
        SELECT *, sum(turnover + coalesce(stated, 0)) OVER w AS closing, min(year_start) OVER w AS since
        FROM runs WINDOW w AS (PARTITION BY premises_code, account_code, run ORDER BY year_start)
    ), compared AS MATERIALIZED (
        SELECT *, lag(closing) OVER w AS former, lag(since) OVER w AS former_since, lag(run) OVER w AS former_run
        FROM closings WINDOW w AS (PARTITION BY premises_code, account_code ORDER BY year_start)
    )
    SELECT c.file_no, c.sheet, c.line_no, replace(c.stated::text, '.', ',') AS value, c.premises_code,
           'Bilans otwarcia ' || extract(year FROM c.year_start) || ' lokalu ' || c.premises_code || ' na koncie '
           || c.account_code || ' to ' || {shown_amount("c.stated")} || ', a poprzedni rok kończy się saldem '
           || {shown_amount("c.former")} || '. Właściciel zobaczy bilans z pliku.' AS reason
    FROM compared c
    WHERE c.file_no IS NOT NULL AND c.former <> c.stated
      AND (c.former_run > 0 OR c.former_since IN (SELECT year_start FROM openings))
      AND NOT {_changed_hands("c.premises_code", "c.former_since", "c.year_start")}
"""

# The first year of the books has no former one: nothing before the year of the latest opening, in file or books.
_LAST_OPENING = """(SELECT date_trunc('year', max(s.posted_on)::timestamp)::date FROM ledger_stagedposting s
                    WHERE s.batch_id = %(batch)s AND s.is_opening)"""
_HAS_FORMER_YEAR = f"""
    SELECT EXISTS (SELECT 1 FROM imports_stagedgroup g WHERE g.batch_id = %(batch)s AND g.dataset = 'postings'
                   AND g.outcome <> 'gone' AND g.month < {_LAST_OPENING})
        OR EXISTS (SELECT 1 FROM ledger_postingedition e
                   WHERE e.closed_by_id IS NULL AND e.row_count > 0 AND e.month < {_LAST_OPENING})
"""

# Single postings of the months in which a balance stands before their last day.
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
      AND NOT EXISTS (SELECT 1 FROM imports_stagedgroup w WHERE w.batch_id = %(batch)s AND w.dataset = 'postings'
                      AND w.premises_code = '' AND w.part_code = a.code AND w.month = e.month)
"""
# A balance that names its payers is compared where no posting names anybody else.
_BALANCE_DIFFERS = f"""
    WITH dated AS MATERIALIZED (
        SELECT s.*, {BALANCE_DAY} AS day FROM ledger_stagedbalance s WHERE s.batch_id = %(batch)s
    ), supplied AS MATERIALIZED (
        SELECT s.premises_code, s.fund, s.day, sum(s.amount) AS amount, array_agg(s.payer_code) AS payers,
               sum(CASE WHEN (SELECT balance_includes_interest FROM profile_associationprofile)
                        THEN coalesce(s.interest, 0) ELSE 0 END) AS interest, {first_place("s")}
        FROM dated s GROUP BY 1, 2, 3
    ), days AS MATERIALIZED (
        SELECT DISTINCT day, date_trunc('month', day::timestamp)::date AS month,
               extract(day FROM day + 1) = 1 AS is_whole FROM supplied
    ), broken AS MATERIALIZED (SELECT DISTINCT month FROM days WHERE NOT is_whole
    ), accounts AS MATERIALIZED (
        SELECT a.code, coalesce(n.fund, f.code) AS fund
        FROM ledger_account a JOIN profile_fund f ON f.id = a.fund_id
        LEFT JOIN ledger_stagedaccount n ON n.batch_id = %(batch)s AND n.account_code = a.code WHERE a.is_current
        UNION SELECT n.account_code, n.fund FROM ledger_stagedaccount n WHERE n.batch_id = %(batch)s
    ), openings AS MATERIALIZED ({_OPENINGS}
    ), after AS MATERIALIZED ({_AFTER.format(before="(SELECT max(day) + 1 FROM days)")}
    ), reach AS MATERIALIZED (
        SELECT c.fund, max(t.month) AS month FROM after t JOIN accounts c ON c.code = t.account_code GROUP BY 1
    ), partial AS MATERIALIZED ({_PART_OF_MONTH}
    ), years AS MATERIALIZED (
        SELECT premises_code, account_code, day, year_start, sum(turnover) AS turnover, sum(stated) AS stated
        FROM (SELECT t.premises_code, t.account_code, d.day, date_trunc('year', t.month::timestamp)::date AS year_start,
                     t.turnover, NULL::numeric AS stated
              FROM after t JOIN days d ON t.month < d.month OR t.month = d.month AND d.is_whole
              UNION ALL
              SELECT t.premises_code, t.account_code, d.day, date_trunc('year', d.day::timestamp)::date, t.amount, NULL
              FROM partial t JOIN days d ON t.posted_on BETWEEN d.month AND d.day AND NOT d.is_whole
              UNION ALL
              SELECT o.premises_code, o.account_code, d.day, o.year_start, 0, o.amount
              FROM openings o JOIN days d ON o.year_start <= d.day) e
        GROUP BY 1, 2, 3, 4
    ), runs AS MATERIALIZED (
        SELECT *, count(stated) OVER (PARTITION BY premises_code, account_code, day ORDER BY year_start) AS run
        FROM years
    ), closings AS MATERIALIZED (
        SELECT premises_code, account_code, day, run, sum(turnover + coalesce(stated, 0)) AS amount,
               min(year_start) AS since, max(run) OVER (PARTITION BY premises_code, account_code, day) AS last_run
        FROM runs GROUP BY 1, 2, 3, 4
    ), both_sides AS MATERIALIZED (
        SELECT premises_code, fund, day, max(supplied) AS supplied, max(interest) AS interest, max(payers) AS payers,
               max(file_no) AS file_no, max(sheet) AS sheet, max(line_no) AS line_no, sum(booked) AS booked,
               bool_and(is_known) AS is_known, min(since) AS since
        FROM (SELECT premises_code, fund, day, amount AS supplied, interest, payers, file_no, sheet, line_no,
                     NULL::numeric AS booked, NULL::boolean AS is_known, NULL::date AS since FROM supplied
              UNION ALL
              SELECT k.premises_code, c.fund, k.day, NULL, NULL, NULL, NULL, NULL, NULL, k.amount,
                     k.run > 0 OR k.since IN (SELECT year_start FROM openings), k.since
              FROM closings k JOIN accounts c ON c.code = k.account_code WHERE k.run = k.last_run) b
        GROUP BY 1, 2, 3
    ), named AS MATERIALIZED (
        SELECT *, max(others) OVER (PARTITION BY premises_code) AS payers_named
        FROM (SELECT *, NULL::text[] AS others FROM both_sides
              UNION ALL
              SELECT premises_code, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                     array_agg(DISTINCT payer_code)
              FROM ledger_stagedposting WHERE batch_id = %(batch)s AND payer_code IS NOT NULL GROUP BY 1) n
    )
    SELECT u.file_no, u.sheet, u.line_no, replace(u.supplied::text, '.', ',') AS value, u.premises_code,
           u.supplied, u.interest, u.booked,
           'Saldo lokalu ' || u.premises_code || ' na ' || {shown_day("u.day")} || ' to w pliku '
           || {shown_amount("u.supplied")} || ', a z księgowań wynika ' || {shown_amount("u.booked")}
           || '. Właściciel zobaczy saldo z pliku.' AS reason
    FROM named u
    WHERE u.is_known AND u.booked <> u.supplied AND u.booked <> u.supplied + u.interest
      AND date_trunc('month', u.day::timestamp)::date <= (SELECT r.month FROM reach r WHERE r.fund = u.fund)
      AND NOT {_changed_hands("u.premises_code", "u.since", "u.day")}
      AND (array_position(u.payers, NULL) IS NOT NULL
           OR coalesce(u.payers_named, u.payers) <@ u.payers
          AND NOT EXISTS (SELECT 1 FROM ledger_posting o JOIN premises_premises l ON l.id = o.premises_id
                          JOIN premises_person w ON w.id = o.payer_id
                          WHERE l.code = u.premises_code AND o.month >= u.since AND NOT w.code = ANY(u.payers)))
"""

_CHARGE_BEFORE_OPENING = f"""
    WITH after AS MATERIALIZED ({_AFTER.format(before="'infinity'::date")}
    ), early AS MATERIALIZED (
        SELECT premises_code, min(month) AS month, min(books_from) AS books_from
        FROM (SELECT premises_code, month, NULL::date AS books_from FROM charges_stagedcharge
              WHERE batch_id = %(batch)s AND file_no <> 0
              UNION ALL SELECT premises_code, NULL, month FROM after) b
        GROUP BY 1 HAVING min(month) < min(books_from)
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


# An account stays with its person when the code goes to another one (ledger.importing, account_moves_payer).
_ACCOUNT_OF_FORMER = """
    SELECT DISTINCT ON (a.code, s.premises_code) s.file_no, s.sheet, s.line_no, a.code AS value, s.premises_code,
           'Konto ' || a.code || ' należy do osoby „' || w.name || '”, a jej kod ' || w.former_code || ' ma dziś ktoś inny.'
           || ' Zapisy od ' || to_char(s.posted_on, 'DD.MM.YYYY') || ' zobaczy dawna osoba. Jeżeli dotyczą nowej,'
           || ' podaj przy nich jej kod albo załóż dla niej osobne konto.' AS reason
    FROM ledger_account a JOIN premises_person w ON w.id = a.payer_id AND w.former_code <> '' AND w.is_current
    JOIN ledger_stagedposting s ON s.batch_id = %(batch)s AND s.account_code = a.code AND s.payer_code IS NULL
    WHERE s.file_no <> 0 AND s.posted_on > (SELECT max(t.ends_on) FROM premises_title t
                                            WHERE t.person_id = w.id AND t.is_current)
    ORDER BY a.code, s.premises_code, s.posted_on, s.file_no, s.sheet, s.line_no
"""
_OF_ACCOUNTS = "EXCEPT SELECT fund FROM ledger_stagedaccount WHERE batch_id = %(batch)s"
CHECKS = (
    _new_fund("accounts", "ledger_stagedaccount", ""),
    _new_fund("charges", "charges_stagedcharge", _OF_ACCOUNTS),
    _new_fund("balances", "ledger_stagedbalance", _OF_ACCOUNTS),
    Check(
        code="account_of_former_bearer",
        dataset="postings",
        column="Konto",
        severity=Severity.WARNING,
        sql=_ACCOUNT_OF_FORMER,
    ),
    Check(
        code="opening_differs",
        dataset="postings",
        column="Bilans otwarcia",
        severity=Severity.WARNING,
        needs_groups=True,
        sql=_OPENING_DIFFERS,
        worth=_HAS_FORMER_YEAR,
    ),
    Check(
        code="balance_differs",
        dataset="balances",
        column="Saldo",
        severity=Severity.WARNING,
        needs_groups=True,
        sql=_BALANCE_DIFFERS,
    ),
    reversed_balances("balances", _BALANCE_DIFFERS),
    Check(
        code="charge_before_opening",
        dataset="charges",
        column="Miesiąc",
        severity=Severity.WARNING,
        needs_groups=True,
        sql=_CHARGE_BEFORE_OPENING,
    ),
)
