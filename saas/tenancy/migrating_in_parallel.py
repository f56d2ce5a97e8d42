"""Many associations migrated by several processes; one that dies takes nothing but its own association with it."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess

from django.db import connections

from saas.tenancy.migrating import FAILED, Group, migrate_one
from saas.tenancy.switching import AssociationRef

TRIES = 3
# Worth another try at the end: somebody used a table, or the association as a whole, just then.
PASSING = (f"{FAILED}: LockNotAvailable", f"{FAILED}: DeadlockDetected", f"{FAILED}: busy")
# Forked, so that nothing is imported anew; this process has no threads, and its connections are closed before.
_context = get_context("fork")
Task = tuple[AssociationRef, int, int]


def migrate_groups(
    groups: Sequence[Group], *, jobs: int, lock_seconds: float
) -> Iterator[tuple[AssociationRef, str]]:
    """Each association with what became of it, as they are done (saas.tenancy.migrating.migrate_one)."""
    tasks: deque[Task] = deque((ref, number, 1) for number, group in enumerate(groups) for ref in group.refs)
    jobs = min(jobs, len(tasks))
    if jobs > 1:
        connections.close_all()
        yield from _Crew(groups, jobs, lock_seconds).work(tasks)
        return
    while tasks:
        ref, number, tried = tasks.popleft()
        outcome = migrate_one(ref, groups[number], lock_seconds=lock_seconds)
        if outcome in PASSING and tried < TRIES:
            tasks.append((ref, number, tried + 1))
        else:
            yield ref, outcome


class _Crew:
    """Processes that are handed one association at a time."""

    def __init__(self, groups: Sequence[Group], jobs: int, lock_seconds: float) -> None:
        self._groups, self._lock_seconds, self._jobs = groups, lock_seconds, jobs
        self._members: dict[Connection, ForkProcess] = {}
        self._doing: dict[Connection, Task] = {}

    def work(self, tasks: deque[Task]) -> Iterator[tuple[AssociationRef, str]]:
        """Hand out until all is done."""
        try:
            while tasks or self._doing:
                self._hand_out(tasks)
                for pipe in wait(list(self._doing)):
                    assert isinstance(pipe, Connection)  # noqa: S101 - only such were given
                    ref, number, tried = self._doing.pop(pipe)
                    outcome = self._heard(pipe)
                    if outcome in PASSING and tried < TRIES:
                        tasks.append((ref, number, tried + 1))
                    else:
                        yield ref, outcome
        finally:
            self._dismiss()

    def _hand_out(self, tasks: deque[Task]) -> None:
        idle = [pipe for pipe in self._members if pipe not in self._doing]
        while tasks and (idle or len(self._members) < self._jobs):
            pipe = idle.pop() if idle else self._hire()
            task = tasks.popleft()
            self._doing[pipe] = task
            # A member that has just died is noticed when its answer is read.
            with suppress(OSError):
                pipe.send(task[:2])

    def _hire(self) -> Connection:
        near, far = _context.Pipe()
        process = _context.Process(target=self._serve, args=(far, near), daemon=True)
        process.start()
        far.close()
        self._members[near] = process
        return near

    def _heard(self, pipe: Connection) -> str:
        try:
            return str(pipe.recv())
        except (EOFError, OSError):
            process = self._members.pop(pipe)
            process.join()
            pipe.close()
            return f"{FAILED}: its process ended with {process.exitcode}"

    def _serve(self, far: Connection, near: Connection) -> None:
        """In the child: until the other end is closed."""
        # The parent's ends were inherited; kept open, they would never tell that the parent is gone.
        for pipe in (near, *self._members):
            pipe.close()
        with suppress(EOFError, KeyboardInterrupt):
            while True:
                ref, number = far.recv()
                far.send(migrate_one(ref, self._groups[number], lock_seconds=self._lock_seconds))
        connections.close_all()

    def _dismiss(self) -> None:
        for pipe in self._members:
            pipe.close()
        for process in self._members.values():
            process.join(timeout=5)
            if process.is_alive():
                process.terminate()
