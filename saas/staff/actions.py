"""What is written about staff: accounts, passwords, links, sessions, sign-ins; in one transaction, audited.

Grants are in saas.staff.granting, the second factor in saas.staff.second_factor.
"""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from associations.audit.actors import Actor
from saas.staff.errors import StaffError
from saas.staff.links import LIFETIMES, hash_token, link_address, new_token
from saas.staff.models import LinkPurpose, PasswordLink, StaffSession, StaffUser
from saas.staff.platform_audit import NOBODY, actor_of, record_platform_act
from saas.staff.tokens import end_all_tokens


@transaction.atomic
def create_staff(
    *, actor: Actor, email: str, name: str, password: str | None = None, is_operator: bool = False
) -> StaffUser:
    """An account of staff, without a grant anywhere; without `password` it waits for an invitation link.

    Raises StaffError where the e-mail is none or is taken, or the name is empty.
    """
    email, name = email.strip().lower(), name.strip()
    try:
        validate_email(email)
    except ValidationError:
        raise StaffError("bad_email", f"{email!r} is not an e-mail address.") from None
    if not name:
        raise StaffError("no_name", "The name is empty.")
    if StaffUser.objects.filter(email__iexact=email).exists():
        raise StaffError("email_taken", f"There is an account with {email} already.")
    user = StaffUser(email=email, name=name, is_operator=is_operator)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
        user.password_changed_at = timezone.now()
    user.save(force_insert=True)
    record_platform_act(actor=actor, action="staff.created", target=str(user.id), is_operator=is_operator)
    return user


@transaction.atomic
def rename_staff(*, actor: Actor, user: StaffUser, name: str) -> None:
    """The name that colleagues and logs show from now on; older entries keep the former one."""
    user.name = name.strip()
    user.save(update_fields=["name"])
    record_platform_act(actor=actor, action="staff.renamed", target=str(user.id))


@transaction.atomic
def issue_link(*, actor: Actor, user: StaffUser, purpose: LinkPurpose) -> str:
    """A single-use link that sets a password: its whole address, which is kept nowhere."""
    token = new_token()
    PasswordLink.objects.create(
        user=user,
        purpose=purpose,
        token_hash=hash_token(token),
        expires_at=timezone.now() + LIFETIMES[purpose],
    )
    record_platform_act(actor=actor, action=f"{purpose}_link.issued", target=str(user.id))
    return link_address(purpose, token)


@transaction.atomic
def use_link(*, token: str, purpose: LinkPurpose, password: str) -> StaffUser:
    """Set the password by a link: the link, all other links, sessions and keys for programs of the account end.

    Who needs a link may have lost the account to somebody who made a key. A change by the signed-in person leaves keys.
    Raises StaffError where the link is unknown, used, for another purpose or older than it may be.
    """
    link = (
        PasswordLink.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(
            token_hash=hash_token(token),
            purpose=purpose,
            used_at=None,
            expires_at__gt=timezone.now(),
            user__is_active=True,
        )
        .first()
    )
    if link is None:
        raise StaffError("dead_link", "The link is unknown, used or too old.")
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    actor = actor_of(link.user)
    ended = end_all_tokens(link.user)
    record_platform_act(
        actor=actor, action=f"{purpose}_link.used", target=str(link.user.id), ended_tokens=ended
    )
    change_password(actor=actor, user=link.user, password=password)
    return link.user


@transaction.atomic
def change_password(
    *, actor: Actor, user: StaffUser, password: str, keep_session_key: str | None = None
) -> None:
    """A new password, checked by a form or command; ends outstanding links and all sessions but one."""
    user.set_password(password)
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "password_changed_at"])
    PasswordLink.objects.filter(user=user, used_at=None).delete()
    ended = _delete_sessions(user, keep_session_key)
    record_platform_act(actor=actor, action="password.changed", target=str(user.id), ended_sessions=ended)


@transaction.atomic
def end_sessions(*, actor: Actor, user: StaffUser, keep_session_key: str | None = None) -> int:
    """Sign the account out everywhere, but for one session where it is named; how many ended."""
    ended = _delete_sessions(user, keep_session_key)
    record_platform_act(actor=actor, action="sessions.ended", target=str(user.id), ended_sessions=ended)
    return ended


def record_sign_in(*, user: StaffUser, factor: str) -> None:
    """That staff signed in; `factor` is password, code or recovery_code."""
    record_platform_act(actor=actor_of(user), action="sign_in.done", target=str(user.id), factor=factor)


def record_failed_sign_in(*, user: StaffUser | None, step: str) -> None:
    """That a sign-in failed at `step` (password or code); nobody's e-mail is written down."""
    actor = actor_of(user) if user else NOBODY
    record_platform_act(actor=actor, action="sign_in.failed", target=str(user.id) if user else "", step=step)


def record_sign_out(*, user: StaffUser) -> None:
    """That staff signed out."""
    record_platform_act(actor=actor_of(user), action="sign_out.done", target=str(user.id))


def _delete_sessions(user: StaffUser, keep_session_key: str | None) -> int:
    sessions = StaffSession.objects.filter(account_id=user.id)
    if keep_session_key:
        sessions = sessions.exclude(session_key=keep_session_key)
    return sessions.delete()[0]
