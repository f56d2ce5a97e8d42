"""Reading the association's own row."""

from associations.profile.models import AssociationProfile


def current_profile() -> AssociationProfile:
    """The row of the association that the connection points at; never cached."""
    return AssociationProfile.objects.get(id=1)
