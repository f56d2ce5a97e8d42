"""The cast stands where the gate needs it."""

from tests.cast import Role
from tests.samples_database import Samples


def test_other_association_has_the_same_keys(samples: Samples) -> None:
    owner, other = samples[Role.OWNER], samples[Role.OTHER_OWNER]

    assert (other.holding_id, other.host) == (owner.holding_id, "lipowa.localhost")


def test_every_role_is_in_the_cast(samples: Samples) -> None:
    assert set(samples.cast) == set(Role)
