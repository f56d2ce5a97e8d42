"""The cast: people of the two sample sets in every relation to a holding, and staff in every role.

Each member of the cast got an account through the product's own actions and a session by signing in at the own
door. Inside: who they are and how they get in. Their database: tests/samples_database.py.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from associations.audit.actors import SYSTEM
from associations.owners.actions import change_password, issue_starter_password
from associations.owners.models import OwnerAccount
from associations.premises.models import HoldingMember
from saas.staff.actions import create_staff
from saas.staff.granting import grant_access
from saas.tenancy.models import Association
from saas.tenancy.switching import AssociationRef, enter_association

PASSWORD = "zielony rower na dachu"
APEX = "localhost"


class Role(StrEnum):
    """Everybody who could ask for a page of the holding of OWNER and CO_OWNER, or of the flat that was sold."""

    ANONYMOUS = "anonymous"
    OWNER = "owner"
    CO_OWNER = "co_owner"
    FORMER_OWNER = "former_owner"  # sold 0401-022 …
    BUYER = "buyer"  # … to this one
    NEIGHBOUR = "neighbour"  # owner elsewhere in the same association
    OTHER_OWNER = "other_owner"  # of the other association, with the holding's and person's keys of OWNER
    MANAGER = "manager"
    MANAGER_ELSEWHERE = "manager_elsewhere"
    BOOKKEEPER = "bookkeeper"
    PUBLISHING_BOOKKEEPER = "publishing_bookkeeper"
    OFFICE = "office"
    READER = "reader"
    OPERATOR = "operator"  # without a grant


OWNER_ROLES = (Role.OWNER, Role.CO_OWNER, Role.FORMER_OWNER, Role.BUYER, Role.NEIGHBOUR, Role.OTHER_OWNER)
STAFF_ROLES = tuple(role for role in Role if role not in {*OWNER_ROLES, Role.ANONYMOUS})
STAFF_HERE = (Role.MANAGER, Role.BOOKKEEPER, Role.PUBLISHING_BOOKKEEPER, Role.OFFICE, Role.READER)

PERSON_CODES = {
    Role.OWNER: "17000200",
    Role.CO_OWNER: "17000201",
    Role.FORMER_OWNER: "17000220",
    Role.BUYER: "17000221",
    Role.NEIGHBOUR: "17000010",
}


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast: how they sign in and the session they have. Keys are those of the sample database."""

    role: Role
    login: str
    session: str
    host: str
    person_id: int = 0
    holding_id: int = 0

    @property
    def is_owner(self) -> bool:
        return self.role in OWNER_ROLES

    def browser(self, host: str | None = None, *, enforce_csrf_checks: bool = False) -> Client:
        """A browser with this member's session, at the own door or (a cookie moved by hand) at another."""
        client = Client(enforce_csrf_checks=enforce_csrf_checks, headers={"host": host or self.host})
        if self.session:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        return client


ANONYMOUS = Member(Role.ANONYMOUS, login="", session="", host=APEX)
Cast = dict[Role, Member]


def make_cast() -> Cast:
    """Accounts and sessions for everybody; the samples are imported already. Commits."""
    here, there = refs()
    cast = {Role.ANONYMOUS: ANONYMOUS}
    for role, code in PERSON_CODES.items():
        cast[role] = _make_owner(role, here, person__code=code)
    cast[Role.OTHER_OWNER] = _make_owner(Role.OTHER_OWNER, there, holding=cast[Role.OWNER].holding_id)
    for role in STAFF_ROLES:
        cast[role] = _make_staff(role, there if role == Role.MANAGER_ELSEWHERE else here)
    return cast


def refs() -> tuple[AssociationRef, AssociationRef]:
    """The cooperative and the community."""
    rows = {str(row.slug): row for row in Association.objects.all()}
    here, there = (
        AssociationRef(id=rows[slug].id, slug=slug, schema_name=str(rows[slug].schema_name))
        for slug in ("sloneczna", "lipowa")
    )
    return here, there


def _make_owner(role: Role, association: AssociationRef, **which: Any) -> Member:
    host = f"{association.slug}.localhost"
    with enter_association(association):
        member = HoldingMember.objects.select_related("person").filter(**which).order_by("pk")[0]
        login = issue_starter_password(actor=SYSTEM, person=member.person).login
        account = OwnerAccount.objects.select_related("person").get(person=member.person)
        change_password(account=account, new_password=PASSWORD)
    session = sign_in(host, login=login, password=PASSWORD)
    return Member(role, login, session, host, member.person_id, member.holding_id)


def _make_staff(role: Role, association: AssociationRef) -> Member:
    email = f"{role}@zarzadca.example"
    user = create_staff(
        actor=SYSTEM,
        email=email,
        name=f"{role} z zarządu",
        password=PASSWORD,
        is_operator=role == Role.OPERATOR,
    )
    names = {Role.MANAGER_ELSEWHERE: "manager", Role.PUBLISHING_BOOKKEEPER: "bookkeeper"}
    if role != Role.OPERATOR:
        grant_access(
            actor=SYSTEM,
            user=user,
            association=association,
            role=names.get(role, str(role)),
            may_publish=role == Role.PUBLISHING_BOOKKEEPER,
            expires_at=timezone.now() + dt.timedelta(days=2),
        )
    return Member(role, email, sign_in(APEX, email=email, password=PASSWORD), APEX)


def sign_in(host: str, **given: str) -> str:
    """The key of the session that the door's own sign-in page opens."""
    client = Client(headers={"host": host})
    response = client.post("/logowanie/", given)
    assert response.status_code == 302, response.content.decode()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def describe(cast: Cast) -> list[dict[str, Any]]:
    """The cast for other processes of the run."""
    return [asdict(member) for member in cast.values()]


def recall(described: list[dict[str, Any]]) -> Cast:
    """What `describe` wrote down."""
    return {Role(row["role"]): Member(**row | {"role": Role(row["role"])}) for row in described}
