"""Bank accounts of funds (rachunki bankowe funduszy): where owners pay whose premises has no number of its own."""

from dataclasses import dataclass

from django.db import transaction

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.profile.bank_accounts import is_nrb
from associations.profile.models import Fund, FundAccountChange

LARGEST_ID = 2**63 - 1
"""What an address may name and a bigint hold."""


class FundAccountError(ValueError):
    """A change that is refused; `code`: "wrong_nrb" or "changed_meanwhile"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class FundAccount:
    """A fund with its number (26 digits, or empty) and its changes, the latest first."""

    fund: Fund
    changes: tuple[FundAccountChange, ...]


def list_fund_accounts() -> list[FundAccount]:
    """Every fund in its order. Two queries."""
    funds = Fund.objects.prefetch_related("account_changes").order_by("position", "code")
    return [FundAccount(fund, tuple(fund.account_changes.all())) for fund in funds]


def find_fund(fund_id: int) -> Fund | None:
    """The fund, if the association that the connection points at has it. One query."""
    return Fund.objects.filter(pk=fund_id).first() if fund_id <= LARGEST_ID else None


def change_fund_account(*, actor: Actor, fund_id: int, expected: str, nrb: str) -> bool:
    """Owners without a number of their own pay to this one from now on, and read of the change for 60 days.

    `nrb` is 26 digits with right check digits, or empty: then the office tells the number. `expected` is the number
    that whoever asks for the change has seen. False, and nothing written, where it is the same. Raises
    FundAccountError and Fund.DoesNotExist.
    """
    if nrb and not is_nrb(nrb):
        raise FundAccountError("wrong_nrb")
    with transaction.atomic():
        fund = Fund.objects.select_for_update().get(pk=fund_id)
        before = fund.bank_account
        if before == nrb:
            return False
        if before != expected:
            raise FundAccountError("changed_meanwhile")
        fund.bank_account = nrb
        fund.save(update_fields=["bank_account"])
        FundAccountChange.objects.create(
            fund=fund, before=before, after=nrb, by_id=actor.id, by_name=actor.name
        )
        record_act(
            actor=actor,
            action="fund_account.changed",
            target=fund.code,
            name=fund.name,
            before=before,
            after=nrb,
        )
    return True
