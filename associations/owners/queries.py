"""Who can sign in: people with the state of their access (stan dostępu), and one person's access in full."""

import datetime as dt
import enum
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from associations.owners.models import OwnerAccount, OwnerSession, StarterPasswordIssue
from associations.premises.models import HoldingMember, Person, Premises, PremisesKind

SEEN_LATELY = dt.timedelta(days=30)
IDLE = dt.timedelta(days=365)


class AccessState(enum.StrEnum):
    """Where a person's access stands."""

    NEVER_ISSUED = "never_issued"  # nigdy nie wydano
    ISSUED = "issued"  # wydane, jeszcze nie zmienione
    EXPIRED = "expired"  # hasło startowe straciło ważność
    ACTIVE = "active"  # ma własne hasło
    ENDED = "ended"  # konto zamknięte


class AccessFilter(enum.StrEnum):
    """Which people a list holds: those of a state, or of a list that the office works through."""

    EVERYBODY = ""
    NEVER_ISSUED = "nigdy-nie-wydane"
    NEVER_CHANGED = "nigdy-nie-zmienione"
    ISSUED = "wydane"
    EXPIRED = "po-terminie"
    NOT_HANDED_OVER = "bez-potwierdzenia"
    ACTIVE = "czynne"
    SEEN_LATELY = "ostatnie-30-dni"
    IDLE = "od-roku-nie"
    ENDED = "zamkniete"


@dataclass(frozen=True, slots=True)
class HeldPremises:
    """A premises that a person holds or held."""

    code: str
    address: str
    is_present: bool
    is_flat: bool


@dataclass(frozen=True, slots=True)
class PersonAccess:
    """A person in the list; the login is no secret to the office, a password nobody can show."""

    person_id: int
    code: str
    name: str
    premises: tuple[HeldPremises, ...]
    state: AccessState
    login: str = ""
    starter_expires_at: dt.datetime | None = None
    last_login: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class AccessCounts:
    """How many people stand where."""

    people: int
    never_issued: int
    never_changed: int
    active: int


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One issue of a starter password in a person's history."""

    id: int
    issued_at: dt.datetime
    issued_by_name: str
    method: str
    expires_at: dt.datetime
    is_login_new: bool
    received_by: str
    received_at: dt.datetime | None
    is_identity_checked: bool


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One person's access in full, the newest issue first."""

    access: PersonAccess
    account_id: uuid.UUID | None
    password_changed_at: dt.datetime | None
    session_count: int
    has_totp: bool
    issues: tuple[IssueLine, ...]


def filter_people(
    chosen: AccessFilter = AccessFilter.EVERYBODY, *, now: dt.datetime, search: str = ""
) -> QuerySet[Person]:
    """Current people in Polish order; `search` is part of a name, login, person code or premises code."""
    people = Person.objects.filter(is_current=True).filter(_condition(chosen, now)).order_by("sort_key", "id")
    for word in search.split():
        held = HoldingMember.objects.filter(
            person_id=OuterRef("pk"), holding__premises__code__icontains=word
        ).order_by("id")
        people = people.filter(
            Q(name__icontains=word)
            | Q(code__icontains=word)
            | Q(account__login__icontains=word)
            | Exists(held)
        )
    return people


def people_with_access(
    people: QuerySet[Person], *, offset: int, limit: int, now: dt.datetime, today: dt.date
) -> tuple[PersonAccess, ...]:
    """A stretch of `filter_people`, with premises: two queries whatever its length."""
    rows = list(people.select_related("account")[offset : offset + limit])
    held = premises_of([row.pk for row in rows], today=today)
    return tuple(_describe(row, held[row.pk], now) for row in rows)


def count_access(*, now: dt.datetime) -> AccessCounts:
    """Figures above the list, in one query."""
    figures = Person.objects.filter(is_current=True).aggregate(
        people=Count("pk"),
        never_issued=Count("pk", filter=_condition(AccessFilter.NEVER_ISSUED, now)),
        never_changed=Count("pk", filter=_condition(AccessFilter.NEVER_CHANGED, now)),
        active=Count("pk", filter=_condition(AccessFilter.ACTIVE, now)),
    )
    return AccessCounts(**figures)


def person_card(person: Person, *, now: dt.datetime, today: dt.date) -> PersonCard:
    """Access of one person with every issue; four queries."""
    person = Person.objects.select_related("account").get(pk=person.pk)
    account = account_of(person)
    issues: Iterable[StarterPasswordIssue] = account.issues.order_by("-id") if account else ()
    sessions = OwnerSession.objects.filter(account_id=account.pk, expire_date__gt=now) if account else None
    return PersonCard(
        access=_describe(person, premises_of([person.pk], today=today)[person.pk], now),
        account_id=account.pk if account else None,
        password_changed_at=account.password_changed_at if account else None,
        session_count=sessions.count() if sessions is not None else 0,
        has_totp=account is not None and account.has_totp,
        issues=tuple(_describe_issue(issue) for issue in issues),
    )


def premises_of(person_ids: Sequence[int], *, today: dt.date) -> dict[int, tuple[HeldPremises, ...]]:
    """Premises of these people, those held today first; one query."""
    members = (
        HoldingMember.objects.filter(person_id__in=person_ids, holding__premises__is_current=True)
        .select_related("holding__premises")
        .order_by("holding__premises__sort_key", "holding__premises_id", "id")
    )
    found: dict[int, dict[str, HeldPremises]] = defaultdict(dict)
    for member in members:
        premises, holding = member.holding.premises, member.holding
        is_present = (holding.starts_on is None or holding.starts_on <= today) and (
            holding.ends_on is None or holding.ends_on >= today
        )
        known = found[member.person_id].get(premises.code)
        if known is None or (is_present and not known.is_present):
            found[member.person_id][premises.code] = HeldPremises(
                premises.code, address_of(premises), is_present, premises.kind == PremisesKind.FLAT
            )
    return {
        person_id: tuple(sorted(found[person_id].values(), key=lambda held: not held.is_present))
        for person_id in person_ids
    }


def address_of(premises: Premises) -> str:
    """`ul. Słoneczna 2 m. 34`; a garage or shop is `ul. Słoneczna 2, lok. 3`."""
    between = " m. " if premises.kind == PremisesKind.FLAT else ", lok. "
    return between.join(part for part in (premises.address, premises.number) if part)


def account_of(person: Person) -> OwnerAccount | None:
    """The person's account, or None; no query where it was selected with the person."""
    return getattr(person, "account", None)


def _describe(person: Person, premises: tuple[HeldPremises, ...], now: dt.datetime) -> PersonAccess:
    account = account_of(person)
    if account is None:
        return PersonAccess(person.pk, person.shown_code, person.name, premises, AccessState.NEVER_ISSUED)
    return PersonAccess(
        person_id=person.pk,
        code=person.shown_code,
        name=person.name,
        premises=premises,
        state=_judge(account, now),
        login=account.login,
        starter_expires_at=account.starter_expires_at,
        last_login=account.last_login,
    )


def _describe_issue(issue: StarterPasswordIssue) -> IssueLine:
    return IssueLine(
        id=issue.pk,
        issued_at=issue.issued_at,
        issued_by_name=issue.issued_by_name,
        method=issue.method,
        expires_at=issue.expires_at,
        is_login_new=issue.is_login_new,
        received_by=issue.received_by,
        received_at=issue.received_at,
        is_identity_checked=issue.is_identity_checked,
    )


def _judge(account: OwnerAccount, now: dt.datetime) -> AccessState:
    if not account.is_active:
        return AccessState.ENDED
    if not account.must_change_password:
        return AccessState.ACTIVE
    expires_at = account.starter_expires_at
    return AccessState.ISSUED if expires_at and expires_at > now else AccessState.EXPIRED


def _condition(chosen: AccessFilter, now: dt.datetime) -> Q:
    given = Q(account__is_active=True, account__must_change_password=True)
    own = Q(account__is_active=True, account__must_change_password=False)
    newer = StarterPasswordIssue.objects.filter(account=OuterRef("account"), pk__gt=OuterRef("pk"))
    waiting = StarterPasswordIssue.objects.filter(
        ~Exists(newer.order_by("id")), account__person_id=OuterRef("pk"), received_at__isnull=True
    ).order_by("id")
    conditions: dict[AccessFilter, Q] = {
        AccessFilter.EVERYBODY: Q(),
        AccessFilter.NEVER_ISSUED: Q(account__isnull=True),
        AccessFilter.NEVER_CHANGED: given,
        AccessFilter.ISSUED: given & Q(account__starter_expires_at__gt=now),
        AccessFilter.EXPIRED: given & ~Q(account__starter_expires_at__gt=now),
        AccessFilter.NOT_HANDED_OVER: given & Q(account__starter_expires_at__gt=now) & Q(Exists(waiting)),
        AccessFilter.ACTIVE: own,
        AccessFilter.SEEN_LATELY: own & Q(account__last_login__gt=now - SEEN_LATELY),
        AccessFilter.IDLE: own & ~Q(account__last_login__gt=now - IDLE),
        AccessFilter.ENDED: Q(account__is_active=False),
    }
    return conditions[chosen]
