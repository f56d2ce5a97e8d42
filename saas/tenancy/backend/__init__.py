"""The database backend: django-tenants' own, made to fail closed (base.py)."""
