"""How far a check or a publication is, told while it runs: in hundredths, as large ledgers spend their time.

And how work that does not depend on each other is shared.
"""

from collections.abc import Callable, Sequence

Tell = Callable[[int, int], None]
"""Takes what is done and the whole; may raise to end the work."""

Task = Callable[[], None]
Share = Callable[[Task, Sequence[Task]], None]
"""Does the first on the caller's connection and the others wherever there is time, all before it returns.

Tasks open transactions of their own, and see of each other what is committed.
"""

WHOLE = 100
AFTER_RULES = 35
AFTER_GROUPS = 75
AFTER_BOOKS = 90
AFTER_EDITIONS = 40
"""Of a dataset's publication: its editions are closed and opened, its rows are to be written."""


def keep_quiet(done: int, total: int) -> None:
    """For whoever does not want to know."""


def tell_part(tell: Tell, first: int, last: int) -> Tell:
    """A part of the whole as a whole of its own: from `first` to `last` hundredths."""
    return lambda done, total: tell(first + (last - first) * done // max(total, 1), WHOLE)


def do_in_turn(own: Task, tasks: Sequence[Task]) -> None:
    """A Share for whoever has one connection."""
    own()
    for task in tasks:
        task()
