"""The platform: settings, doors, tenancy, staff, jobs, operator commands."""

from saas.celery import app as celery_app

__all__ = ["celery_app"]
