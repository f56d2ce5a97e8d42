"""`manage.py watch_folders`: takes what accounting programs put into the drop folders, until it is told to end."""

import logging
import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from associations.imports.rules import ImportRuleError
from saas.management.drop_files import ChangedMeanwhileError
from saas.management.drop_folders import place_of, take_folder, watched_folders
from saas.management.drop_reports import write_reports
from saas.management.operator_command import OperatorCommand
from saas.tenancy.switching import AssociationRef

logger = logging.getLogger(__name__)
PASSING = (OSError, ChangedMeanwhileError, ImportRuleError, DatabaseError, InterfaceError)


class Command(OperatorCommand):
    """Pass by pass; trouble with one folder keeps no other waiting."""

    help = "Watch the drop folders of all associations: take files as packages, write reports beside them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How often."""
        parser.add_argument("--once", action="store_true", help="one pass, then end")
        parser.add_argument("--interval", type=float, default=5.0, help="seconds between passes (5)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Until SIGTERM or Ctrl-C; a pass that has begun is finished."""
        ended = Event()
        if not options["once"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: ended.set())
        while True:
            taken, reports = self._pass()
            if options["once"] or taken or reports:
                self.stdout.write(f"packages: {taken}, reports: {reports}")
            if options["once"] or ended.wait(options["interval"]):
                return

    def _pass(self) -> tuple[int, int]:
        """How many packages were taken and reports written."""
        close_old_connections()
        taken = reports = 0
        try:
            for association, folder in watched_folders():
                counts = self._look(association, folder)
                taken, reports = taken + counts[0], reports + counts[1]
        except PASSING as error:
            self._say(error, "the drop folders")
        return taken, reports

    def _look(self, association: AssociationRef, folder: int) -> tuple[int, int]:
        try:
            batch = take_folder(association, folder)
            return int(batch is not None), write_reports(association, folder, place_of)
        except PASSING as error:
            self._say(error, f"drop folder of {association.slug}")
            return 0, 0

    def _say(self, error: Exception, where: str) -> None:
        """The next pass tries again; texts of database errors quote rows, so only the class is written."""
        logger.warning("%s: %s", where, type(error).__name__)
        if isinstance(error, (DatabaseError, InterfaceError)):
            connection.close()
