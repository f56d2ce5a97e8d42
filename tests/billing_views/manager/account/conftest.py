"""A manager of the cooperative, signed out and signed in; no second factor is demanded unless a test asks."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from associations.audit.actors import SYSTEM
from saas.staff.actions import create_staff
from saas.staff.granting import grant_access
from saas.staff.models import StaffUser
from saas.tenancy.switching import AssociationRef

PASSWORD = "zielone-jabłko-7"
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _password_suffices(settings: Settings) -> None:
    settings.TOTP_REQUIRED = False


@pytest.fixture
def manager(db: None, sloneczna: AssociationRef) -> StaffUser:
    user = create_staff(actor=SYSTEM, email="anna@zarzadca.example", name="Anna Zarządca", password=PASSWORD)
    grant_access(actor=SYSTEM, user=user, association=sloneczna, role="manager")
    return user


@pytest.fixture
def apex(db: None) -> Client:
    """A browser at the apex that is not signed in."""
    return Client(SERVER_NAME="localhost", headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})


@pytest.fixture
def signed_in(apex: Client, manager: StaffUser) -> Client:
    """The manager's browser."""
    apex.post("/logowanie/", {"email": manager.email, "password": PASSWORD})
    return apex
