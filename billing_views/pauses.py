"""What a page says while throttling lets nobody try; both doors."""

import datetime as dt
import math

from django.utils.translation import gettext as _

from billing_views.parts.plurals import say_count


def describe_pause(wait: dt.timedelta) -> str:
    """„Zbyt wiele prób. Spróbuj ponownie za 12 minut.” in whole minutes, rounded up."""
    return say_count(
        max(1, math.ceil(wait.total_seconds() / 60)),
        _("Zbyt wiele prób. Spróbuj ponownie za {n} minutę."),
        _("Zbyt wiele prób. Spróbuj ponownie za {n} minuty."),
        _("Zbyt wiele prób. Spróbuj ponownie za {n} minut."),
    )


def retry_after(wait: dt.timedelta) -> dict[str, str]:
    """The header of the answer 429, in whole seconds."""
    return {"Retry-After": str(max(1, math.ceil(wait.total_seconds())))}
