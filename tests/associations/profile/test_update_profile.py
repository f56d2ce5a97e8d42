"""Changing the association's own row."""

import pytest

from associations.audit.actors import SYSTEM
from associations.audit.models import AuditEntry
from associations.profile.actions import NotEditableError, update_profile
from associations.profile.models import AssociationProfile

pytestmark = pytest.mark.usefixtures("in_sloneczna")


def test_only_what_differs_is_written_and_logged() -> None:
    changed = update_profile(actor=SYSTEM, changes={"due_day": 15, "office_phone": ""})

    assert changed == ("due_day",)
    assert AssociationProfile.objects.get().due_day == 15
    entry = AuditEntry.objects.get(action="profile.updated")
    assert entry.details == {"fields": {"due_day": {"before": 10, "after": 15}}}


def test_nothing_different_leaves_no_entry() -> None:
    assert update_profile(actor=SYSTEM, changes={"due_day": 10}) == ()
    assert not AuditEntry.objects.filter(action="profile.updated").exists()


@pytest.mark.parametrize("field", ["kind", "state", "id"])
def test_what_operators_decide_is_refused(field: str) -> None:
    with pytest.raises(NotEditableError):
        update_profile(actor=SYSTEM, changes={"due_day": 15, field: "community"})

    assert AssociationProfile.objects.get().due_day == 10
