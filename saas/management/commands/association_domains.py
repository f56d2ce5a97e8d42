"""`manage.py association_domains SLUG [add|verify|primary|remove HOST]`: hosts of an association's own."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from saas.keeping.command_line import as_json, said_plainly
from saas.keeping.domains import (
    PROOF_PATH,
    TXT_LABEL,
    OwnHost,
    claim_host,
    list_hosts,
    remove_host,
    set_primary,
    verify_host,
)
from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import OPERATOR, need_association
from saas.tenancy.naming import clean_host
from saas.tenancy.switching import AssociationRef

WHAT = ("list", "add", "verify", "primary", "remove")


class Command(OperatorCommand):
    """A host is served when it was proved to be the association's."""

    help = "List an association's hosts, add one, verify it, make it primary, remove it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, what, which."""
        parser.add_argument("slug", help="the association")
        parser.add_argument("what", nargs="?", default="list", choices=WHAT)
        parser.add_argument("host", nargs="?", help="for all but list")
        parser.add_argument(
            "--txt-stdin",
            action="store_true",
            help="verify by what the DNS said of the TXT record, for example piped from dig +short TXT",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Act and print all hosts."""
        association = need_association(options["slug"])
        with said_plainly():
            if options["what"] != "list":
                if not options["host"]:
                    raise CommandError(f"Name the host to {options['what']}.")
                self._act(association, options["what"], clean_host(options["host"]), options)
            hosts = list_hosts(association)
        if options["json"]:
            self.stdout.write(as_json({"slug": association.slug, "hosts": [asdict(host) for host in hosts]}))
        else:
            self.stdout.write("\n".join(_lines(hosts)))

    @staticmethod
    def _act(association: AssociationRef, what: str, host: str, options: dict[str, Any]) -> None:
        if what == "verify":
            records = sys.stdin.read() if options["txt_stdin"] else None
            verify_host(association, host=host, actor=OPERATOR, txt_records=records)
        else:
            acts = {"add": claim_host, "primary": set_primary, "remove": remove_host}
            acts[what](association, host=host, actor=OPERATOR)


def _lines(hosts: Sequence[OwnHost]) -> list[str]:
    lines = []
    for host in hosts:
        if host.is_verified:
            lines.append(f"{host.host}: served{', primary' if host.is_primary else ''}")
            continue
        lines += [
            f"{host.host}: waits for its proof; one of these, then `association_domains … verify {host.host}`:",
            (
                "  its DNS leads to this platform, or its present site answers"
                f" http://{host.host}{PROOF_PATH}{host.token} with {host.proof}"
            ),
            f"  a TXT record {TXT_LABEL}.{host.host} with {host.proof} (verify with --txt-stdin)",
        ]
    return lines
