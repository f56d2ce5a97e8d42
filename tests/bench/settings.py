"""The product's settings, with a bare view beside its own pages to compare them with."""

from saas.settings import *  # noqa: F403
from saas.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "tests.bench.bare_view"
TEMPLATES[0]["DIRS"] = [BASE_DIR / "tests" / "bench" / "templates"]
