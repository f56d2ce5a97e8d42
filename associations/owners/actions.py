"""The only writers of owners' accounts: starter passwords, handovers, passwords of one's own, ending access.

Every action is one transaction with its audit entry. No action returns, stores or logs a password, but
`issue_starter_password`, which returns the one that it has just made.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.notifications.outbox import tell_password_changed
from associations.owners.models import IssueMethod, OwnerAccount, OwnerSession, StarterPasswordIssue
from associations.owners.passwords import (
    find_faults,
    group_in_fours,
    login_from_code,
    make_login,
    make_starter_password,
)
from associations.owners.queries import AccessFilter, filter_people
from associations.owners.recipients import LETTERS_AT_ONCE
from associations.owners.tokens import end_tokens
from associations.premises.models import Person
from associations.profile.queries import current_profile

STARTER_VALIDITY = dt.timedelta(days=30)


class OwnerRuleError(Exception):
    """A broken rule of owners' accounts; `code` names it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class WeakPasswordError(OwnerRuleError):
    """The new password will not do; `faults` are sentences for its owner."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("weak_password", "The new password does not meet the rules.")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class IssuedPassword:
    """A starter password in clear: it exists here, on one page or letter, and nowhere else."""

    login: str
    password: str = field(repr=False)
    expires_at: dt.datetime
    issue_id: int
    person_id: int

    @property
    def grouped(self) -> str:
        """The password in groups of four."""
        return group_in_fours(self.password)


@transaction.atomic
def issue_starter_password(
    *,
    actor: Actor,
    person: Person,
    new_login: bool = False,
    method: IssueMethod | str = IssueMethod.IN_PERSON,
    after_issue: int | None = None,
) -> IssuedPassword:
    """Give the person a starter password for 30 days, with a login if there is none (or a new one if wished).

    The former password opens nothing from now on, and every session and personal key of the account ends; an ended
    account is opened again. `after_issue` is the newest issue that the actor knew of (0: none). Raises OwnerRuleError:
    `person_not_current` (its import was undone), `issued_meanwhile` (there is a newer issue than that).
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.is_current:
        raise OwnerRuleError("person_not_current", f"Person {person.code} is not in the registry any more.")
    issues = StarterPasswordIssue.objects.filter(account__person=person)
    if after_issue is not None and issues.filter(pk__gt=after_issue).exists():
        raise OwnerRuleError("issued_meanwhile", "Another starter password was issued meanwhile.")
    account = OwnerAccount.objects.select_for_update().filter(person=person).first()
    is_new_login = account is None or new_login
    if account is None:
        account = OwnerAccount(person=person, login=_first_login(person))
    elif new_login:
        account.login = _free_generated_login()
    password = make_starter_password()
    account.set_password(password)
    account.is_active = account.must_change_password = True
    account.starter_expires_at = timezone.now() + STARTER_VALIDITY
    account.save()
    issue = StarterPasswordIssue.objects.create(
        account=account,
        issued_by_id=actor.id,
        issued_by_name=actor.name,
        method=IssueMethod(method),
        expires_at=account.starter_expires_at,
        is_login_new=is_new_login,
    )
    ended = _delete_sessions(account.pk)
    end_tokens(account.pk)
    record_act(
        actor=actor,
        action="starter_password.issued",
        target=f"person:{person.pk}",
        issue=issue.pk,
        method=issue.method,
        is_login_new=is_new_login,
        sessions_ended=ended,
    )
    return IssuedPassword(account.login, password, account.starter_expires_at, issue.pk, person.pk)


@transaction.atomic
def issue_letters(*, actor: Actor, person_ids: Sequence[int], chosen: AccessFilter) -> list[IssuedPassword]:
    """Starter passwords for letters, in the order of `person_ids`; at most LETTERS_AT_ONCE.

    Who left the state `chosen` in the meantime (another clerk was faster) is passed over: nobody's fresh password
    is replaced. Raises OwnerRuleError (`too_many_letters`).
    """
    if len(person_ids) > LETTERS_AT_ONCE:
        raise OwnerRuleError("too_many_letters", f"At most {LETTERS_AT_ONCE} letters at once.")
    # Locked first and asked again afterwards: the second statement sees what a faster clerk has committed.
    list(Person.objects.select_for_update().filter(pk__in=person_ids).order_by("pk"))
    people = filter_people(chosen, now=timezone.now()).in_bulk(list(person_ids))
    return [
        issue_starter_password(actor=actor, person=people[person_id], method=IssueMethod.LETTER)
        for person_id in person_ids
        if person_id in people
    ]


@transaction.atomic
def record_handover(
    *, actor: Actor, issue: StarterPasswordIssue, received_by: str, is_identity_checked: bool
) -> StarterPasswordIssue:
    """Record who received a starter password, now. In person the identity must have been checked.

    Without a check it can only be a letter sent by post, and only where the association allows that. Raises
    OwnerRuleError: `receiver_missing`, `handed_over_already`, `identity_not_checked`, `post_not_allowed`.
    """
    issue = StarterPasswordIssue.objects.select_for_update().get(pk=issue.pk)
    receiver = " ".join(received_by.split())
    if not receiver:
        raise OwnerRuleError("receiver_missing", "Who received the starter password must be named.")
    if issue.received_at is not None:
        raise OwnerRuleError("handed_over_already", "This starter password was handed over already.")
    if not is_identity_checked:
        if issue.method != IssueMethod.LETTER:
            raise OwnerRuleError(
                "identity_not_checked", "In person the receiver's identity is checked first."
            )
        if not current_profile().allows_letters_by_post:
            raise OwnerRuleError("post_not_allowed", "This association sends no starter passwords by post.")
    issue.received_by = receiver
    issue.received_at = timezone.now()
    issue.is_identity_checked = is_identity_checked
    issue.save(update_fields=["received_by", "received_at", "is_identity_checked"])
    record_act(
        actor=actor,
        action="starter_password.handed_over",
        target=f"issue:{issue.pk}",
        is_identity_checked=is_identity_checked,
    )
    return issue


@transaction.atomic
def change_password(*, account: OwnerAccount, new_password: str, keep_session: str | None = None) -> None:
    """Set the owner's own password and end the account's sessions but the one with the key `keep_session`.

    Raises WeakPasswordError with every fault, and OwnerRuleError (`starter_expired`, `account_ended`).
    """
    locked = OwnerAccount.objects.select_for_update().select_related("person").get(pk=account.pk)
    if not locked.is_active:
        raise OwnerRuleError("account_ended", "The account was ended.")
    if locked.has_expired_starter:
        raise OwnerRuleError("starter_expired", "The starter password has expired.")
    if faults := find_faults(locked, new_password):
        raise WeakPasswordError(faults)
    was_starter = locked.must_change_password
    locked.set_password(new_password)
    locked.must_change_password = False
    locked.starter_expires_at = None
    locked.password_changed_at = timezone.now()
    locked.save()
    tell_password_changed(account_id=locked.pk, at=locked.password_changed_at)
    ended = _delete_sessions(locked.pk, keep=keep_session)
    record_act(
        actor=owner_actor(locked),
        action="password.changed",
        target=f"account:{locked.pk}",
        was_starter=was_starter,
        sessions_ended=ended,
    )
    for name in ("password", "must_change_password", "starter_expires_at", "password_changed_at"):
        setattr(account, name, getattr(locked, name))


@transaction.atomic
def end_sessions(*, actor: Actor, account: OwnerAccount, keep: str | None = None) -> int:
    """Sign the account out everywhere, but for the session with the key `keep`; how many sessions ended."""
    ended = _delete_sessions(account.pk, keep=keep)
    record_act(actor=actor, action="sessions.ended", target=f"account:{account.pk}", sessions_ended=ended)
    return ended


def choose_language(*, account: OwnerAccount, language: str) -> None:
    """Remember the language for the next sign-in and for e-mails; the caller knows that there is such a one."""
    OwnerAccount.objects.filter(pk=account.pk).exclude(language=language).update(language=language)
    account.language = language


@transaction.atomic
def deactivate_account(*, actor: Actor, account: OwnerAccount) -> None:
    """Close the account: nobody signs in with it until the office issues a starter password again."""
    locked = OwnerAccount.objects.select_for_update().get(pk=account.pk)
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    ended = _delete_sessions(locked.pk)
    end_tokens(locked.pk)
    record_act(actor=actor, action="account.deactivated", target=f"account:{locked.pk}", sessions_ended=ended)


def owner_actor(account: OwnerAccount) -> Actor:
    """The owner as the one who acts."""
    return Actor(kind="owner", id=account.pk, name=account.person.name)


def _first_login(person: Person) -> str:
    login = login_from_code(person.code)
    if login and not OwnerAccount.objects.filter(login=login).exists():
        return login
    return _free_generated_login()


def _free_generated_login() -> str:
    while True:
        login = make_login()
        if not OwnerAccount.objects.filter(login=login).exists():
            return login


def _delete_sessions(account_id: uuid.UUID, *, keep: str | None = None) -> int:
    sessions = OwnerSession.objects.filter(account_id=account_id)
    return (sessions.exclude(session_key=keep) if keep else sessions).delete()[0]
