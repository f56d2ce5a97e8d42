"""Points a test run at the embedded test servers before Django reads its settings."""

import os

os.environ.setdefault("KARTOTEKA_LOCAL", "test")
