"""Dane do przelewu: what is owed for a fund, where to pay it, and the transfer that follows. Pure.

Balance = Σ credit − Σ debit, minus means underpayment; what is owed and what is paid are positive. Interest accrued and not
yet posted is never netted with the balance: it is paid only where the owner says so, and the title names it.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from associations.money import ZERO
from associations.payments.amounts import LARGEST
from associations.payments.transfer_texts import write_code, write_code_title, write_title
from associations.profile.bank_accounts import is_nrb
from associations.profile.funds import FundLabel


class DueSource(Enum):
    """Where the balance of a fund comes from."""

    SUPPLIED = "supplied"  # the balance as the books supplied it
    LEDGER = "ledger"  # no balances were supplied: the closing of the ledger
    WITHHELD = "withheld"  # a balance is there, but not settled between seller and buyer
    UNKNOWN = "unknown"  # neither a balance nor a ledger with an opening


@dataclass(frozen=True, slots=True)
class FundDue:
    """The balance of a fund on a day; None where `source` is WITHHELD or UNKNOWN. `interest` is None or above zero.

    `is_interest_included`: the program counts the interest into the balance already.
    """

    fund: FundLabel
    source: DueSource
    balance: Decimal | None = None
    as_of: dt.date | None = None
    interest: Decimal | None = None
    is_interest_included: bool = False

    @property
    def owed(self) -> Decimal:
        """What the balance asks for: the underpayment, else zero."""
        return max(-self.balance, ZERO) if self.balance is not None else ZERO

    @property
    def separate_interest(self) -> Decimal | None:
        """Interest that may be paid besides the balance."""
        return None if self.is_interest_included else self.interest


class AccountState(Enum):
    """Whether there is a number to pay to."""

    GIVEN = "given"
    MISSING = "missing"  # „numer rachunku poda biuro”
    WRONG = "wrong"  # the number in the books has wrong check digits
    FORMER = "former"  # the premises' number serves the next owner


class CodeObstacle(Enum):
    """Why there is no code to scan."""

    NONE = ""
    NO_ACCOUNT = "no_account"
    NO_NIP = "no_nip"
    NO_AMOUNT = "no_amount"


@dataclass(frozen=True, slots=True)
class Recipient:
    """The association as a transfer names it; `nip` is empty where it has none."""

    name: str
    address: str
    nip: str


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose transfer it is: the premises, and for a former owner the last day of the holding."""

    premises_code: str
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What the owner chose: another amount than what is owed (None: that), and to pay the interest, too."""

    amount: Decimal | None = None
    with_interest: bool = False


@dataclass(frozen=True, slots=True)
class TransferData:
    """A transfer for one fund. `nrb` is empty unless `account` is GIVEN; `amount` None: nothing to pay, or unknown.

    `part` is the amount without `interest_part`; `code` is the text of the code to scan, empty with an `obstacle`.
    """

    due: FundDue
    recipient: Recipient
    account: AccountState
    nrb: str
    part: Decimal | None
    interest_part: Decimal | None
    amount: Decimal | None
    title: str
    code: str
    obstacle: CodeObstacle


def judge_account(nrb: str, *, is_former: bool) -> AccountState:
    """Whether one can pay to the number; empty: there is none."""
    if not nrb:
        return AccountState.FORMER if is_former else AccountState.MISSING
    return AccountState.GIVEN if is_nrb(nrb) else AccountState.WRONG


def make_transfer(
    recipient: Recipient, payer: Payer, due: FundDue, *, nrb: str, choice: Choice
) -> TransferData:
    """The transfer for a fund: what was chosen, else what is owed. `nrb` is the number to pay to, or empty."""
    account = judge_account(nrb, is_former=payer.until is not None)
    interest = due.separate_interest if choice.with_interest else None
    part = choice.amount if choice.amount is not None else (due.owed or None)
    total = (part or ZERO) + (interest or ZERO)
    amount = min(total, LARGEST) if total else None
    obstacle = _find_obstacle(account, recipient, amount)
    code = ""
    if obstacle is CodeObstacle.NONE and amount:
        title = write_code_title(
            payer.premises_code, due.fund, due.as_of, interest, is_interest_alone=part is None
        )
        code = write_code(nip=recipient.nip, nrb=nrb, amount=amount, name=recipient.name, title=title)
    return TransferData(
        due=due,
        recipient=recipient,
        account=account,
        nrb=nrb if account is AccountState.GIVEN else "",
        part=part,
        interest_part=interest,
        amount=amount,
        title=write_title(payer.premises_code, due.fund, _say_what(payer, due, choice, interest)),
        code=code,
        obstacle=obstacle,
    )


def _find_obstacle(account: AccountState, recipient: Recipient, amount: Decimal | None) -> CodeObstacle:
    if account is not AccountState.GIVEN:
        return CodeObstacle.NO_ACCOUNT
    if not recipient.nip:
        return CodeObstacle.NO_NIP
    return CodeObstacle.NONE if amount else CodeObstacle.NO_AMOUNT


def _say_what(payer: Payer, due: FundDue, choice: Choice, interest: Decimal | None) -> str:
    """Polish, for the bookkeeper."""
    on = f" na {due.as_of:%d.%m.%Y}" if due.as_of else ""
    said = f"odsetki {interest:.2f}".replace(".", ",") if interest else ""
    if payer.until:
        what = f"rozliczenie do {payer.until:%d.%m.%Y}"
    elif choice.amount is not None and choice.amount != due.owed:
        what = "wpłata"
    elif due.owed:
        what = f"należność{on}"
    else:
        return f"{said}{on}" if said else "wpłata"
    return f"{what}, {said}" if said else what
