"""`manage.py cluster_status [--json]`: how the Citus cluster is, and what must be set right."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError

from saas.cluster.citus import COORDINATOR_GROUP, Node, said_by
from saas.cluster.status import ClusterStatus, Setting, read_cluster_status
from saas.management.operator_command import OperatorCommand

MIB = 1024**2


class Command(OperatorCommand):
    """Reads only. Exits with 1 without Citus or with something to set right; with --json with 0: the object says it."""

    help = "Say how the Citus cluster is: nodes, settings, where associations lie, moves under way."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The form of the answer."""
        parser.add_argument(
            "--json", action="store_true", help='print one JSON object; {"citus": null} without Citus'
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and print."""
        try:
            status = read_cluster_status()
        except DatabaseError as error:
            raise CommandError(f"The cluster does not answer: {said_by(error)}") from error
        if options["json"]:
            answer = {"citus": asdict(status) if status else None, "is_wanted": settings.CITUS}
            self.stdout.write(json.dumps(answer, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
            return
        if status is None:
            wanted = " KARTOTEKA_CITUS is set all the same." if settings.CITUS else ""
            raise CommandError(f"This database has no Citus: every association lies on this server.{wanted}")
        for name, told in describe(status):
            self.stdout.write(f"{name:14} {told}")
        if status.problems:
            raise CommandError(f"To be set right: {'; '.join(status.problems)}.")


def describe(status: ClusterStatus) -> Iterator[tuple[str, str]]:
    """Name and sentence of each line."""
    yield "citus", status.version
    sizes: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for one in status.placements:
        counts[one.node or "nowhere yet"] += 1
        sizes[one.node or "nowhere yet"] += one.size
    for node in status.nodes:
        held = f"{counts[node.address]} schemas, {sizes[node.address] / MIB:.1f} MiB"
        yield "node", f"{node.address} {_words(node)}: {held}"
    for setting in status.settings:
        yield "setting", f"{setting.node} {setting.name}: {_said(setting)}"
    yield "associations", f"{status.associations}, {len(status.undistributed)} of them not distributed"
    yield (
        "shared tables",
        f"{status.shared_tables}, {len(status.spread_shared_tables)} of them not on the coordinator",
    )
    yield "unsettled", ", ".join(status.unsettled) or "none"
    if status.rebalance:
        yield (
            "rebalance",
            f"job {status.rebalance.job_id}: {status.rebalance.state}, {status.rebalance.description}",
        )
    for move in status.moves:
        yield "moving", f"{move.schema} from {move.source} to {move.target}"
    for one in status.placements:
        yield "schema", f"{one.schema} on {one.node or 'no node yet'}, {one.size / MIB:.1f} MiB"


def _words(node: Node) -> str:
    words = ["coordinator" if node.group == COORDINATOR_GROUP else "worker", node.role]
    words += [] if node.is_active else ["not active"]
    words += [] if node.takes_schemas else ["takes no schemas"]
    return ", ".join(words)


def _said(setting: Setting) -> str:
    if setting.is_right is None:
        return "not shown to this role (it needs pg_read_all_settings), or the node does not answer"
    return f"{setting.value}, {'as required' if setting.is_right else f'must be {setting.wanted}'}"
