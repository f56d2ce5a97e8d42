"""Moving an association to another installation: by backup and restore, in steps that a second run takes up again.

The other installation is reached by its own manage.py, given as a command (`ssh kartoteka@new.example /srv/manage.py`):
nothing of it has to be open to this one but that. From `closed` to `switched`, as long as a backup and a restore of the
association take, people here read on and nobody writes: whatever were written then would be left behind. A request that
had begun before may still write; saas.keeping.late_acts finds out, and the last copy is made again.
"""

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from associations.audit.actors import Actor
from associations.profile.models import AssociationState
from associations.profile.queries import current_profile
from associations.profile.suspension import go_on_writing, stop_writing
from saas.jobs.actions import wake_jobs
from saas.jobs.models import Job, JobState
from saas.keeping.archiving import put_away
from saas.keeping.backing_up import WrittenBackup
from saas.keeping.errors import KeepingError
from saas.keeping.holding import wait_for_writers, waiting_briefly
from saas.keeping.late_acts import count_settled_acts, refuse_late_acts
from saas.keeping.models import BackupPurpose
from saas.keeping.records import default_path, make_backup
from saas.tenancy.locking import AssociationBusyError, lock_association
from saas.tenancy.switching import AssociationRef, enter_association, enter_public

STEPS = ("begun", "rehearsed", "closed", "carried", "switched", "archived")
JOBS_SECONDS = 600
PAUSE_SECONDS = 0.5
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Move:
    """How far a move is; kept in a file until it is done."""

    slug: str
    there: tuple[str, ...]
    step: str = STEPS[0]
    was_active: bool = True
    sha256: str = ""
    rows: int = 0
    acts: int | None = None
    """Writing acts in the log just before the last copy; None until then, and in files of former releases."""


def move_path(slug: str) -> Path:
    """Where the state of a move is written down."""
    return Path(settings.BACKUP_DIR) / "moves" / f"{slug}.json"


def read_move(slug: str) -> Move | None:
    """The move that was begun and is not done; None where there is none."""
    try:
        said = json.loads(move_path(slug).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Move(**said | {"there": tuple(said["there"])})


def _write(move: Move) -> Move:
    path = move_path(move.slug)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(move)), encoding="utf-8")
    part.rename(path)
    return move


def move_association(
    association: AssociationRef, *, there: Sequence[str], actor: Actor, say: Say = lambda _: None
) -> Move:
    """Take the association to the installation behind `there`, from wherever an earlier run of the move ended.

    Raises KeepingError with what the other side said; the step is then tried again by the next run, and
    cancel_move() ends the pause here before `switched`.
    """
    with _alone(association):
        move = read_move(association.slug) or _write(
            Move(association.slug, tuple(there), was_active=_is_active(association))
        )
        if there and move.there != tuple(there):
            raise KeepingError("other_move", "A move to elsewhere was begun: finish it, or cancel it first.")
        while move.step in STEPS[:-1]:
            move = _write(_take_step(association, move, actor))
            say(move.step)
        move_path(move.slug).unlink()
    return move


def _take_step(association: AssociationRef, move: Move, actor: Actor) -> Move:
    steps: dict[str, Callable[[AssociationRef, Move, Actor], Move]] = {
        "begun": _rehearse,
        "rehearsed": _close,
        "closed": _carry,
        "carried": _switch,
        "switched": _archive,
    }
    return steps[move.step](association, move, actor)


def cancel_move(association: AssociationRef, *, actor: Actor) -> Move:
    """Let people here write again as before; the copy there stays suspended. Raises KeepingError once switched."""
    with _alone(association):
        move = read_move(association.slug)
        if move is None:
            raise KeepingError("no_move", f"No move of {association.slug} was begun.")
        if STEPS.index(move.step) >= STEPS.index("switched"):
            raise KeepingError(
                "switched", f"{move.slug} is open in the other installation already: finish the move."
            )
        if move.was_active and move.step != "begun":
            with transaction.atomic(), enter_association(association):
                go_on_writing(actor=actor)
                wake_jobs(association=association)
        move_path(move.slug).unlink()
    return move


@contextmanager
def _alone(association: AssociationRef) -> Iterator[None]:
    """Hold the association for as long as this run takes: no other move, restore or migration comes between."""
    try:
        with lock_association(association.id):
            yield
    except AssociationBusyError as error:
        raise KeepingError("busy", str(error)) from None


def _is_active(association: AssociationRef) -> bool:
    with enter_association(association):
        return current_profile().is_active


def _rehearse(association: AssociationRef, move: Move, actor: Actor) -> Move:  # noqa: ARG001 - a step's signature
    """A whole copy while owners read on: whatever the other side refuses, it refuses now."""
    written = _carry_over(association, move, "rehearsal")
    written.path.unlink()
    return replace(move, step="rehearsed")


def _close(association: AssociationRef, move: Move, actor: Actor) -> Move:
    """Let nobody write any more; wait for the job that runs (workers begin no other) and for requests that write."""
    with waiting_briefly("profile_associationprofile", using="default"), enter_association(association):
        stop_writing(actor=actor)
    end = time.monotonic() + JOBS_SECONDS
    while _is_working(association):
        if time.monotonic() > end:
            raise KeepingError("busy", "A job of the association still runs: run the command again later.")
        time.sleep(PAUSE_SECONDS)
    wait_for_writers(association.schema_name)
    return replace(move, step="closed")


def _carry(association: AssociationRef, move: Move, actor: Actor) -> Move:  # noqa: ARG001 - a step's signature
    """The last backup, restored over the rehearsal, with equal checksums there."""
    acts = count_settled_acts(association)
    written = _carry_over(association, move, "move")
    return replace(move, step="carried", sha256=written.sha256, rows=written.rows, acts=acts)


def _switch(association: AssociationRef, move: Move, actor: Actor) -> Move:  # noqa: ARG001 - a step's signature
    """Open the doors there, where they were open here; back to the copy where somebody wrote here after it.

    A run that died behind the opening left them open: what stands there is then not copied over any more.
    """
    if count_settled_acts(association) != move.acts and _state_there(move) != AssociationState.ACTIVE:
        return replace(move, step="closed")
    if move.was_active:
        _run_there(move, "suspend_association", association.slug, "--resume", "--json")
    return replace(move, step="switched")


def _archive(association: AssociationRef, move: Move, actor: Actor) -> Move:
    refuse_late_acts(association, move.acts)
    put_away(association, actor=actor)
    return replace(move, step="archived")


def _state_there(move: Move) -> str | None:
    """None where the other installation has no association of this slug."""
    known = {one["slug"]: str(one["state"]) for one in _run_there(move, "list_associations", "--json")}
    return known.get(move.slug)


def _is_working(association: AssociationRef) -> bool:
    with enter_public():
        return Job.objects.filter(association_id=association.id, state=JobState.RUNNING).exists()


def _carry_over(association: AssociationRef, move: Move, word: str) -> WrittenBackup:
    state = _state_there(move)
    _refuse_to_replace(move.slug, state)
    path = default_path(association, is_sealed=False)
    written = make_backup(
        association,
        purpose=BackupPurpose.MOVE,
        target=path.with_name(path.name.replace(".tar", f"-{word}.tar")),
        recipients=(),
    )
    # A run that was cut short may have left the copy there; it is refused where it is another association.
    where = "--slug" if state is None else "--in-place"
    said = _run_there(
        move,
        "restore_association",
        "-",
        where,
        association.slug,
        "--keep-mails",
        "--json",
        stdin=written.path,
    )
    expected = {name: [table.rows, table.digest] for name, table in written.tables.items()}
    if said["tables"] != expected:
        raise KeepingError("differs", "What stands in the other installation differs from the backup.")
    return written


def _refuse_to_replace(slug: str, state: str | None) -> None:
    """What stands there may be replaced where it is this move's own earlier copy: suspended."""
    if state == AssociationState.ACTIVE:
        raise KeepingError("open_there", f"{slug} is open in the other installation: nothing was copied.")
    if state == AssociationState.ARCHIVED:
        raise KeepingError(
            "archived_there",
            f"{slug} lies archived in the other installation, perhaps since it moved here. Say there "
            f"`archive_association {slug} --undo` if it may be replaced: nothing was copied.",
        )
    if state == AssociationState.READ_ONLY:
        raise KeepingError(
            "moving_there", f"{slug} is being moved from the other installation: finish or cancel that first."
        )


def _run_there(move: Move, *words: str, stdin: Path | None = None) -> Any:
    """What the other installation's command printed as JSON; raises KeepingError with its last line of complaint."""
    with (stdin or Path("/dev/null")).open("rb") as source:
        try:
            done = subprocess.run([*move.there, *words], stdin=source, capture_output=True, check=False)
        except OSError as error:
            raise KeepingError("there", f"{move.there[0]} cannot be run: {error.strerror}.") from None
    lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason was given"]
    if done.returncode:
        raise KeepingError("there", f"The other installation refused {words[0]}: {lines[-1]}")
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise KeepingError("there", f"The other installation did not answer {words[0]} in JSON.") from None
