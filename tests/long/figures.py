"""Everything that an import brought into an association, as text without keys: equal imports read equal."""

import hashlib
import json
from typing import Any

from associations.audit.models import AuditEntry
from associations.catalogue import CATALOGUE
from associations.control import control_association
from associations.imports.control import select_rows
from associations.imports.models import ImportBatch, Problem, Publication, RegistryChange, StagedGroup
from saas.tenancy.switching import AssociationRef, enter_association

KEYS = ["id", "premises_id", "batch_id", "payer_id", "part_id", "account_id", "fund_id", "medium_id", "meter_id",
        "opened_by_id", "closed_by_id", "person_id", "holding_id", "property_id", "building_id"]  # fmt: skip
REGISTRIES = {
    "premises": "SELECT to_jsonb(r) - %(keys)s::text[] AS row FROM premises_premises r",
    "people": "SELECT to_jsonb(r) - %(keys)s::text[] AS row FROM premises_person r",
    "titles": """SELECT p.code, o.code AS person, to_jsonb(r) - %(keys)s::text[] AS row FROM premises_title r
                 JOIN premises_premises p ON p.id = r.premises_id JOIN premises_person o ON o.id = r.person_id""",
    "holdings": """SELECT p.code, o.code AS person, to_jsonb(r) - %(keys)s::text[] AS row FROM premises_holding r
                   JOIN premises_premises p ON p.id = r.premises_id
                   JOIN premises_holdingmember m ON m.holding_id = r.id
                   JOIN premises_person o ON o.id = m.person_id""",
    "accounts": "SELECT to_jsonb(r) - %(keys)s::text[] AS row FROM ledger_account r",
    "funds": "SELECT to_jsonb(r) - %(keys)s::text[] AS row FROM profile_fund r",
    "meters": """SELECT p.code, to_jsonb(r) - %(keys)s::text[] AS row FROM meters_meter r
                 JOIN premises_premises p ON p.id = r.premises_id""",
}


def figures_of(association: AssociationRef) -> dict[str, Any]:
    """Registries, all published rows with their editions, publications, audit and batches; long parts as digests."""
    with enter_association(association):
        control = control_association()
        found: dict[str, Any] = {"rows": control.rows, "sums": control.sums, "broken": control.disagreements}
        for name, statement in REGISTRIES.items():
            found[name] = digest(select_rows(statement, {"keys": KEYS}))
        for spec in CATALOGUE.editions:
            found[f"{spec.dataset} rows"] = digest(select_rows(_rows_sql(spec), {"keys": KEYS}))
            found[f"{spec.dataset} editions"] = digest(select_rows(_editions_sql(spec), {"keys": KEYS}))
        found["publications"] = list(Publication.objects.order_by("id").values_list("kind", "left_out"))
        found["changes"] = RegistryChange.objects.count()
        acts = AuditEntry.objects.filter(action__startswith="import.").order_by("id")
        found["acts"] = list(acts.values_list("action", "details"))
        # The digest of the staging covers its row ids, and those go up with every reading.
        found["batches"] = [
            (batch.state, batch.summary, {name: rows for name, (rows, _) in batch.staged["datasets"].items()},
             batch.error_count, batch.warning_count, batch.failure)
            for batch in ImportBatch.objects.order_by("id")
        ]  # fmt: skip
        found["problems"] = Problem.objects.count()
        found["groups"] = StagedGroup.objects.count()
    return found


def _rows_sql(spec: Any) -> str:
    return f"""SELECT p.code, t.{spec.part_key} AS part, to_jsonb(r) - %(keys)s::text[] AS row FROM {spec.row_table} r
               JOIN premises_premises p ON p.id = r.premises_id
               JOIN {spec.part_table} t ON t.id = r.{spec.row_part}"""


def _editions_sql(spec: Any) -> str:
    return f"""SELECT p.code, t.{spec.part_key} AS part, e.closed_by_id IS NULL AS is_open,
                      to_jsonb(e) - %(keys)s::text[] AS row FROM {spec.edition_table} e
               JOIN premises_premises p ON p.id = e.premises_id JOIN {spec.part_table} t ON t.id = e.part_id"""


def digest(rows: list[dict[str, Any]]) -> str:
    """Number of rows and SHA-256 over them in content order."""
    lines = sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)
    return f"{len(lines)} {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:16]}"
