"""`manage.py write_schema_script`: the statements of a new association's schema, after a migration was added."""

from typing import Any

from django.core.management.base import CommandError

from saas.management.operator_command import OperatorCommand
from saas.tenancy.errors import ProvisioningError
from saas.tenancy.provisioning import OWNER
from saas.tenancy.schema_script import FILE, compose_script, write_script


class Command(OperatorCommand):
    """For developers: the file is committed with the migration. Nothing is left in the database."""

    help = "Write the script of a new association's schema anew."

    def handle(self, *args: Any, **options: Any) -> None:
        """Compose and write."""
        try:
            script = compose_script(using=OWNER)
        except ProvisioningError as error:
            raise CommandError(str(error)) from None
        write_script(script)
        self.stdout.write(f"{FILE.name}: {len(script.tables) + len(script.rows)} statements")
