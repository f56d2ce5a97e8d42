"""docs/requirements.md and docs/accessibility.md name tests that exist, and say for every requirement which."""

import ast
import re

import pytest

from saas.local.addresses import CHECKOUT

NAMED = re.compile(r"(?P<path>tests/[\w/]+\.py)?::(?P<name>test_\w+)")
DOCUMENTS = ("docs/requirements.md", "docs/accessibility.md")


def list_tests(path: str) -> set[str]:
    tree = ast.parse((CHECKOUT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def named_tests(text: str) -> list[tuple[str, str]]:
    """Path and name of every test that the text names; `::name` alone is in the file named before it."""
    found, path = [], ""
    for one in NAMED.finditer(text):
        path = one["path"] or path
        found.append((path, one["name"]))
    return found


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_is_named_exists(document: str) -> None:
    named = named_tests((CHECKOUT / document).read_text(encoding="utf-8"))
    known = {path: list_tests(path) if (CHECKOUT / path).exists() else set() for path, _ in named}

    missing = [f"{path}::{name}" for path, name in named if name not in known[path]]

    assert missing == []
    assert len(named) > 5


def test_every_requirement_says_what_shows_it() -> None:
    rows = [
        line
        for line in (CHECKOUT / "docs/requirements.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| what ")
    ]

    assert [row for row in rows if "::test_" not in row.split(" | ")[-1]] == []
    assert len(rows) > 25
