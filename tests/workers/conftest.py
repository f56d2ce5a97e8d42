"""Fixtures of the work behind."""

from tests.worker_process import start_worker, worker

__all__ = ["start_worker", "worker"]
