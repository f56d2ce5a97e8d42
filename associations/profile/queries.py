"""Reading the association's own row and its logo."""

from associations.profile.models import AssociationLogo, AssociationProfile


def current_profile(*, using: str = "default") -> AssociationProfile:
    """The row of the association that the connection points at; never cached."""
    return AssociationProfile.objects.using(using).get(id=1)


def current_logo() -> AssociationLogo | None:
    """The logo that pages and printouts show, if there is one."""
    return AssociationLogo.objects.filter(id=1).first()
