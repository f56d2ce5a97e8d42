#!/bin/sh
# The two database roles and the database, at the first start of the server. What each may: docs/operations.md, Servers.
# tests/deploy/test_roles.py runs it and compares what comes out with the embedded servers of tests and demo.
set -eu
: "${KARTOTEKA_DATABASE:=kartoteka}" "${KARTOTEKA_OWNER_ROLE:=kartoteka_owner}" "${KARTOTEKA_APP_ROLE:=kartoteka_app}"
: "${KARTOTEKA_SECRETS:=/run/secrets}"
psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  -v database="$KARTOTEKA_DATABASE" -v owner="$KARTOTEKA_OWNER_ROLE" -v app="$KARTOTEKA_APP_ROLE" \
  -v owner_password="$(cat "$KARTOTEKA_SECRETS/owner_password")" \
  -v app_password="$(cat "$KARTOTEKA_SECRETS/app_password")" <<'SQL'
CREATE ROLE :"owner" LOGIN CREATEROLE PASSWORD :'owner_password';
CREATE ROLE :"app" LOGIN PASSWORD :'app_password';
CREATE DATABASE :"database" OWNER :"owner" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
\connect :"database"
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE :"database" TO :"owner";
GRANT CONNECT ON DATABASE :"database" TO :"app";
ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO :"app";
SQL
