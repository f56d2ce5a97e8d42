"""An association that has moved away comes back to the installation where its former copy lies archived."""

import shlex
from typing import Any

from tests.installation import Install, install
from tests.saas.keeping.restored import CHANGED_BY_RESTORING, differing

__all__ = ["install"]


def test_the_archived_copy_is_replaced_only_when_the_operator_there_has_said_so(
    install: Install, backup: dict[str, Any]
) -> None:
    old, new = install("old.example"), install("new.example")
    old.manage("restore_association", backup["path"], "--slug", "lipowa", "--open")
    old.manage("move_association", "lipowa", "--there", shlex.join(new.command))
    # What only the copy in use has.
    with new.connect() as admin:
        (person,) = admin.execute("SELECT min(code) FROM a_lipowa.premises_person").fetchone() or ("",)
    new.manage("issue_starter_password", "lipowa", person)
    before = new.tables("lipowa")
    back = ("move_association", "lipowa", "--there", shlex.join(old.command))

    complaint = new.complain(*back)

    assert complaint.startswith("lipowa lies archived in the other installation")
    assert (old.states(), new.states()) == ({"lipowa": "archived"}, {"lipowa": "active"})
    old.manage("archive_association", "lipowa", "--undo")
    new.manage(*back)
    assert (old.states(), new.states()) == ({"lipowa": "active"}, {"lipowa": "archived"})
    assert differing(before, old.tables("lipowa")) <= CHANGED_BY_RESTORING
