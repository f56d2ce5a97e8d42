"""How accounts, postings and balances files become figures: specs and checks (associations.imports runs them)."""

from django.utils.translation import gettext_noop

from associations.imports.checks import Check, payer_checks, unknown_payer, unknown_premises
from associations.imports.editions import EditionSpec, day_field, flag_field, text_field
from associations.imports.registries import RegistrySpec
from associations.premises.sort_keys import natural_sort_key

# A fund beyond main and repair comes with the accounts, charges or balances that name it. It stays after an undo:
# without accounts and figures it shows nowhere.
FUNDS = RegistrySpec(
    registry="fund",
    dataset="accounts",
    table="profile_fund",
    key=("code",),
    columns=("kind", "name", "position", "bank_account"),
    fed_by=("charges", "balances"),
    source="""
        SELECT DISTINCT u.fund AS code, coalesce(f.kind, 'other') AS kind, coalesce(f.name, u.fund) AS name,
               coalesce(f.position, 10) AS position, coalesce(f.bank_account, '') AS bank_account
        FROM (SELECT fund FROM ledger_stagedaccount WHERE batch_id = %(batch)s
              -- Their groups, which are fewer than their rows.
              UNION SELECT part_code FROM imports_stagedgroup
              WHERE batch_id = %(batch)s AND dataset IN ('charges', 'balances')) u
        LEFT JOIN profile_fund f ON f.code = u.fund
    """,
)
ACCOUNTS = RegistrySpec(
    registry="account",
    dataset="accounts",
    table="ledger_account",
    key=("code",),
    columns=("name", "fund_id", "premises_id", "payer_id", "sort_key", "is_current"),
    source=f"""
        SELECT s.account_code AS code, coalesce(s.name, '') AS name, f.id AS fund_id, p.id AS premises_id,
               o.id AS payer_id, {natural_sort_key("s.account_code")} AS sort_key, true AS is_current
        FROM ledger_stagedaccount s
        JOIN profile_fund f ON f.code = s.fund
        LEFT JOIN premises_premises p ON p.code = s.premises_code
        LEFT JOIN premises_person o ON o.code = s.payer_code
        WHERE s.batch_id = %(batch)s
    """,
)
REGISTRIES = (FUNDS, ACCOUNTS)

POSTINGS = EditionSpec(
    dataset="postings",
    label="Księgowania",
    staged_table="ledger_stagedposting",
    row_table="ledger_posting",
    edition_table="ledger_postingedition",
    part_table="ledger_account",
    part_key="code",
    staged_part="account_code",
    row_part="account_id",
    month_sql="date_trunc('month', s.posted_on::timestamp)::date",
    day_sql="s.posted_on",
    columns={
        "posted_on": "s.posted_on",
        "due_on": "s.due_on",
        "document": "coalesce(s.document, '')",
        "description": "coalesce(s.description, '')",
        "debit": "s.debit",
        "credit": "s.credit",
        "is_opening": "s.is_opening",
    },
    digest_fields=(
        text_field("s.payer_code"),
        day_field("s.posted_on"),
        day_field("s.due_on"),
        text_field("s.document"),
        text_field("s.description"),
        text_field("s.debit::text"),
        text_field("s.credit::text"),
        flag_field("s.is_opening"),
    ),
    # Turnover: an opening balance states the opening and is never part of it.
    first_sum="CASE WHEN s.is_opening THEN 0 ELSE s.debit END",
    second_sum="CASE WHEN s.is_opening THEN 0 ELSE s.credit END",
    opening_count="CASE WHEN s.is_opening THEN 1 ELSE 0 END",
    is_sliced=True,
    extra_edition_columns=("opening_count",),
    copied={
        "posted_on": "r.posted_on",
        "due_on": "r.due_on",
        "document": "r.document",
        "description": "r.description",
        "debit": "r.debit",
        "credit": "r.credit",
        "is_opening": "r.is_opening",
    },
    totals=(
        (gettext_noop("Obciążenia (Wn)"), "first_sum", "debit"),
        (gettext_noop("Uznania (Ma)"), "second_sum", "credit"),
    ),
    part_names="""
        SELECT DISTINCT ON (u.code) u.code, trim(u.code || ' ' || u.name), coalesce(f.name, u.fund) FROM (
            SELECT 1 AS place, s.account_code AS code, coalesce(s.name, '') AS name, s.fund
            FROM ledger_stagedaccount s WHERE s.batch_id = %(batch)s AND s.account_code = ANY(%(parts)s)
            UNION ALL
            SELECT 2, a.code, a.name, f.code FROM ledger_account a JOIN profile_fund f ON f.id = a.fund_id
            WHERE a.code = ANY(%(parts)s)
        ) u LEFT JOIN profile_fund f ON f.code = u.fund ORDER BY u.code, u.place
    """,
)  # fmt: skip
# A balance without an as-of date stands for the day on which it was uploaded.
BALANCE_DAY = """coalesce(s.as_of, (SELECT (b.created_at AT TIME ZONE 'Europe/Warsaw')::date
                                 FROM imports_importbatch b WHERE b.id = s.batch_id))"""
# The copy of a standing balance (an addition) keeps its day, also one that no file stated.
STATED_DAY = "CASE WHEN s.file_no = 0 AND s.sheet = 'undated' THEN NULL ELSE s.as_of END"
BALANCES = EditionSpec(
    dataset="balances",
    label="Salda",
    staged_table="ledger_stagedbalance",
    row_table="ledger_balance",
    edition_table="ledger_balanceedition",
    part_table="profile_fund",
    part_key="code",
    staged_part="fund",
    row_part="fund_id",
    month_sql=f"date_trunc('month', {BALANCE_DAY}::timestamp)::date",
    day_sql=BALANCE_DAY,
    columns={
        "as_of": BALANCE_DAY,
        "is_dated": f"{STATED_DAY} IS NOT NULL",
        "amount": "s.amount",
        "interest": "s.interest",
    },
    digest_fields=(
        text_field("s.payer_code"),
        day_field(f"({STATED_DAY})"),
        text_field("s.amount::text"),
        text_field("s.interest::text"),
    ),
    first_sum="s.amount",
    second_sum="coalesce(s.interest, 0)",
    copied={"amount": "r.amount", "interest": "r.interest", "as_of": "r.as_of"},
    copied_sheet="CASE WHEN r.is_dated THEN '' ELSE 'undated' END",
    totals=(("Salda", "first_sum", "amount"), ("Odsetki niezaksięgowane", "second_sum", "interest")),
    part_names="SELECT f.code, f.name, f.name FROM profile_fund f WHERE f.code = ANY(%(parts)s)",
)
EDITIONS = (POSTINGS, BALANCES)

CHECKS = (
    Check(
        code="duplicate_account",
        dataset="accounts",
        column="Konto",
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, s.account_code AS value, '' AS premises_code,
                   'Konto ' || s.account_code || ' występuje już w wierszu ' || s.former || '.' AS reason
            FROM (SELECT *, first_value(line_no) OVER w AS former, row_number() OVER w AS n
                  FROM ledger_stagedaccount WHERE batch_id = %(batch)s
                  WINDOW w AS (PARTITION BY account_code ORDER BY file_no, sheet, line_no)) s
            WHERE s.n > 1
        """,
    ),
    Check(
        code="account_moves_fund",
        dataset="accounts",
        column="Fundusz",
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, s.fund AS value, '' AS premises_code,
                   'Konto ' || s.account_code || ' należy do funduszu „' || f.name
                   || '” i ma już księgowania: przeniesienie zmieniłoby dawne salda.' AS reason
            FROM ledger_stagedaccount s
            JOIN ledger_account a ON a.code = s.account_code JOIN profile_fund f ON f.id = a.fund_id
            WHERE s.batch_id = %(batch)s AND f.code <> s.fund
              AND EXISTS (SELECT 1 FROM ledger_postingedition e
                          WHERE e.part_id = a.id AND e.closed_by_id IS NULL AND e.row_count > 0)
        """,
    ),
    Check(
        code="account_moves_payer",
        dataset="accounts",
        column="Kod osoby",
        # The person of an account is the payer of all its postings, whatever their dates.
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, coalesce(s.payer_code, '') AS value, '' AS premises_code,
                   'Konto ' || s.account_code || ' ma już księgowania: przypisanie go innej osobie pokazałoby jej'
                   || ' cudze rozliczenia. Załóż dla niej osobne konto.' AS reason
            FROM ledger_stagedaccount s
            JOIN ledger_account a ON a.code = s.account_code LEFT JOIN premises_person p ON p.id = a.payer_id
            WHERE s.batch_id = %(batch)s
              AND (p.code IS DISTINCT FROM s.payer_code
                   -- The code goes to another person with this very batch.
                   OR EXISTS (SELECT 1 FROM premises_stagedtitle r WHERE r.batch_id = s.batch_id
                              AND r.person_id = p.id AND r.origin = 'replaced'))
              AND EXISTS (SELECT 1 FROM ledger_postingedition e
                          WHERE e.part_id = a.id AND e.closed_by_id IS NULL AND e.row_count > 0)
        """,
    ),
    unknown_premises("accounts", "ledger_stagedaccount"),
    unknown_payer("accounts", "ledger_stagedaccount"),
    unknown_premises("postings", "ledger_stagedposting"),
    *payer_checks("postings", "ledger_stagedposting"),
    Check(
        code="unknown_account",
        dataset="postings",
        column="Konto",
        known="""
            SELECT code FROM ledger_account WHERE is_current
            UNION SELECT account_code FROM ledger_stagedaccount WHERE batch_id = %(batch)s
        """,
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, s.account_code AS value, s.premises_code,
                   'Konto ' || s.account_code || ' nie jest znane. Wgraj plik kont, który mówi, do jakiego funduszu należy.'
                   AS reason
            FROM ledger_stagedposting s
            WHERE s.batch_id = %(batch)s
              AND NOT EXISTS (SELECT 1 FROM ledger_account a WHERE a.code = s.account_code AND a.is_current)
              AND NOT EXISTS (SELECT 1 FROM ledger_stagedaccount n
                              WHERE n.batch_id = s.batch_id AND n.account_code = s.account_code)
        """,
    ),
    unknown_premises("balances", "ledger_stagedbalance"),
    *payer_checks("balances", "ledger_stagedbalance"),
    Check(
        code="duplicate_balance",
        dataset="balances",
        column="Saldo",
        sql="""
            SELECT s.file_no, s.sheet, s.line_no, replace(s.amount::text, '.', ',') AS value, s.premises_code,
                   'Saldo tego lokalu, funduszu i dnia jest już w wierszu ' || s.former
                   || '. Jeżeli lokal ma kilku płatników, dodaj kolumnę z kodem osoby.' AS reason
            FROM (SELECT *, first_value(line_no) OVER w AS former, row_number() OVER w AS n
                  FROM ledger_stagedbalance WHERE batch_id = %(batch)s
                  WINDOW w AS (PARTITION BY premises_code, payer_code, fund, as_of
                               ORDER BY file_no, sheet, line_no)) s
            WHERE s.n > 1
        """,
    ),
)
