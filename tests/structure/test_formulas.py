"""No exported CSV begins a formula: rows are written in one place, and the few others are named here with a reason."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("associations", "billing_views", "saas", "workers")
WRITERS = {
    "associations/spreadsheets.py": "guards every cell",
    "workers/annotated/csv_copy.py": "guards the cells of the copy, numbers apart",
    "workers/pesel_columns.py": "keeps an upload as it came, for the portal alone",
}


def uses_csv_writer(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(
        (
            isinstance(node, ast.Attribute)
            and node.attr in {"writer", "DictWriter"}
            and ast.unparse(node.value) == "csv"
        )
        or (isinstance(node, ast.ImportFrom) and node.module == "csv")
        for node in ast.walk(tree)
    )


def test_csv_is_written_in_the_named_places_only() -> None:
    found = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if uses_csv_writer(path)
    }

    assert found == set(WRITERS)
