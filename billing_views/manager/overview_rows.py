"""The associations of the overview: each is entered for three queries and left again."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _

from associations.imports.models import BatchState
from associations.imports.queries import LatestImport, latest_import
from associations.ledger.latest import association_figures
from associations.profile.models import AssociationState
from associations.profile.queries import current_profile
from saas.staff import roles
from saas.staff.access import StaffGrant
from saas.tenancy.switching import enter_association

STALE_AFTER_DAYS = 45
"""Books are closed monthly: balances older than this lack at least one month."""

# Letters that follow their plain neighbour in the Polish alphabet.
_POLISH_ORDER = str.maketrans(
    {
        "ą": "a\uffff", "ć": "c\uffff", "ę": "e\uffff", "ł": "l\uffff", "ń": "n\uffff",
        "ó": "o\uffff", "ś": "s\uffff", "ź": "z\ufffe", "ż": "z\uffff", "„": "", "”": "",
    }
)  # fmt: skip


class Standing(Enum):
    """What the last import and the age of the balances say about an association."""

    SUSPENDED = "suspended"
    ARCHIVED = "archived"
    MOVING = "moving"
    RUNNING = "running"
    BAD = "bad"
    WAITING = "waiting"
    EMPTY = "empty"
    STALE = "stale"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class AssociationRow:
    """An association of the overview. Problems are those of the last batch while it is open."""

    slug: str
    name: str
    is_cooperative: bool
    state: str
    may_see_imports: bool
    premises_count: int = 0
    as_of: dt.date | None = None
    batch_id: int | None = None
    batch_state: BatchState | None = None
    uploaded_at: dt.datetime | None = None
    published_at: dt.datetime | None = None
    error_count: int = 0
    warning_count: int = 0
    progress: str = ""


def read_rows(grants: Iterable[StaffGrant]) -> list[AssociationRow]:
    """One row per grant, by name in Polish order; three queries inside each association."""
    rows = []
    for grant in grants:
        with enter_association(grant.association):
            rows.append(_read_row(grant))
    return sorted(rows, key=lambda row: (row.name.casefold().translate(_POLISH_ORDER), row.slug))


def judge(row: AssociationRow, today: dt.date) -> Standing:
    """What the manager should see first about this association."""
    by_door = {
        AssociationState.SUSPENDED: Standing.SUSPENDED,
        AssociationState.ARCHIVED: Standing.ARCHIVED,
        AssociationState.READ_ONLY: Standing.MOVING,
    }
    if row.state in by_door:
        return by_door[AssociationState(row.state)]
    by_state = {
        BatchState.UPLOADED: Standing.RUNNING,
        BatchState.READING: Standing.RUNNING,
        BatchState.PUBLISHING: Standing.RUNNING,
        BatchState.UNDOING: Standing.RUNNING,
        BatchState.BLOCKED: Standing.BAD,
        BatchState.FAILED: Standing.BAD,
        BatchState.READY: Standing.WAITING,
    }
    if row.batch_state in by_state:
        return by_state[row.batch_state]
    if not row.premises_count and row.as_of is None:
        return Standing.EMPTY
    is_stale = row.as_of is not None and (today - row.as_of).days > STALE_AFTER_DAYS
    return Standing.STALE if is_stale else Standing.FRESH


def _read_row(grant: StaffGrant) -> AssociationRow:
    profile = current_profile()
    sees_imports = roles.is_allowed(grant.role, (*roles.IMPORTERS, roles.READER))
    if not profile.is_readable:
        return AssociationRow(
            grant.association.slug, profile.name, profile.is_cooperative, profile.state, sees_imports
        )
    figures, batch = association_figures(), latest_import()
    return AssociationRow(
        slug=grant.association.slug,
        name=profile.name,
        is_cooperative=profile.is_cooperative,
        state=profile.state,
        may_see_imports=sees_imports,
        premises_count=figures.premises_count,
        as_of=figures.as_of,
        batch_id=batch.id if batch else None,
        batch_state=batch.state if batch else None,
        uploaded_at=batch.created_at if batch else None,
        published_at=batch.published_at if batch else None,
        error_count=batch.error_count if batch else 0,
        warning_count=batch.warning_count if batch else 0,
        progress=_say_progress(batch) if batch else "",
    )


def _say_progress(batch: LatestImport) -> str:
    if not batch.progress_total:
        return ""
    return _("{percent}%").format(percent=min(100, 100 * batch.progress_done // batch.progress_total))
