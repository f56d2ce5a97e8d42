"""What is written about the second factor (drugi składnik): set up, checked, recovery codes, taken off."""

from django.db import transaction
from django.utils import timezone

from associations.audit.actors import Actor
from saas.staff.errors import StaffError
from saas.staff.models import RecoveryCode, StaffSession, StaffUser
from saas.staff.platform_audit import actor_of, record_platform_act
from saas.staff.totp import hash_recovery_code, matching_step, new_recovery_codes


@transaction.atomic
def confirm_totp(
    *, actor: Actor, user: StaffUser, seed: str, code: str, keep_session_key: str | None = None
) -> list[str]:
    """Set the factor up with a first right code; ends other sessions and gives ten recovery codes, once.

    Raises StaffError where the code is wrong: then the former factor, if any, still holds.
    """
    step = matching_step(seed, code, timezone.now())
    if step is None:
        raise StaffError("wrong_code", "The code is wrong.")
    user.totp_seed, user.totp_last_step, user.totp_confirmed_at = seed, step, timezone.now()
    user.save(update_fields=["totp_seed", "totp_last_step", "totp_confirmed_at"])
    StaffSession.objects.filter(account_id=user.id).exclude(session_key=keep_session_key or "").delete()
    record_platform_act(actor=actor, action="totp.confirmed", target=str(user.id))
    return renew_recovery_codes(actor=actor, user=user)


@transaction.atomic
def renew_recovery_codes(*, actor: Actor, user: StaffUser) -> list[str]:
    """Ten new recovery codes in place of all former ones, in clear only here."""
    codes = new_recovery_codes()
    user.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, code_hash=hash_recovery_code(code)) for code in codes
    )
    record_platform_act(actor=actor, action="recovery_codes.renewed", target=str(user.id))
    return codes


def accept_code(*, user: StaffUser, code: str) -> str | None:
    """Spend a TOTP or recovery code: "code" or "recovery_code" where it is right, else None.

    Each is accepted once: the update names the state it replaces, so that of two requests at a time one wins.
    """
    if not user.has_totp:
        return None
    step = matching_step(user.totp_seed, code, timezone.now())
    if step is not None:
        rows = StaffUser.objects.filter(pk=user.pk, totp_seed=user.totp_seed, totp_last_step__lt=step)
        return "code" if rows.update(totp_last_step=step) else None
    return "recovery_code" if _spend_recovery_code(user, code) else None


@transaction.atomic
def remove_totp(*, actor: Actor, user: StaffUser) -> None:
    """Take the factor off: by the account where it is not mandatory, by an operator where a phone is lost."""
    user.totp_seed, user.totp_confirmed_at = "", None
    user.save(update_fields=["totp_seed", "totp_confirmed_at"])
    user.recovery_codes.all().delete()
    record_platform_act(actor=actor, action="totp.removed", target=str(user.id))


@transaction.atomic
def _spend_recovery_code(user: StaffUser, code: str) -> bool:
    rows = user.recovery_codes.filter(code_hash=hash_recovery_code(code), used_at=None)
    is_spent = rows.update(used_at=timezone.now()) == 1
    if is_spent:
        record_platform_act(actor=actor_of(user), action="recovery_code.used", target=str(user.id))
    return is_spent
