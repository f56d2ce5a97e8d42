"""Fixtures of the browser walk: a site with a worker on an empty database, and one with both samples."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from associations.audit.actors import SYSTEM
from saas.staff.actions import create_staff
from saas.staff.granting import grant_access
from saas.tenancy.switching import AssociationRef
from tests.browser.every_page import addresses, asking, blocked
from tests.browser.site import CHROMIUM, CHROMIUM_ARGUMENTS, Site, serve_site
from tests.cast import PASSWORD
from tests.samples_database import Samples
from tests.worker_process import WorkerProcess, start_worker, worker

__all__ = ["addresses", "asking", "blocked", "start_worker", "worker"]

MANAGER = "anna@zarzadca.example"


@pytest.fixture
def site(
    committed_db: None, own_files: None, worker: WorkerProcess, sloneczna: AssociationRef, tmp_path: Path
) -> Iterator[Site]:
    """The product with an empty cooperative and its manager."""
    user = create_staff(actor=SYSTEM, email=MANAGER, name="Anna Zarządca", password=PASSWORD)
    grant_access(actor=SYSTEM, user=user, association=sloneczna, role="manager")
    with serve_site(tmp_path) as found:
        yield found


@pytest.fixture
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def sample_site(samples_db: Samples, tmp_path: Path) -> Iterator[Site]:
    """The product with both samples published, without a worker."""
    with serve_site(tmp_path) as found:
        yield found


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """Ask for it after the site: Django refuses the database beside Playwright's event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
