"""Who acts in the audit entries of the bench's associations."""

from associations.audit.actors import Actor

BENCH = Actor(kind="operator", id=None, name="make bench")
