"""Imports through the real path, as in tests/workers/importing."""

from tests.workers.importing.conftest import _own_files, lipowa_imports, sloneczna_imports

__all__ = ["_own_files", "lipowa_imports", "sloneczna_imports"]
