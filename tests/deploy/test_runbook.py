"""The runbook names commands and files that exist."""

import re

import pytest
from django.core.management import get_commands

from saas.local.addresses import CHECKOUT
from tests.deploy.composed import DEPLOY, own_services

PAGES = ("RUNBOOK.md", "README.md")
SECTIONS = (
    "First install",
    "Upgrade without a pause",
    "Backup drill",
    "Restore drill",
    "Adding a Citus node",
    "Losing Valkey",
    "Losing a worker",
    "A full disk",
    "What of this page was tried",
)


def test_every_command_that_is_named_exists() -> None:
    text = (DEPLOY / "RUNBOOK.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`kartoteka ([a-z_]+)", text)) | set(re.findall(r"`(migrate_[a-z]+)", text))
    named |= set(re.findall(r"^ *\$ kartoteka ([a-z_]+)", text, re.MULTILINE))

    assert named <= set(get_commands())
    assert len(named) > 8


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_service_that_is_named_exists(page: str) -> None:
    text = (DEPLOY / page).read_text(encoding="utf-8")
    brought = {
        "deploy/env",
        "deploy/secrets",
        "deploy/secrets/pgbouncer_users",
        "deploy/certificates/wildcard.pem",
    }
    files = set(re.findall(r"\b(deploy/[\w./-]*[\w])", text)) - brought

    assert [name for name in files if not (CHECKOUT / name).exists()] == []
    for service in re.findall(r"\b(web-[a-z]|worker-[a-z]+)\b", text):
        assert service in own_services()


def test_the_runbook_covers_what_can_happen() -> None:
    text = (DEPLOY / "RUNBOOK.md").read_text(encoding="utf-8")

    assert [section for section in SECTIONS if f"\n## {section}" not in text] == []
