"""Pulpit: what needs attention in one association, its figures, and the way to begin in an empty one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from associations.imports.models import BatchState
from associations.imports.phases import RUNNING_STATES
from associations.imports.queries import BatchEntry, list_batches
from associations.ledger.latest import AssociationFigures, association_figures
from associations.owners.queries import AccessCounts, count_access
from billing_views.manager.batch import SEES_IMPORTS
from billing_views.manager.batch_sentences import name_state, say_errors, say_moment, say_problems
from billing_views.manager.batch_summary import name_batch, read_summary
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.imports_table import batch_table
from billing_views.parts.cards import Fact
from billing_views.parts.formatting import format_day, format_quantity
from billing_views.parts.notices import Notice
from billing_views.parts.page import ManagerPage
from billing_views.parts.plurals import choose_form
from billing_views.parts.tables import Table
from saas.staff import roles
from saas.staff.access import StaffGrant

RECENT = 5
ATTENTION = 10
OPEN_STATES = (BatchState.READY, BatchState.BLOCKED, *RUNNING_STATES)


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A step of the way from an empty association to owners who sign in; `url` where the role may take it."""

    label: str
    text: str
    state: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Desk:
    """What the page shows; `steps` until somebody has access, `recent` for those who see imports."""

    page: ManagerPage
    notices: tuple[Notice, ...]
    is_calm: bool
    facts: tuple[Fact, ...]
    steps: tuple[FirstStep, ...]
    recent: Table | None


@require_safe
@in_association(is_snapshot=True)
def show_desk(request: HttpRequest, slug: str) -> HttpResponse:
    """Batches that wait for somebody, premises, people with access, the as-of date, the latest imports."""
    grant, base_url = cast("StaffRequest", request).grant, f"/a/{slug}/"
    figures, access = association_figures(), count_access(now=timezone.now())
    sees_imports = roles.is_allowed(grant.role, SEES_IMPORTS)
    recent = list_batches(limit=RECENT) if sees_imports else []
    waiting = list_batches(limit=ATTENTION, states=OPEN_STATES) if sees_imports else []
    notices = tuple(_say_waiting(batch, base_url) for batch in waiting)
    steps = first_steps(figures, access, recent, grant, base_url)
    view = Desk(
        page=manager_page(request, _("Pulpit"), current="desk"),
        notices=notices,
        is_calm=not notices and not steps,
        facts=_facts(figures, access, base_url, grant),
        steps=steps,
        recent=batch_table(_("Ostatnie importy"), recent, imports_url=f"{base_url}importy/")
        if recent
        else None,
    )
    return TemplateResponse(request, "manager/dashboard.html", {"view": view, "page": view.page})


def first_steps(
    figures: AssociationFigures,
    access: AccessCounts,
    batches: Sequence[BatchEntry],
    grant: StaffGrant,
    base_url: str,
) -> tuple[FirstStep, ...]:
    """What to do next in a new association; nothing once figures stand and somebody has access."""
    has_premises, has_figures = figures.premises_count > 0, figures.as_of is not None
    done = (
        has_premises or bool(batches),
        has_figures,
        has_premises and has_figures,
        access.active > 0,
    )
    if all(done):
        return ()
    imports_url = f"{base_url}importy/" if grant.can_upload else None
    ready = next((batch for batch in batches if batch.state == BatchState.READY), None)
    preview_url = f"{base_url}importy/{ready.id}/" if ready and grant.can_upload else imports_url
    people_url = f"{base_url}osoby/" if grant.can_issue_passwords else None
    current = done.index(False)
    return tuple(
        FirstStep(
            label, text, _step_state(place, current, is_done=done[place]), url if place == current else None
        )
        for place, ((label, text), url) in enumerate(
            zip(_say_steps(), (imports_url, imports_url, preview_url, people_url), strict=True)
        )
    )


def _say_steps() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("Wgraj lokale i osoby"),
            _(
                "Wykaz lokali oraz osób z tytułami prawnymi, z programu księgowego: arkusz, CSV, DBF albo XML."
            ),
        ),
        (
            _("Wgraj konta, naliczenia, księgowania i salda"),
            _("Razem z lokalami albo osobno. Odczyty i rozliczenia mediów można dodać później."),
        ),
        (
            _("Sprawdź podgląd i opublikuj"),
            _("Porównaj sumy kontrolne z programem. Do publikacji właściciele nie widzą niczego."),
        ),
        (_("Wydaj hasła startowe"), _("Pojedynczo w biurze albo listami dla wszystkich.")),
    )


def _step_state(place: int, current: int, *, is_done: bool) -> str:
    if is_done:
        return "done"
    return "current" if place == current else "ahead"


def _say_waiting(batch: BatchEntry, base_url: str) -> Notice:
    name = name_batch(batch.id, read_summary(batch.summary))
    url = f"{base_url}importy/{batch.id}/"
    title = f"{name} – {name_state(batch.state)}."
    if batch.state == BatchState.READY:
        problems = say_problems(0, batch.warning_count)
        text = _("Do sprawdzenia: {problems}.").format(problems=problems) if problems else ""
        return Notice(title, text, "info", url, _("Sprawdź i opublikuj"))
    if batch.state == BatchState.BLOCKED:
        return Notice(title, f"{say_errors(batch.error_count)}.", "bad", url, _("Zobacz, co jest nie tak"))
    uploaded = _("Wgrano {when}, {who}.").format(when=say_moment(batch.created_at), who=batch.created_by)
    return Notice(title, uploaded, "info", url, _("Zobacz postęp"))


def _facts(
    figures: AssociationFigures, access: AccessCounts, base_url: str, grant: StaffGrant
) -> tuple[Fact, ...]:
    sees_people = roles.is_allowed(grant.role, (*roles.PASSWORD_ISSUERS, roles.READER))
    people_url = f"{base_url}osoby/" if sees_people else None
    return (
        Fact(
            format_quantity(figures.premises_count),
            choose_form(figures.premises_count, _("lokal"), _("lokale"), _("lokali")),
            f"{base_url}lokale/",
        ),
        Fact(
            format_quantity(access.people),
            choose_form(access.people, _("osoba"), _("osoby"), _("osób")),
            people_url,
        ),
        Fact(
            _("{n} z {total}").format(n=format_quantity(access.active), total=format_quantity(access.people)),
            _("osób z własnym hasłem"),
        ),
        Fact(format_day(figures.as_of) or _("brak"), _("stan sald na dzień")),
    )
