"""What associations say of themselves is asked in the background, kept whole, and never replaced by what is older."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

from saas.celery import app
from saas.observing.models import KeptSurvey
from saas.observing.surveys import ROUND, keep_survey, kept_survey, renew_survey, take_survey
from saas.observing.tasks import ask_all_associations
from saas.tenancy.locking import lock_association
from saas.tenancy.switching import AssociationRef, enter_association, enter_public
from tests.factories import make_premises
from tests.saas.management.conftest import Run, run
from tests.saas.tenancy.conftest import with_roles

__all__ = ["run", "with_roles"]


def test_beat_rings_for_a_task_that_workers_know(
    with_roles: None, settings: Any, sloneczna: AssociationRef
) -> None:
    with enter_association(sloneczna):
        make_premises("0401-034")
    (entry,) = [one for one in settings.CELERY_BEAT_SCHEDULE.values() if ".observing." in one["task"]]

    app.loader.import_default_modules()
    app.tasks[entry["task"]]()

    kept = kept_survey()
    assert entry["task"] == ask_all_associations.name
    assert kept is not None
    assert (kept.states, kept.sizes) == ({"active": 2}, {0: 1, 1: 1, 100: 0, 1000: 0})
    assert (kept.behind, kept.unreadable, kept.is_late) == ((), (), False)
    assert {one.slug for one in kept.largest} == {"sloneczna", "lipowa"}


def test_asked_twice_there_is_one_row_and_it_is_the_younger(committed_db: None) -> None:
    assert renew_survey()
    first = kept_survey()
    assert renew_survey()

    second = kept_survey()

    assert first is not None
    assert second is not None
    assert second.asked_at > first.asked_at
    assert KeptSurvey.objects.count() == 1


def test_what_is_kept_is_read_back_as_it_was_and_an_older_one_does_not_replace_it(
    db: None, sloneczna: AssociationRef
) -> None:
    survey = replace(take_survey(), behind=("lipowa",), unreadable=("sloneczna",))
    older = replace(survey, asked_at=survey.asked_at - dt.timedelta(minutes=1), behind=())

    assert kept_survey() is None
    assert keep_survey(survey)
    assert not keep_survey(older)
    assert kept_survey() == survey


def test_where_another_process_asks_nothing_is_done(committed_db: None) -> None:
    with enter_public(), lock_association(ROUND, using="owner"):
        assert not renew_survey()

    assert kept_survey() is None


def test_one_that_is_three_rings_old_is_late(db: None, settings: Any) -> None:
    survey = take_survey()
    three = 3 * settings.SURVEY_SECONDS

    assert not replace(survey, asked_at=survey.asked_at - dt.timedelta(seconds=three - 60)).is_late
    assert replace(survey, asked_at=survey.asked_at - dt.timedelta(seconds=three + 1)).is_late


def test_the_command_asks_for_the_page_where_no_clock_runs(committed_db: None, run: Run) -> None:
    assert json.loads(run("platform_status", "--json"))["kept_at"] is None

    said = json.loads(run("platform_status", "--keep", "--json"))

    kept = kept_survey()
    assert kept is not None
    assert dt.datetime.fromisoformat(said["kept_at"]) <= kept.asked_at
    assert said["is_late"] is False
