"""A move whose server or disk gives out in the middle: a sentence, nothing half-made, and a second run completes."""

import resource
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connections

from saas.keeping import moving
from saas.keeping.moving import read_move
from tests.saas.keeping.restored import lose_the_server
from tests.saas.keeping.test_moving import state_of, state_there, there
from tests.saas.management.conftest import Run
from tests.samples_database import Samples

__all__ = ["there"]


@pytest.mark.parametrize(
    ("moment", "step"),
    [("wait_for_writers", "rehearsed"), ("make_backup", "begun"), ("refuse_late_acts", "switched")],
)
def test_a_server_restarted_in_the_middle_is_told_and_the_next_run_goes_on(
    run: Run,
    samples_db: Samples,
    folder: Path,
    there: str,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
    step: str,
) -> None:
    former = getattr(moving, moment)

    def die(*words: Any, **options: Any) -> Any:
        lose_the_server()
        return former(*words, **options)

    with monkeypatch.context() as patch:
        patch.setattr(moving, moment, die)
        with pytest.raises(
            CommandError, match=r"The database (was lost meanwhile|refused it|does not answer)"
        ):
            run("move_association", "lipowa", "--there", there)
    connections["owner"].close()
    move = read_move("lipowa")
    assert move is not None
    assert move.step == step
    assert state_of(samples_db.lipowa) == ("active" if step == "begun" else "read_only")

    run("move_association", "lipowa")

    assert (state_of(samples_db.lipowa), state_there(there)) == ("archived", ["active"])


def test_a_full_disk_is_told_and_the_next_run_goes_on(
    run: Run, samples_db: Samples, folder: Path, there: str
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(CommandError, match="The backup was not written: File too large"):
            run("move_association", "lipowa", "--there", there)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert state_of(samples_db.lipowa) == "active"
    assert state_there(there) == []
    assert list(folder.rglob("*.tar*")) == []

    run("move_association", "lipowa")

    assert (state_of(samples_db.lipowa), state_there(there)) == ("archived", ["active"])
