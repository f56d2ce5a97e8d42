"""The head of a paper, from the association's profile and its logo."""

import base64
import datetime as dt

from associations.profile.models import AssociationLogo, AssociationProfile
from billing_views.parts.formatting import NO_BREAK_SPACE, format_day_words
from billing_views.printouts.paper import Letterhead


def make_letterhead(profile: AssociationProfile, logo: AssociationLogo | None, today: dt.date) -> Letterhead:
    """Name, office data and logo; what the office has not given is left out."""
    contact = (
        f"tel.{NO_BREAK_SPACE}{profile.office_phone}" if profile.office_phone else "",
        profile.office_email,
    )
    return Letterhead(
        association=profile.name,
        lines=(
            profile.office_address,
            ", ".join(one for one in contact if one),
            f"NIP{NO_BREAK_SPACE}{profile.nip}" if profile.nip else "",
        ),
        logo=_as_svg(logo) if logo else "",
        printed=f"Wydrukowano {format_day_words(today)}",
    )


def _as_svg(logo: AssociationLogo) -> str:
    """The PNG inside an SVG: templates get texts, and no file is written for typst to read."""
    content = base64.b64encode(bytes(logo.content)).decode()
    size = f'width="{logo.width}" height="{logo.height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {logo.width} {logo.height}">'
        f'<image {size} href="data:image/png;base64,{content}"/></svg>'
    )
