"""Where a month's charges are paid to: number, title and code to scan, per fund."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from associations.payments.transfer_texts import write_code, write_month_code_title, write_title
from associations.periods import Month
from associations.premises.queries import PayTo
from associations.profile.bank_accounts import format_nrb, is_nrb
from associations.profile.funds import FundLabel
from associations.profile.models import AssociationProfile
from billing_views.owner.words import name_fund
from billing_views.parts.formatting import format_zloty
from billing_views.printouts.paper import Transfer, draw_qr


def draw_transfers(
    profile: AssociationProfile,
    code: str,
    month: Month,
    totals: Mapping[FundLabel, Decimal],
    accounts: Sequence[PayTo],
) -> tuple[Transfer, ...]:
    """A frame per fund with something to pay; `code` is the premises', `accounts` where it pays to."""
    numbers = {one.fund: one.nrb for one in accounts}
    return tuple(
        _draw_transfer(profile, code, month, fund, total, numbers.get(fund, ""))
        for fund, total in totals.items()
        if total > 0
    )


def _draw_transfer(
    profile: AssociationProfile, code: str, month: Month, fund: FundLabel, total: Decimal, nrb: str
) -> Transfer:
    number = format_nrb(nrb) if is_nrb(nrb) else "numer rachunku poda biuro"
    pairs = (
        ("Odbiorca", profile.name),
        ("Rachunek", number),
        ("Kwota", format_zloty(total)),
        ("Tytuł", write_title(code, fund, f"opłaty {month.number:02}/{month.year}")),
    )
    heading = f"Dane do przelewu: {name_fund(fund)}"
    if not (is_nrb(nrb) and profile.nip):
        return Transfer(heading, pairs)
    title = write_month_code_title(code, fund, month)
    content = write_code(nip=profile.nip, nrb=nrb, amount=total, name=profile.name, title=title)
    return Transfer(heading, pairs, qr=draw_qr(content), alt=f"Kod QR przelewu: {name_fund(fund)}")
