"""Control of the registries: premises and titles that stand."""

from associations.imports.control import Control
from associations.premises.models import Premises, Title


def control_premises() -> Control:
    """Premises, and people counted as titles."""
    return Control(
        rows={
            "premises": Premises.objects.filter(is_current=True).count(),
            "people": Title.objects.filter(is_current=True).count(),
        }
    )
