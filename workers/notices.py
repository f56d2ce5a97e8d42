"""Notices of charges in bulk (zawiadomienia o opłatach): a month's papers of many premises in one file.

Premises are read and composed by chunks; while a press in a process of its own sets one chunk, the next is read. Whatever
the number of premises, memory holds two chunks. The file is given its name in the transaction that ends the job: a worker
that dies leaves nothing that anybody could take for the whole, and the next one begins anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import translation
from django.utils.timezone import localdate

from associations.charges.models import NoticeRun
from associations.charges.notice_actions import finish_notices
from associations.charges.notice_files import keep_file, new_file
from associations.charges.notices import notices_of, premises_of_run
from associations.periods import Month
from associations.premises.queries import transfer_accounts
from associations.profile.models import AssociationProfile
from associations.profile.queries import current_logo, current_profile
from billing_views.printouts.bulk_notice import compose_letter
from billing_views.printouts.letterhead import make_letterhead
from billing_views.printouts.paper import Letterhead, Paper
from billing_views.printouts.press import Press
from saas.tenancy.snapshots import read_snapshot
from workers.jobs import JobContext

CHUNK = 200
"""Premises in one PDF: the press takes about 2 MB for each."""
PHASE = "printing"


@dataclass(slots=True)
class _Chunk:
    """One PDF to be: its papers, and which premises they are of."""

    papers: list[Paper]
    first: str
    last: str


@dataclass(slots=True)
class _Made:
    """What stands in the file so far."""

    parts: list[dict[str, str | int]] = field(default_factory=list)
    notices: int = 0


def print_notices(context: JobContext) -> None:
    """The job PRINT_NOTICES; its option `run_id` names the run."""
    run_id = int(context.options["run_id"])
    run = NoticeRun.objects.get(pk=run_id)
    premises = premises_of_run(run)
    path = new_file(context.association.schema_name, run_id)
    try:
        made = _write_file(context, path, run, premises)
        with context.finishing():
            finish_notices(
                run_id=run_id,
                file_name=keep_file(path) if made.parts else "",
                parts=made.parts,
                total=len(premises),
                notice_count=made.notices,
            )
    finally:
        path.unlink(missing_ok=True)


def _write_file(context: JobContext, path: Path, run: NoticeRun, premises: Sequence[int]) -> _Made:
    profile = current_profile()
    with translation.override("pl"):
        head = make_letterhead(profile, current_logo(), localdate())
    made, pressing = _Made(), None
    context.report(PHASE, 0, len(premises))
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        try:
            for done, chunk in _chunks(profile, Month.of(run.month), premises):
                if pressing:
                    _add(archive, made, *pressing)
                    pressing = None
                if chunk:
                    pressing = (_start_press(head, chunk, path, len(made.parts)), chunk)
                context.report(PHASE, done, len(premises))
            if pressing:
                _add(archive, made, *pressing)
        finally:
            if pressing:
                pressing[0].stop()
    return made


def _start_press(head: Letterhead, chunk: _Chunk, path: Path, number: int) -> Press:
    title = f"{chunk.papers[0].title}, lokale {chunk.first} – {chunk.last}"
    # Beside the file and under its name: what a dead worker leaves is found and deleted with it.
    return Press(head, chunk.papers, title, path.with_name(f"{path.stem}-{number}"))


def _add(archive: ZipFile, made: _Made, press: Press, chunk: _Chunk) -> None:
    """Put a finished PDF into the file."""
    try:
        number = len(made.parts) + 1
        archive.write(press.finish(), f"zawiadomienia-{number:03}.pdf")
        made.parts.append({"first": chunk.first, "last": chunk.last, "count": len(chunk.papers)})
        made.notices += len(chunk.papers)
    finally:
        press.stop()


def _chunks(
    profile: AssociationProfile, month: Month, premises: Sequence[int]
) -> Iterator[tuple[int, _Chunk | None]]:
    """How many premises were looked at, with the papers of the last of them; None where they have none."""
    for start in range(0, len(premises), CHUNK):
        ids = premises[start : start + CHUNK]
        with read_snapshot():
            notices = notices_of(ids, month)
            accounts = transfer_accounts(ids)
        with translation.override("pl"):
            papers = [
                compose_letter(profile, month, one, accounts.get(one.holding.premises.pk, ()))
                for one in notices
            ]
        codes = [one.holding.premises.code for one in notices]
        yield start + len(ids), _Chunk(papers, codes[0], codes[-1]) if papers else None
