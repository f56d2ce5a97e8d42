"""`manage.py migrate_associations [SLUG …]`: bring associations' tables to the program's state, as the owner role."""

import json
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from saas.management.operator_command import OperatorCommand
from saas.management.progress import ProgressBar
from saas.staff.command_line import need_association
from saas.tenancy.listing import all_refs
from saas.tenancy.migrating import (
    BEHIND,
    FAILED,
    MIGRATED,
    NO_ROLE,
    OK,
    ROLE_MADE,
    MigrationPlan,
    give_role,
    plan_migrations,
)
from saas.tenancy.migrating_in_parallel import migrate_groups
from saas.tenancy.provisioning import OWNER
from saas.tenancy.roles import without_role


class Command(OperatorCommand):
    """Each association in its own transaction; goes on past a failure, names it, and then exits with 1.

    Where associations have roles of their own (KARTOTEKA_ROLES), missing ones are made.
    """

    help = "Bring the tables of all associations, or of those named, to the program's state."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, how, and how to say it."""
        parser.add_argument("slugs", nargs="*", help="the associations; all of them where none is named")
        parser.add_argument(
            "--check", action="store_true", help="only say which are behind; exit 1 if any is"
        )
        parser.add_argument(
            "--plan", action="store_true", help="only print what would be done, with the SQL; exit 0"
        )
        parser.add_argument(
            "--jobs", type=int, default=min(os.cpu_count() or 1, 8), help="processes (default: %(default)s)"
        )
        parser.add_argument(
            "--lock-timeout",
            type=float,
            default=3.0,
            help="seconds to wait for a table that is in use, three times (default: %(default)s)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan, migrate and print."""
        if options["jobs"] < 1 or options["lock_timeout"] <= 0:
            raise CommandError("--jobs must be at least 1 and --lock-timeout more than 0.")
        refs = [need_association(slug) for slug in options["slugs"]] or all_refs()
        plan = plan_migrations(refs)
        if options["plan"]:
            self._explain(plan)
            return
        schemas_without = without_role([ref.schema_name for ref in refs], using=OWNER)
        lacking = [ref for ref in refs if ref.schema_name in schemas_without]
        outcome = {ref.slug: OK for ref in plan.current}
        outcome |= {ref.slug: f"{FAILED}: no recorded migrations" for ref in plan.silent}
        if options["check"]:
            outcome |= {ref.slug: BEHIND for group in plan.groups for ref in group.refs}
        else:
            outcome |= self._migrate(plan, options)
        for ref in lacking:
            # Roles were off until now, or the database came from another server.
            if outcome[ref.slug] in {OK, MIGRATED}:
                made = NO_ROLE if options["check"] else give_role(ref, lock_seconds=options["lock_timeout"])
                is_told = made == ROLE_MADE and outcome[ref.slug] == MIGRATED
                outcome[ref.slug] = MIGRATED if is_told else made
        self._report(outcome, [ref.slug for ref in refs], as_json=options["json"])
        if any(state not in {OK, MIGRATED, ROLE_MADE} for state in outcome.values()):
            raise CommandError("Not every association is at the program's state.")

    def _migrate(self, plan: MigrationPlan, options: dict[str, Any]) -> dict[str, str]:
        bar = ProgressBar(self.stderr, sum(len(group.refs) for group in plan.groups))
        outcome: dict[str, str] = {}
        for ref, state in migrate_groups(
            plan.groups, jobs=options["jobs"], lock_seconds=options["lock_timeout"]
        ):
            outcome[ref.slug] = state
            bar.step(f"failed: {sum(one.startswith(FAILED) for one in outcome.values())}")
        bar.end()
        return outcome

    def _report(self, outcome: dict[str, str], slugs: list[str], *, as_json: bool) -> None:
        ordered = {slug: outcome[slug] for slug in slugs}
        if as_json:
            self.stdout.write(json.dumps(ordered))
        else:
            self.stdout.writelines(f"{slug}: {state}" for slug, state in ordered.items())

    def _explain(self, plan: MigrationPlan) -> None:
        for group in plan.groups:
            how = f"by Django's path: {group.pending.reason}" if group.pending.reason else "by this SQL"
            self.stdout.write(f"-- {len(group.refs)} associations, {how}")
            self.stdout.write(
                "-- " + ", ".join(ref.slug for ref in group.refs[:10]) + (" …" if group.refs[10:] else "")
            )
            for app, name in group.pending.migrations:
                self.stdout.write(f"-- {app}.{name}")
            for statement in group.pending.statements:
                self.stdout.write(f"{statement};")
        for ref in plan.silent:
            self.stdout.write(f"-- {ref.slug}: no recorded migrations")
        self.stdout.write(f"-- {len(plan.current)} associations are at the program's state")
