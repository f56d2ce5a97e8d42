"""An owner's browser at the cooperative's door, with a small flat to look at."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from associations.premises.models import Holding, Person, Premises
from saas.tenancy.switching import AssociationRef
from tests.billing_views.owner.browsing import browser_of
from tests.factories import (
    make_holding,
    make_ledger_account,
    make_person,
    make_premises,
    publish_balance,
    publish_charges,
    publish_postings,
    publish_readings,
    publish_settlement,
)


@dataclass(frozen=True)
class Flat:
    """A flat with figures and the people around it."""

    premises: Premises
    holding: Holding
    owner: Person
    co_owner: Person
    neighbour: Person


@pytest.fixture
def flat(in_sloneczna: AssociationRef) -> Flat:
    """One flat with two funds over two years."""
    premises = make_premises("0401-034")
    owner = make_person("ann", "Nowak Anna", email="anna@example.org", phone="600 100 200")
    co_owner = make_person("jan", "Nowak Jan", email="jan@example.org", phone="600 999 999")
    holding = make_holding(premises, owner, co_owner, starts="2009-01-01")
    neighbour = make_person("eve", "Sąsiad Ewa")
    make_holding(make_premises("0401-035", number="35"), neighbour)
    main, repair = make_ledger_account(name="Opłaty"), make_ledger_account("204-2", "repair", name="Remonty")
    publish_postings(premises, main, "2025-01-01 BO 12", "2025-02-03 NAL 100", "2025-12-30 WB 0 50")
    publish_postings(
        premises, main, "2026-01-01 BO 62", "2026-01-02 NAL_01/2026 612.48", "2026-01-09 WB_7/2026 0 1612.48"
    )
    publish_postings(
        premises, repair, "2026-01-01 BO 0", "2026-01-02 NAL_01/2026 126", "2026-01-09 WB_7/2026 0 168"
    )
    publish_balance(premises, "2026-01-31", "938", "3.17")
    publish_balance(premises, "2026-01-31", "41", fund_code="repair")
    publish_charges(premises, "2025-12", "EKSP 48.5 m2 2.10 101.85", "GONE 1 lokal 5 5.00")
    publish_charges(premises, "2026-01", "EKSP 48.5 m2 2.28 110.58", "ZW 7 m3 11.1564 78.09")
    publish_charges(premises, "2026-01", "FR 48.5 m2 2.80 135.80", fund_code="repair")
    publish_readings(
        premises, "zimna woda", "00225127", "2026-01-31 61.726 2.726 measured", "2026-02-14 62 - removed"
    )
    publish_readings(
        premises, "zimna woda", "00999111", "2026-03-14 0 - installed", "2026-03-31 1.5 1.5 estimated"
    )
    publish_settlement(premises, "zimna woda", ("2025-01-01", "2026-01-31"), ("366.15", "391.56", "-25.41"))
    return Flat(premises, holding, owner, co_owner, neighbour)


@pytest.fixture
def sign_in(in_sloneczna: AssociationRef) -> Callable[[Person], Client]:
    """A browser in which this person is signed in; the password has been changed already."""

    return lambda person: browser_of(in_sloneczna, person)


@pytest.fixture
def browser(flat: Flat, sign_in: Callable[[Person], Client]) -> Client:
    """The owner's."""
    return sign_in(flat.owner)
