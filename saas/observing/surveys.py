"""A survey: what all associations say of themselves, counted. Asked in the background and kept for the operators' page.

Two that run at once do no harm (the second finds the first at it, and a younger one is never replaced by an older), nor
does one that dies: it is written whole at its end.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from saas.observing.associations import (
    OWNER,
    RUNTIME,
    UNREADABLE,
    StoredAssociation,
    ask_associations,
    largest_associations,
)
from saas.observing.models import KeptSurvey
from saas.tenancy.locking import AssociationBusyError, lock_association
from saas.tenancy.switching import enter_public

SIZES = (0, 1, 100, 1000)
"""Smallest number of premises of each class of associations."""
LATE = 3
"""So many rings of the clock without an answer: it or every worker stands still."""
ROUND = "the asking of all associations"


@dataclass(frozen=True, slots=True)
class Survey:
    """Counts by state and by class of size; slugs of those behind in migrations and of those without an answer."""

    asked_at: dt.datetime
    states: dict[str, int]
    sizes: dict[int, int]
    behind: tuple[str, ...]
    unreadable: tuple[str, ...]
    largest: tuple[StoredAssociation, ...]

    @property
    def is_late(self) -> bool:
        """Whether the next one is long overdue."""
        return timezone.now() - self.asked_at > LATE * dt.timedelta(seconds=settings.SURVEY_SECONDS)


def take_survey(*, using: str = RUNTIME) -> Survey:
    """Ask every association now; `using="owner"` asks a hundred at once. Raises DatabaseError without a database."""
    at = timezone.now()
    asked = ask_associations(using=using)
    classes = Counter(max(size for size in SIZES if size <= one.premises) for one in asked)
    return Survey(
        asked_at=at,
        states=dict(sorted(Counter(one.state for one in asked).items())),
        sizes={size: classes[size] for size in SIZES},
        behind=tuple(one.slug for one in asked if one.is_behind),
        unreadable=tuple(one.slug for one in asked if one.state == UNREADABLE),
        largest=largest_associations(using=using),
    )


def keep_survey(survey: Survey) -> bool:
    """Put it in the place of the one before; False where a younger one is kept."""
    row = {
        "asked_at": survey.asked_at,
        "states": survey.states,
        "sizes": survey.sizes,
        "behind": survey.behind,
        "unreadable": survey.unreadable,
        "largest": [[one.slug, one.stored_bytes] for one in survey.largest],
    }
    with enter_public():
        if KeptSurvey.objects.filter(asked_at__lt=survey.asked_at).update(**row):
            return True
        KeptSurvey.objects.bulk_create([KeptSurvey(id=1, **row)], ignore_conflicts=True)
        return KeptSurvey.objects.filter(asked_at=survey.asked_at).exists()


def renew_survey() -> bool:
    """Ask all as the owner role and keep it; False where another process is at it."""
    try:
        with enter_public(), lock_association(ROUND, using=RUNTIME):
            return keep_survey(take_survey(using=OWNER))
    except AssociationBusyError:
        return False


def kept_survey() -> Survey | None:
    """The last one that was kept: one statement. None where there never was one."""
    with enter_public():
        row = KeptSurvey.objects.first()
    if row is None:
        return None
    return Survey(
        asked_at=row.asked_at,
        states=dict(row.states),
        sizes={int(size): count for size, count in row.sizes.items()},
        behind=tuple(row.behind),
        unreadable=tuple(row.unreadable),
        largest=tuple(StoredAssociation(slug, stored) for slug, stored in row.largest),
    )
