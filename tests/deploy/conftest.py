"""Fixtures of the services."""

from tests.deploy.running import start

__all__ = ["start"]
