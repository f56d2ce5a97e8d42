"""What a premises file asks of the manager: whether numbers that owners pay to were looked up with the bank."""

from typing import Any

from associations.imports.control import select_rows

# Numbers that owners see now, the premises' own or the fund's, and that the file would replace by others.
_CHANGED = """
SELECT count(*) AS changed
  FROM premises_stagedpremises s
 CROSS JOIN LATERAL (VALUES ('main', s.bank_account), ('repair', s.repair_bank_account)) AS a (fund, nrb)
  JOIN premises_premises p ON p.code = s.premises_code
  JOIN profile_fund f ON f.code = a.fund
  LEFT JOIN premises_transferaccount t ON t.premises_id = p.id AND t.fund_id = f.id AND t.is_current
 WHERE s.batch_id = %(batch)s AND a.nrb <> coalesce(t.nrb, f.bank_account) AND coalesce(t.nrb, f.bank_account) <> ''
"""


def ask_about_accounts(batch_id: int) -> dict[str, Any]:
    """`changed_accounts`: how many numbers that owners know would become others; nothing where none would."""
    changed = select_rows(_CHANGED, {"batch": batch_id})[0]["changed"]
    return {"changed_accounts": changed} if changed else {}
