"""The release before this one, out of the repository's history: its files in a folder, its processes beside ours.

Which one: the newest tag `v…` before the present commit; as long as there is none, the commit before the newest
migration of associations' tables was added. Its code runs in this checkout's environment.
"""

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings

from saas.local.visitor import Visitor
from tests.worker_process import CHECKOUT, program_environment

PARTS = ("saas", "associations", "billing_views", "workers", "manage.py", "pyproject.toml")
# The embedded servers of this checkout lie at addresses that another folder would not find.
SETTINGS = """
import os
from saas.settings import *
REDIS_URL = CACHES["default"]["LOCATION"] = os.environ["PREVIOUS_REDIS"]
CELERY_BROKER_URL = os.environ["PREVIOUS_BROKER"]
"""


def previous_revision() -> tuple[str, str]:
    """The commit, and by what it was chosen; an empty commit and the reason where there is none to be had."""
    if not (CHECKOUT / ".git").exists() or _git("rev-parse", "--git-dir") is None:
        return "", "git reads no history of this copy of the program"
    revision, why = _newest_tag() or _before_newest_migration()
    gone = packages_of(revision) - packages_of("HEAD") if revision else None
    if gone:
        return "", f"{why} needs {', '.join(sorted(gone))}, which this release has given up"
    return revision, why


def packages_of(revision: str) -> set[str]:
    """What the release asks to be installed, without versions."""
    text = _git("show", f"{revision}:requirements.in") or ""
    return {name.lower() for name in re.findall(r"^[A-Za-z0-9_.-]+", text, re.MULTILINE)}


def _newest_tag() -> tuple[str, str] | None:
    tag = _git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", "HEAD^")
    return (tag, f"the tag {tag}") if tag else None


def _before_newest_migration() -> tuple[str, str]:
    added = _git("log", "-1", "--format=%H", "--diff-filter=A", "--", "associations/*/migrations/*.py")
    before = _git("rev-parse", "--verify", "--quiet", f"{added}^") if added else None
    if before is None:
        return "", "the history ends before the newest migration of associations' tables (a shallow clone)"
    return before, "the commit before the newest migration of associations' tables"


def unpack(revision: str, folder: Path) -> None:
    """The program's files as of the revision, and settings that find this checkout's servers."""
    with tempfile.TemporaryFile() as packed:
        subprocess.run(["git", "archive", revision, *PARTS], cwd=CHECKOUT, stdout=packed, check=True)
        packed.seek(0)
        with tarfile.open(fileobj=packed) as archive:
            archive.extractall(folder, filter="data")
    (folder / "previous_settings.py").write_text(SETTINGS, encoding="utf-8")


def environment_of(folder: Path) -> dict[str, str]:
    """What the previous release's processes get: the test's database and servers."""
    return program_environment(
        DJANGO_SETTINGS_MODULE="previous_settings" if folder != CHECKOUT else "saas.settings",
        PYTHONPATH=str(folder),
        PREVIOUS_REDIS=str(django_settings.REDIS_URL),
        PREVIOUS_BROKER=str(django_settings.CELERY_BROKER_URL),
        KARTOTEKA_HTTPS="0",
    )


def manage(folder: Path, *words: str) -> str:
    """What `manage.py` of the release in the folder prints; fails with what it complains of."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=folder, env=environment_of(folder), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def issue_login(folder: Path, slug: str, person: str) -> tuple[str, str]:
    """A login and its starter password."""
    said: dict[str, Any] = json.loads(manage(folder, "issue_starter_password", slug, person, "--json"))
    return said["login"], said["password"]


def sign_in(host: str, port: int, login: str, password: str) -> Visitor:
    """An owner behind the door."""
    visitor = Visitor(host, port)
    visitor.open("/logowanie/")
    visitor.submit({"login": login, "password": password})
    return visitor


def _git(*words: str) -> str | None:
    """What git says; None where it refuses or is not there."""
    try:
        done = subprocess.run(["git", *words], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
