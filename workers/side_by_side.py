"""Two connections for one job: what does not depend on each other is done side by side.

The second one is a thread's, inside the same association; it sees what is committed. It lasts as long as the tasks.
"""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Thread

from django.db import connection, connections

from saas.tenancy.switching import AssociationRef, enter_association

Task = Callable[[], None]


class SideBySide:
    """An `associations.imports.steps.Share`: the caller's own work, and beside it tasks that both take in turn."""

    def __init__(self, association: AssociationRef) -> None:
        self._association = association

    def __call__(self, own: Task, tasks: Sequence[Task]) -> None:
        """Do all of it; the first error of either side, when both have ended."""
        run = _Run(self._association, tasks)
        run.start()
        try:
            own()
            run.take()
        except BaseException:
            run.forget()
            raise
        finally:
            run.join()
        run.raise_error()


class _Run:
    def __init__(self, association: AssociationRef, tasks: Sequence[Task]) -> None:
        self._association = association
        self._tasks = deque(tasks)
        self._error: BaseException | None = None
        self._thread = Thread(target=self._beside, name="beside", daemon=True)
        self.start, self.join = self._thread.start, self._thread.join

    def take(self) -> None:
        """Do what is left, one after the other."""
        while True:
            try:
                task = self._tasks.popleft()
            except IndexError:
                return
            task()

    def forget(self) -> None:
        """Begin nothing more."""
        self._tasks.clear()

    def raise_error(self) -> None:
        """What went wrong on the other side, if anything."""
        if self._error is not None:
            raise self._error

    def _beside(self) -> None:
        try:
            with enter_association(self._association):
                with connection.cursor() as cursor:
                    # As workers.running: a statement of a worker that was killed ends soon.
                    cursor.execute("SET client_connection_check_interval = '1s'")
                self.take()
        except BaseException as error:  # noqa: BLE001  it is raised where the job is done
            self._error = error
            self.forget()
        finally:
            connections.close_all()
