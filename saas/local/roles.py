"""The two database roles: an owner who may change tables, and the running program, which may not.

Each association has a third one, made by the owner when its schema is (saas.tenancy.roles).

Reusable for a server of one's own: connect as its superuser (or a role with CREATEROLE and CREATEDB).
"""

from typing import Any

from psycopg import Connection, connect, sql
from psycopg.conninfo import make_conninfo

from saas.local.addresses import APP_ROLE, DATABASE, OWNER_ROLE

PRIVILEGES = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {database} TO {owner}",
    "GRANT CONNECT ON DATABASE {database} TO {app}",
    "ALTER SCHEMA public OWNER TO {owner}",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {app}",
    """ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public
       GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}""",
    """ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public
       GRANT USAGE, SELECT ON SEQUENCES TO {app}""",
)


def ensure_roles(admin: Connection[Any], *, passwords: dict[str, str] | None = None) -> None:
    """Create both LOGIN roles where they are missing, with `passwords` by role where given.

    The owner makes a role for every association (saas.tenancy.roles), which takes CREATEROLE.
    """
    for role in (OWNER_ROLE, APP_ROLE):
        if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if passwords and role in passwords:
            admin.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(passwords[role])
                )
            )
    may_create = admin.execute(
        "SELECT rolcreaterole FROM pg_roles WHERE rolname = %s", [OWNER_ROLE]
    ).fetchone()
    if may_create != (True,):
        admin.execute(sql.SQL("ALTER ROLE {} CREATEROLE").format(sql.Identifier(OWNER_ROLE)))
    is_superuser = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if is_superuser != (True,):
        # Only a member may give databases to a role and set its default privileges.
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER_ROLE)))


def ensure_database(admin: Connection[Any], *, database: str = DATABASE) -> None:
    """Create the owner's database where it is missing and grant the program what it needs.

    `admin` is in autocommit: CREATE DATABASE does not run inside a transaction.
    """
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(database), sql.Identifier(OWNER_ROLE)
            )
        )
    address = make_conninfo(admin.info.dsn, dbname=database, password=admin.info.password or None)
    with connect(address, autocommit=True) as connection:
        grant_privileges(connection)


def grant_privileges(connection: Connection[Any]) -> None:
    """Give the program rows, not tables, in the connected database: now and for tables to come.

    Schemas of associations get the same from provisioning, which creates them.
    """
    names = {
        "database": sql.Identifier(connection.info.dbname),
        "owner": sql.Identifier(OWNER_ROLE),
        "app": sql.Identifier(APP_ROLE),
    }
    for statement in PRIVILEGES:
        connection.execute(sql.SQL(statement).format(**names))
