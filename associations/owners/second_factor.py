"""What is written about an owner's second factor (drugi składnik): set up, spent, renewed, taken off."""

from django.db import transaction
from django.utils import timezone

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.owners.actions import OwnerRuleError, end_sessions, owner_actor
from associations.owners.models import OwnerAccount, OwnerRecoveryCode
from associations.owners.totp import hash_recovery_code, matching_step, new_recovery_codes


@transaction.atomic
def confirm_totp(
    *, account: OwnerAccount, seed: str, code: str, keep_session: str | None = None
) -> list[str]:
    """Set the factor up with a first right code; ends other sessions and gives ten recovery codes, once.

    Raises OwnerRuleError (`wrong_code`): then the former factor, if any, still holds.
    """
    step = matching_step(seed, code, timezone.now())
    if step is None:
        raise OwnerRuleError("wrong_code", "The code is wrong.")
    account.totp_seed, account.totp_last_step, account.totp_confirmed_at = seed, step, timezone.now()
    account.save(update_fields=["totp_seed", "totp_last_step", "totp_confirmed_at"])
    actor = owner_actor(account)
    record_act(actor=actor, action="totp.confirmed", target=f"account:{account.pk}")
    end_sessions(actor=actor, account=account, keep=keep_session)
    return renew_recovery_codes(account=account)


@transaction.atomic
def renew_recovery_codes(*, account: OwnerAccount) -> list[str]:
    """Ten new recovery codes in place of all former ones, in clear only here."""
    codes = new_recovery_codes()
    account.recovery_codes.all().delete()
    OwnerRecoveryCode.objects.bulk_create(
        OwnerRecoveryCode(account=account, code_hash=hash_recovery_code(code)) for code in codes
    )
    record_act(actor=owner_actor(account), action="recovery_codes.renewed", target=f"account:{account.pk}")
    return codes


def accept_code(*, account: OwnerAccount, code: str) -> bool:
    """Spend a TOTP or recovery code: whether it was right.

    Each is accepted once: the update names the state it replaces, so that of two requests at a time one wins.
    """
    if not account.has_totp:
        return False
    step = matching_step(account.totp_seed, code, timezone.now())
    if step is None:
        return _spend_recovery_code(account, code)
    rows = OwnerAccount.objects.filter(pk=account.pk, totp_seed=account.totp_seed, totp_last_step__lt=step)
    return rows.update(totp_last_step=step) == 1


@transaction.atomic
def remove_totp(*, actor: Actor, account: OwnerAccount, is_identity_checked: bool = True) -> None:
    """Take the factor off: by its owner, or by the office for a lost phone, where identity was checked.

    Raises OwnerRuleError: `identity_not_checked`, `no_factor`.
    """
    if not is_identity_checked:
        raise OwnerRuleError("identity_not_checked", "The person's identity is checked first.")
    locked = OwnerAccount.objects.select_for_update().get(pk=account.pk)
    if not locked.has_totp:
        raise OwnerRuleError("no_factor", "There is no second factor.")
    locked.totp_seed, locked.totp_confirmed_at = "", None
    locked.save(update_fields=["totp_seed", "totp_confirmed_at"])
    locked.recovery_codes.all().delete()
    record_act(actor=actor, action="totp.removed", target=f"account:{account.pk}")


@transaction.atomic
def _spend_recovery_code(account: OwnerAccount, code: str) -> bool:
    rows = account.recovery_codes.filter(code_hash=hash_recovery_code(code), used_at=None)
    is_spent = rows.update(used_at=timezone.now()) == 1
    if is_spent:
        record_act(actor=owner_actor(account), action="recovery_code.used", target=f"account:{account.pk}")
    return is_spent
