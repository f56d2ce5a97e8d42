"""`manage.py import_files SLUG FOLDER_OR_FILE…`: the way of an upload, from the command line.

Exit codes: 0 came through; 1 refused, errors in the files, or not published; 3 no worker; 130 broken off.
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from associations.imports.actions import create_batch, request_publication
from associations.imports.models import BatchSource, BatchState, ImportBatch, Problem
from associations.imports.rules import ImportRuleError
from associations.profile.queries import current_profile
from saas.jobs.models import Job, JobKind
from saas.jobs.sizing import enqueue_batch_job
from saas.management.operator_command import OperatorCommand
from saas.management.packages import LocalFile, find_packages, split_package
from saas.management.waiting import wait_for_job
from saas.staff.command_line import OPERATOR, need_association
from saas.tenancy.switching import AssociationRef, enter_association

SHOWN_PROBLEMS = 100
GOOD_STATES = {BatchState.READY, BatchState.PUBLISHED, BatchState.UNCHANGED}


class Command(OperatorCommand):
    """Uploads, waits for the worker, prints what happened; exit code 1 where a package did not come through."""

    help = (
        "Import files: each folder is one package, files named singly are one together. "
        "Their order is found by the program. Ctrl-C cancels."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, and how far."""
        parser.add_argument("slug", help="the association")
        parser.add_argument("paths", nargs="+", metavar="FOLDER_OR_FILE", help="what to import")
        parser.add_argument("--publish", action="store_true", help="publish each package without problems")
        parser.add_argument(
            "--accept-renames",
            action="store_true",
            help="changed names under known person codes are corrections, not other people",
        )
        parser.add_argument(
            "--confirm-vanishing",
            action="store_true",
            help="the files hold all of their period: what they lack may vanish",
        )
        parser.add_argument(
            "--confirm-accounts",
            action="store_true",
            help="changed bank accounts of premises were looked up with the bank",
        )
        parser.add_argument(
            "--addition", action="store_true", help="rows are added to what stands, nothing vanishes"
        )
        parser.add_argument(
            "--add-again",
            action="store_true",
            help="with --addition: files that were added before are meant to be added once more",
        )
        parser.add_argument("--no-worker-after", type=float, default=30, help="seconds (30)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Package by package; the first that fails ends it."""
        association = need_association(options["slug"])
        if options["add_again"] and not options["addition"]:
            raise CommandError("--add-again says something of an addition: add --addition.")
        packages = _divide(find_packages(options["paths"]), is_published=options["publish"])
        with enter_association(association):
            if not current_profile().is_active:
                raise CommandError(f"{association.slug} is suspended; its jobs would wait.")
        reports: list[dict[str, Any]] = []
        for files in packages:
            batch = self._import(association, files, options)
            reports.append(describe(association, batch))
            if batch.state not in GOOD_STATES or (options["publish"] and batch.state == BatchState.READY):
                break
        self._print(association, reports, is_json=options["json"])
        last = reports[-1]
        is_left = options["publish"] and last["state"] == BatchState.READY
        if last["state"] not in GOOD_STATES or is_left:
            raise CommandError(f"Batch {last['batch']}: {last['failure'] or last['state_label']}.")

    def _import(
        self, association: AssociationRef, files: list[LocalFile], options: dict[str, Any]
    ) -> ImportBatch:
        job = upload(association, files, is_addition=options["addition"], adds_again=options["add_again"])
        batch = self._wait(association, job, options)
        if options["publish"] and batch.state == BatchState.READY:
            job = publish(
                association,
                batch,
                accepts_renames=options["accept_renames"],
                confirms_vanishing=options["confirm_vanishing"],
                confirms_accounts=options["confirm_accounts"],
            )
            batch = self._wait(association, job, options)
        return batch

    def _wait(self, association: AssociationRef, job: Job, options: dict[str, Any]) -> ImportBatch:
        return wait_for_job(job, association, no_worker_seconds=options["no_worker_after"])

    def _print(self, association: AssociationRef, reports: list[dict[str, Any]], *, is_json: bool) -> None:
        if is_json:
            said = {"slug": association.slug, "state": reports[-1]["state"], "packages": reports}
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
            return
        for report in reports:
            self.stdout.write(f"batch {report['batch']}: {report['state_label']}")
            for dataset in report["datasets"]:
                self.stdout.write(
                    "  {label}: rows {rows}, new {new}, changed {changed}, same {same}, gone {gone}".format(
                        **dataset
                    )
                )
            for problem in report["problems"]:
                place = " ".join(str(problem[name]) for name in ("file", "row", "column") if problem[name])
                self.stdout.write("  {severity}: {place}: {reason}".format(place=place, **problem))


def _divide(packages: list[list[LocalFile]], *, is_published: bool) -> list[list[LocalFile]]:
    """Folders beyond the limits of a package as several; raises CommandError where those could not follow."""
    divided = [split_package(files) for files in packages]
    if not is_published and any(len(parts) > 1 for parts in divided):
        raise CommandError(
            "The files are more than one package (100 files, 100 MB). Each part must be published before the "
            "next is checked: add --publish, or import them in parts."
        )
    return [files for parts in divided for files in parts]


def upload(
    association: AssociationRef,
    files: list[LocalFile],
    *,
    is_addition: bool = False,
    adds_again: bool = False,
) -> Job:
    """Keep the files as a batch and ask a worker to read it; raises CommandError where it is refused."""
    try:
        with enter_association(association), transaction.atomic():
            batch = create_batch(
                actor=OPERATOR,
                files=files,
                declarations={"is_addition": is_addition, "adds_again": adds_again},
                source=BatchSource.COMMAND,
            )
            return enqueue_batch_job(association=association, kind=JobKind.READ_BATCH, batch=batch)
    except ImportRuleError as refusal:
        raise CommandError(refusal.message) from None


def publish(
    association: AssociationRef,
    batch: ImportBatch,
    *,
    accepts_renames: bool,
    confirms_vanishing: bool = False,
    confirms_accounts: bool = False,
) -> Job:
    """Ask a worker to publish the batch as read; raises CommandError where it is refused."""
    try:
        with enter_association(association), transaction.atomic():
            request_publication(
                actor=OPERATOR,
                batch=batch,
                accepts_renames=accepts_renames,
                confirms_vanishing=confirms_vanishing,
                confirms_accounts=confirms_accounts,
            )
            return enqueue_batch_job(association=association, kind=JobKind.PUBLISH_BATCH, batch=batch)
    except ImportRuleError as refusal:
        raise CommandError(f"Batch {batch.pk}: {refusal.message}") from None


def describe(association: AssociationRef, batch: ImportBatch) -> dict[str, Any]:
    """What happened to the batch, for people and programs; the first problems, and how many there are."""
    with enter_association(association):
        problems = Problem.objects.filter(batch=batch).order_by(
            "severity", "file_number", "sheet", "row", "id"
        )
        shown = [_problem(problem) for problem in problems[:SHOWN_PROBLEMS]]
        files = list(batch.files.order_by("number").values_list("name", flat=True))
    return {
        "batch": batch.pk,
        "state": batch.state,
        "state_label": BatchState(batch.state).label,
        "failure": batch.failure,
        "files": files,
        "datasets": batch.summary.get("datasets", []),
        "errors": batch.error_count,
        "warnings": batch.warning_count,
        "problems": shown,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "severity": problem.severity,
        "code": problem.code,
        "file": problem.file_name,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "reason": problem.reason,
    }
