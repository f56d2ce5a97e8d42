"""`manage.py migrate_public`: bring the shared tables to the program's state, as the owner role."""

from typing import Any

from saas.management.operator_command import OperatorCommand
from saas.tenancy.provisioning import migrate_public


class Command(OperatorCommand):
    """Run it before migrate_associations, on every upgrade."""

    help = "Bring the shared tables (registry, staff, jobs) to the program's state."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and say so."""
        migrate_public()
        self.stdout.write("public: ok")
