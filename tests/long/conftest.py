"""Fixtures of the long campaigns."""

from tests.worker_process import start_worker

__all__ = ["start_worker"]
