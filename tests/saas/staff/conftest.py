"""Staff of the tests: a manager, an operator."""

import pytest

from associations.audit.actors import SYSTEM
from saas.staff.actions import create_staff
from saas.staff.models import StaffUser


@pytest.fixture
def manager(db: None) -> StaffUser:
    return create_staff(actor=SYSTEM, email="Anna@Zarzadca.example", name="Anna Zarządca")


@pytest.fixture
def operator(db: None) -> StaffUser:
    return create_staff(actor=SYSTEM, email="op@portal.example", name="Olga Operator", is_operator=True)
