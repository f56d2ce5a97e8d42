"""`manage.py platform_status [--json]`: how the platform is, for operators and their programs."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from saas.management.operator_command import OperatorCommand
from saas.observing.associations import OWNER
from saas.observing.status import PlatformStatus, read_platform_status
from saas.observing.surveys import renew_survey

GIB = 1024**3


class Command(OperatorCommand):
    """Asks directly; the exit code is 0 whatever it finds. The same stands on the operators' page.

    Reads only, but for --keep: what beat has workers do every few minutes, for a server without beat.
    """

    help = "Say how the platform is: associations, queue, failures, tables behind, connections, disk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The form of the answer."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--keep", action="store_true", help="ask for the operators' page, too, where no beat runs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and print."""
        if options["keep"]:
            renew_survey()
        status = read_platform_status(using=OWNER)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(status), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
            return
        for name, told in describe(status):
            self.stdout.write(f"{name:14} {told}")


def describe(status: PlatformStatus) -> Iterator[tuple[str, str]]:
    """Name and sentence of each line."""
    for part in status.parts:
        yield part.name, "ok" if part.is_ok else "failed"
    yield "associations", ", ".join([str(status.count), *(f"{n} {s}" for s, n in status.states.items())])
    yield "premises", ", ".join(f"{size}+: {count}" for size, count in status.sizes.items())
    kept = f"{status.kept_at:%Y-%m-%d %H:%M}" if status.kept_at else "never"
    yield "last asked", f"{kept}, late" if status.is_late else kept
    yield "behind", ", ".join(status.behind) or "none"
    for queue in status.figures.queues:
        yield "waiting", f"{queue.kind} ({queue.size_class}): {queue.length}, {queue.oldest_seconds:.0f} s"
    held = status.figures
    yield "leases", f"{held.running} running, {held.expired} expired, longest {held.longest_seconds:.0f} s"
    yield "failures", f"{status.failure_count} in seven days"
    for failure in status.failures:
        yield "", f"{failure.at:%Y-%m-%d %H:%M} {failure.slug} {failure.kind} {failure.code}"
    for name, count in status.figures.connections.items():
        yield "connections", f"{name}: {count} of {status.figures.max_connections}"
    for last in status.backups.longest_ago:
        yield "last backup", f"{last.slug}: {last.at:%Y-%m-%d %H:%M}"
    yield "no backup", ", ".join(status.backups.never) or "none"
    yield "disk", f"{status.disk.free / GIB:.1f} of {status.disk.total / GIB:.1f} GiB free"
    for one in status.largest:
        yield "largest", f"{one.slug}: {one.stored_bytes / GIB:.2f} GiB"
