"""`manage.py rebalance_associations [SLUG --to NODE:PORT]`: move associations between the nodes of a Citus cluster."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError

from saas.cluster.citus import said_by
from saas.cluster.moving import (
    MOVED,
    SETTLED,
    THERE,
    AssociationMove,
    ClusterError,
    Manner,
    carry_out,
    plan_all,
    plan_one,
    settle,
    unsettled_associations,
)
from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import need_association


class Command(OperatorCommand):
    """One association after the other; goes on past one that is busy or fails, names it, and then exits with 1."""

    help = "Even the nodes of a Citus cluster out by Citus's own plan, or move one association to a node."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, where to and how."""
        parser.add_argument("slug", nargs="?", help="one association; without it what Citus plans")
        parser.add_argument("--to", metavar="NODE:PORT", help="where the one association goes")
        parser.add_argument(
            "--online", action="store_true", help="by logical replication: writes go on meanwhile"
        )
        parser.add_argument("--plan", action="store_true", help="only say what would be moved")
        parser.add_argument(
            "--wait",
            type=float,
            default=0.0,
            help="seconds to wait for a job or another operator (default: 0)",
        )
        parser.add_argument(
            "--lock-timeout", type=float, default=3.0, help="seconds to wait for a table in use (default: 3)"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Settle what was left, plan, move and print."""
        if bool(options["slug"]) != bool(options["to"]):
            raise CommandError("SLUG and --to go together.")
        if options["lock_timeout"] <= 0:
            raise CommandError("--lock-timeout must be more than 0.")
        manner = Manner(
            is_online=options["online"], wait_seconds=options["wait"], lock_seconds=options["lock_timeout"]
        )
        outcome: dict[str, str] = {}
        if not options["plan"]:
            outcome = {ref.slug: settle(ref, manner) for ref in unsettled_associations()}
        moves = self._plan(options)
        if options["plan"]:
            self._say(
                {one.association.slug: f"{one.source} → {one.target}" for one in moves}, options["json"]
            )
            return
        for one in moves:
            former = outcome.get(one.association.slug)
            state = carry_out(one, manner)
            outcome[one.association.slug] = state if former in {None, SETTLED} else f"{former}; {state}"
        self._say(outcome, options["json"])
        if any(state not in {MOVED, THERE, SETTLED} for state in outcome.values()):
            raise CommandError("Not every association is where it was to be.")

    def _plan(self, options: dict[str, Any]) -> tuple[AssociationMove, ...]:
        try:
            if options["slug"]:
                return (plan_one(need_association(options["slug"]), options["to"]),)
            return plan_all()
        except ClusterError as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            raise CommandError(f"Citus has no plan: {said_by(error)}") from error

    def _say(self, told: dict[str, str], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for slug, state in told.items():
            self.stdout.write(f"{slug}: {state}")
        if not told:
            self.stdout.write("Nothing to move: Citus finds the nodes even.")
