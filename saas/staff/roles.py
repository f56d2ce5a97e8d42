"""What each role of a grant may do; pure, without a database."""

from collections.abc import Collection
from typing import Final

# The values of saas.staff.models.Role.
MANAGER: Final = "manager"
BOOKKEEPER: Final = "bookkeeper"
OFFICE: Final = "office"
READER: Final = "reader"

EVERYONE: Final = (MANAGER, BOOKKEEPER, OFFICE, READER)
IMPORTERS: Final = (MANAGER, BOOKKEEPER)
"""Upload and check; publishing and undoing ask may_publish, too (zarządca, księgowość)."""
PASSWORD_ISSUERS: Final = (MANAGER, OFFICE)
"""Issue starter passwords and write down who received them (zarządca, biuro)."""
MANAGERS: Final = (MANAGER,)
"""Settings and the log of events (zarządca)."""


def can_publish(role: str, *, may_publish: bool) -> bool:
    """A manager always, a bookkeeper only where the grant allows it, nobody else."""
    return role == MANAGER or (role == BOOKKEEPER and may_publish)


def is_allowed(role: str, allowed: Collection[str]) -> bool:
    """Whether the role is among those allowed; none named means every role."""
    return role in (allowed or EVERYONE)
