"""Putting an association away: kept, read by nobody, worked on by nobody."""

from django.db import transaction

from associations.audit.actors import Actor
from associations.profile.suspension import archive_association, suspend_association, unarchive_association
from saas.jobs.actions import wake_jobs
from saas.keeping.holding import working_on
from saas.keeping.jobs import end_jobs
from saas.tenancy.switching import AssociationRef, enter_association, enter_public


def put_away(association: AssociationRef, *, actor: Actor) -> bool:
    """Archive it and cancel the jobs that wait; False where it was archived. Raises KeepingError while one runs."""
    with working_on(association.id), transaction.atomic(), enter_association(association):
        suspend_association(actor=actor)
        is_changed = archive_association(actor=actor)
        with transaction.atomic(using="owner"), enter_public(using="owner"):
            end_jobs(association.id)
    return is_changed


def take_out(association: AssociationRef, *, actor: Actor) -> bool:
    """Out of the archive, suspended: the operator looks first and resumes then; False where it was not there."""
    with working_on(association.id), transaction.atomic(), enter_association(association):
        is_changed = unarchive_association(actor=actor)
        wake_jobs(association=association)
    return is_changed
