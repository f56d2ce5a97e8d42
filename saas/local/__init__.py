"""The embedded PostgreSQL and Valkey behind `make demo` and `make test`, and the demo's supervisor.

Nothing here runs in production: there DATABASE_URL and REDIS_URL name the servers.
"""
