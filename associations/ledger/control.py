"""Control of the ledger: postings and balances that stand, and where the books disagree with themselves.

Sign: balance = Σ credit − Σ debit; minus means underpayment. Rows are compared per debtor: the last holding of the
payer in the premises, or for a row without payer the holding on whose days it falls.
"""

from associations.imports.control import LISTED_PER_KIND, Control, select_rows, standing_rows
from associations.imports.editions import EditionSpec
from associations.ledger.importing import BALANCES, POSTINGS

_POSTING_TOTALS = f"""
    SELECT count(*) AS rows, coalesce(sum(r.debit) FILTER (WHERE NOT r.is_opening), 0) AS debit,
           coalesce(sum(r.credit) FILTER (WHERE NOT r.is_opening), 0) AS credit
    {standing_rows(POSTINGS)}
"""
_BALANCE_TOTALS = f"""
    SELECT count(*) AS rows, coalesce(sum(r.amount), 0) AS balance, coalesce(sum(r.interest), 0) AS interest
    {standing_rows(BALANCES)}
"""

# Of several holdings of one person in one premises (alone, then with a spouse) the last one stands for all.
_DEBTORS = """
    members AS MATERIALIZED (
        SELECT h.premises_id, m.person_id, h.id AS holding_id, h.starts_on, h.ends_on,
               first_value(h.id) OVER (PARTITION BY h.premises_id, m.person_id
                                       ORDER BY h.starts_on DESC NULLS LAST, h.id DESC) AS debtor
        FROM premises_holding h JOIN premises_holdingmember m ON m.holding_id = h.id
    ), payers AS MATERIALIZED (
        SELECT DISTINCT premises_id, person_id, debtor FROM members
    ), spans AS MATERIALIZED (
        SELECT premises_id, holding_id, starts_on, ends_on, max(debtor) AS debtor FROM members
        GROUP BY premises_id, holding_id, starts_on, ends_on
    )
"""


def _debtor_joins(date: str) -> str:
    """Joins that give a row `r` its debtor: coalesce(o.debtor, s.debtor, 0)."""
    return f"""
        LEFT JOIN payers o ON o.premises_id = r.premises_id AND o.person_id = r.payer_id
        LEFT JOIN spans s ON r.payer_id IS NULL AND s.premises_id = r.premises_id
             AND r.{date} >= coalesce(s.starts_on, '-infinity') AND r.{date} <= coalesce(s.ends_on, 'infinity')
    """


def _rows_with_debtor(spec: EditionSpec, columns: str, date: str) -> str:
    from_rows, where = standing_rows(spec).split("WHERE")
    return f"""
        SELECT r.premises_id, coalesce(o.debtor, s.debtor, 0) AS debtor, {columns}
        {from_rows} {_debtor_joins(date)} WHERE {where}
    """


# A year that states a BO begins anew from it; other years carry the former closing on.
_YEARS = f"""
    postings AS MATERIALIZED (
        {_rows_with_debtor(POSTINGS, "r.account_id, r.posted_on, r.debit, r.credit, r.is_opening", "posted_on")}
    ), years AS MATERIALIZED (
        SELECT premises_id, debtor, account_id, extract(year FROM posted_on)::int AS year,
               sum(credit - debit) FILTER (WHERE is_opening) AS opening,
               coalesce(sum(credit - debit) FILTER (WHERE NOT is_opening), 0) AS turnover
        FROM postings GROUP BY premises_id, debtor, account_id, extract(year FROM posted_on)::int
    ), parts AS MATERIALIZED (
        SELECT *, count(opening) OVER (PARTITION BY premises_id, debtor, account_id ORDER BY year) AS part
        FROM years
    ), closings AS MATERIALIZED (
        SELECT *, sum(coalesce(opening, 0) + turnover)
                  OVER (PARTITION BY premises_id, debtor, account_id, part ORDER BY year) AS closing
        FROM parts
    )
"""

_OPENINGS_AND_CLOSINGS = f"""
    WITH {_DEBTORS}, {_YEARS}, chain AS (
        SELECT *, lag(closing) OVER (PARTITION BY premises_id, debtor, account_id ORDER BY year) AS former
        FROM closings
    )
    SELECT 'opening_and_closing' AS kind, p.code AS premises, a.code AS account, c.year, c.former AS expected,
           c.opening AS found
    FROM chain c
    JOIN premises_premises p ON p.id = c.premises_id
    JOIN ledger_account a ON a.id = c.account_id
    WHERE c.opening <> c.former
    ORDER BY p.code, a.code, c.year LIMIT {LISTED_PER_KIND}
"""

# Where the program nets interest that it has not posted, postings explain the balance without it.
_WITHOUT_INTEREST = """
    r.amount + CASE WHEN (SELECT balance_includes_interest FROM profile_associationprofile)
                    THEN coalesce(r.interest, 0) ELSE 0 END"""

# The newest balance of each debtor and fund, against BO of the last year that states one and what follows it.
_BALANCES_AND_POSTINGS = f"""
    WITH {_DEBTORS}, {_YEARS}, balances AS MATERIALIZED (
        {_rows_with_debtor(BALANCES, f"r.fund_id, r.as_of, {_WITHOUT_INTEREST} AS amount", "as_of")}
    ), supplied AS MATERIALIZED (
        SELECT premises_id, debtor, fund_id, as_of, sum(amount) AS amount
        FROM (SELECT *, max(as_of) OVER (PARTITION BY premises_id, debtor, fund_id) AS newest FROM balances) b
        WHERE as_of = newest GROUP BY premises_id, debtor, fund_id, as_of
    ), starts AS MATERIALIZED (
        SELECT b.premises_id, b.debtor, b.fund_id, b.as_of, y.account_id,
               max(y.year) FILTER (WHERE y.opening IS NOT NULL AND y.year <= extract(year FROM b.as_of)) AS year
        FROM supplied b
        JOIN years y ON y.premises_id = b.premises_id AND y.debtor = b.debtor
        JOIN ledger_account a ON a.id = y.account_id AND a.fund_id = b.fund_id
        GROUP BY b.premises_id, b.debtor, b.fund_id, b.as_of, y.account_id
    ), computed AS MATERIALIZED (
        SELECT s.premises_id, s.debtor, s.fund_id,
               sum(p.credit - p.debit) FILTER (
                   WHERE p.posted_on <= s.as_of
                     AND (s.year IS NULL OR extract(year FROM p.posted_on) >= s.year)) AS amount
        FROM starts s
        JOIN postings p ON p.premises_id = s.premises_id AND p.debtor = s.debtor AND p.account_id = s.account_id
        GROUP BY s.premises_id, s.debtor, s.fund_id
    ), kept AS (SELECT DISTINCT a.fund_id FROM years y JOIN ledger_account a ON a.id = y.account_id)
    SELECT 'balance_and_postings' AS kind, p.code AS premises, f.name AS fund, b.as_of,
           coalesce(c.amount, 0) AS expected, b.amount AS found
    FROM supplied b
    JOIN kept k ON k.fund_id = b.fund_id
    JOIN premises_premises p ON p.id = b.premises_id
    JOIN profile_fund f ON f.id = b.fund_id
    LEFT JOIN computed c ON c.premises_id = b.premises_id AND c.debtor = b.debtor AND c.fund_id = b.fund_id
    WHERE b.amount <> coalesce(c.amount, 0)
    ORDER BY p.code, f.name, b.as_of LIMIT {LISTED_PER_KIND}
"""


def control_ledger() -> Control:
    """Accounts, postings (BO rows among them) and balances; turnover without BO, balances, interest, in zł.

    Disagreements: the newest balance of a debtor and fund with the postings up to its day (`expected`), and a BO
    with the closing of the year before. A fund without any postings is not compared.
    """
    [accounts] = select_rows("SELECT count(*) AS rows FROM ledger_account WHERE is_current")
    [postings] = select_rows(_POSTING_TOTALS)
    [balances] = select_rows(_BALANCE_TOTALS)
    return Control(
        rows={"accounts": accounts["rows"], "postings": postings["rows"], "balances": balances["rows"]},
        sums={key: postings[key] for key in ("debit", "credit")}
        | {key: balances[key] for key in ("balance", "interest")},
        disagreements=(
            *select_rows(_BALANCES_AND_POSTINGS),
            *select_rows(_OPENINGS_AND_CLOSINGS),
        ),
    )
