"""`python -m saas.local start|stop|status|forget [--instance test]`: the embedded servers by hand."""

import argparse
import sys

from saas.local.addresses import admin_database_url, database_url, owner_database_url, redis_url
from saas.local.server_user import LocalServerError
from saas.local.servers import describe_servers, forget_servers, start_servers, stop_servers


def main(arguments: list[str] | None = None) -> int:
    """Do what was asked; exit code 1 where a server cannot be used or, for status, does not run."""
    parser = argparse.ArgumentParser(prog="python -m saas.local", description=__doc__)
    parser.add_argument("command", choices=("start", "stop", "status", "forget"))
    parser.add_argument("--instance", default=None, help="demo unless KARTOTEKA_LOCAL names another")
    options = parser.parse_args(arguments)
    try:
        return run_command(options.command, options.instance)
    except (LocalServerError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1


def run_command(command: str, name: str | None) -> int:
    """One command on one instance."""
    if command == "start":
        start_servers(name)
    elif command == "stop":
        stop_servers(name)
    elif command == "forget":
        forget_servers(name)
    else:
        found = describe_servers(name)
        for server, runs in found.items():
            print(f"{server}: {'running' if runs else 'stopped'}")
        for url in (database_url(name), owner_database_url(name), admin_database_url(name), redis_url(name)):
            print(url)
        return 0 if all(found.values()) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
