"""A notice of charges as a letter among many: what the owner downloads too, with the address for the envelope."""

from collections.abc import Sequence

from django.utils.timezone import localdate

from associations.charges.calculations import group_by_fund
from associations.charges.notices import Notice
from associations.periods import Month
from associations.premises.queries import PayTo
from associations.profile.models import AssociationProfile
from billing_views.owner.place import address_of
from billing_views.printouts.charges_notice import NoticeOptions, compose_notice
from billing_views.printouts.notice_transfers import draw_transfers
from billing_views.printouts.paper import Paper, Transfer
from billing_views.printouts.place_words import PaperPlace, say_published

FORWARDED = "(adres do korespondencji uzupełnia biuro)"


def compose_letter(
    profile: AssociationProfile, month: Month, notice: Notice, accounts: Sequence[PayTo]
) -> Paper:
    """`accounts`: where the premises pays to. A former owner is given none: they serve the next one.

    Nor does a former owner's letter go to the premises, where the next one lives; the books state no other address.
    """
    holding = notice.holding
    transfers: tuple[Transfer, ...] = ()
    is_present = holding.ends_on is None or holding.ends_on >= localdate()
    if is_present:
        totals = {one.fund: one.total for one in group_by_fund(notice.rows, ())}
        transfers = draw_transfers(profile, holding.premises.code, month, totals, accounts)
    place = PaperPlace(
        code=holding.premises.code,
        address=address_of(holding.premises),
        names=notice.names,
        until=holding.ends_on,
    )
    recipient = (*notice.names, place.address if is_present else FORWARDED)
    options = NoticeOptions(transfers, say_published(notice.published_at), recipient)
    return compose_notice(profile, place, month, notice.rows, options)
