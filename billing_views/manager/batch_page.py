"""The page of one batch (paczka) as values: where it stands, what it would change, what is wrong, what may be done.

Pure: from rows that were read to what the template shows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.timezone import now
from django.utils.translation import gettext as _

from associations.imports.cancelling import READABLE_AGAIN
from associations.imports.consents import mark_of_preview
from associations.imports.corrections import CORRECTABLE_STATES
from associations.imports.models import (
    BatchState,
    ImportBatch,
    ImportFile,
    ImportTable,
    Problem,
    Publication,
    Severity,
)
from associations.imports.phases import RUNNING_STATES
from billing_views.manager.batch_file_lines import FileLine, ask_for_columns, describe_files
from billing_views.manager.batch_notices import batch_notices
from billing_views.manager.batch_progress import describe_progress
from billing_views.manager.batch_sentences import (
    Pill,
    label_publish,
    say_files,
    say_moment,
    state_pill,
)
from billing_views.manager.batch_summary import BatchSummary, name_batch, read_summary
from billing_views.manager.batch_tables import datasets_table
from billing_views.manager.batch_totals import (
    TotalsDetails,
    agreement_table,
    statements_table,
    totals_details,
    totals_table,
)
from billing_views.parts import tables
from billing_views.parts.cards import Fact
from billing_views.parts.formatting import format_quantity
from billing_views.parts.notices import Notice
from billing_views.parts.plurals import choose_form
from billing_views.parts.progress import Progress, Step
from saas.jobs.cancelling import may_cancel
from saas.staff.access import StaffGrant

WAITING_STATES = (BatchState.READY, BatchState.BLOCKED)
REJECTABLE_STATES = (*WAITING_STATES, *READABLE_AGAIN)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the page of a batch and what belongs to it lie."""

    imports: str
    batch_id: int

    @property
    def page(self) -> str:
        """The batch itself; its other addresses begin with it."""
        return f"{self.imports}{self.batch_id}/"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the signed-in person may do with the batch now; labels of None are not offered."""

    publish: str | None = None
    is_publish_open: bool = False
    publish_without: str | None = None
    can_reject: bool = False
    can_cancel: bool = False
    can_read_again: bool = False
    can_undo: bool = False


@dataclass(frozen=True, slots=True)
class BatchView:
    """Everything between the heading of the page and its problems. `mark` says which preview a button publishes."""

    url: str
    title: str
    pill: Pill
    uploaded: str
    steps: tuple[Step, ...]
    progress: Progress | None
    notices: tuple[Notice, ...]
    facts: tuple[Fact, ...]
    datasets: tables.Table | None
    totals: tables.Table | None
    agreement: tables.Table | None
    statements: tables.Table | None
    totals_details: tuple[TotalsDetails, ...]
    notes: tuple[str, ...]
    files: tuple[FileLine, ...]
    choices: Choices
    mark: str


@dataclass(frozen=True, slots=True)
class BatchRows:
    """What was read about a batch."""

    batch: ImportBatch
    files: Sequence[ImportFile]
    tables: Sequence[ImportTable]
    published: Publication | None
    undone: Publication | None


def describe_batch(rows: BatchRows, grant: StaffGrant, addresses: Addresses) -> BatchView:
    """The page for this person."""
    batch, state = rows.batch, BatchState(rows.batch.state)
    summary = read_summary(batch.summary)
    is_running = state in RUNNING_STATES
    can_correct = grant.can_upload and state in CORRECTABLE_STATES
    return BatchView(
        url=addresses.page,
        title=name_batch(batch.pk, summary),
        pill=state_pill(state),
        uploaded=_("Wgrano {when} · {who} · {files}").format(
            when=say_moment(batch.created_at), who=batch.created_by_name, files=say_files(len(rows.files))
        ),
        steps=make_steps(state),
        progress=describe_progress(batch, addresses.page, now()) if is_running else None,
        notices=(
            *batch_notices(batch, summary, rows.published, rows.undone, url=addresses.page),
            *(ask_for_columns(rows.tables, addresses.page) if can_correct else ()),
        ),
        facts=_facts(batch, summary) if summary.datasets else (),
        datasets=datasets_table(summary, is_published=state == BatchState.PUBLISHED),
        totals=totals_table(summary),
        agreement=agreement_table(summary),
        statements=statements_table(summary),
        totals_details=totals_details(summary),
        notes=tuple(note for figures in summary.datasets for note in figures.notes),
        files=describe_files(
            rows.files,
            rows.tables,
            addresses.page,
            can_correct=can_correct,
        ),
        choices=make_choices(state, summary, grant),
        mark=mark_of_preview(batch) if state in WAITING_STATES else "",
    )


def make_choices(state: BatchState, summary: BatchSummary, grant: StaffGrant) -> Choices:
    """What the state and the grant allow; actions check again when they are asked for."""
    is_waiting = state in WAITING_STATES
    may_publish = is_waiting and grant.can_publish
    is_without_open = may_publish and summary.can_publish_without
    return Choices(
        publish=label_publish(summary) if may_publish and (summary.to_write or summary.gone) else None,
        is_publish_open=may_publish and summary.can_publish,
        publish_without=_("Opublikuj bez lokali z błędami ({n})").format(n=len(summary.premises_with_errors))
        if is_without_open
        else None,
        can_reject=grant.can_upload and state in REJECTABLE_STATES,
        can_cancel=state in RUNNING_STATES and may_cancel(grant, state),
        can_read_again=grant.can_upload and state in READABLE_AGAIN,
        can_undo=grant.can_publish and state == BatchState.PUBLISHED,
    )


def make_steps(state: BatchState) -> tuple[Step, ...]:
    """Pliki, Sprawdzenie, Podgląd, Publikacja; none once the batch was put aside or undone."""
    labels = (_("Pliki"), _("Sprawdzenie"), _("Podgląd"), _("Publikacja"))
    current = {
        BatchState.UPLOADED: 1,
        BatchState.READING: 1,
        BatchState.READY: 2,
        BatchState.BLOCKED: 2,
        BatchState.UNCHANGED: 2,
        BatchState.PUBLISHING: 3,
        BatchState.PUBLISHED: len(labels),
    }.get(state)
    if current is None:
        return ()
    return tuple(
        Step(label, "done" if place < current else "current" if place == current else "ahead")
        for place, label in enumerate(labels)
    )


def describe_problems(problems: Iterable[Problem]) -> tuple[tables.Problem, ...]:
    """Problems as the table shows them: a sheet stands beside its file."""
    return tuple(
        tables.Problem(
            line=problem.row,
            column=problem.column,
            value=problem.value,
            reason=problem.reason,
            file_name=_name_place(problem),
            is_warning=problem.severity == Severity.WARNING,
            suggestion=problem.suggestion,
        )
        for problem in problems
    )


def _name_place(problem: Problem) -> str:
    if problem.sheet:
        return _("{file}, arkusz {sheet}").format(file=problem.file_name, sheet=problem.sheet)
    return problem.file_name


def _facts(batch: ImportBatch, summary: BatchSummary) -> tuple[Fact, ...]:
    rows, new, changed, gone = summary.rows, summary.new, summary.changed, summary.gone
    counts = (
        (rows, choose_form(rows, _("poprawny wiersz"), _("poprawne wiersze"), _("poprawnych wierszy"))),
        (new, choose_form(new, _("nowy"), _("nowe"), _("nowych"))),
        (changed, choose_form(changed, _("zmieniony"), _("zmienione"), _("zmienionych"))),
        (gone, choose_form(gone, _("znikający"), _("znikające"), _("znikających"))),
        (summary.same, _("bez zmian")),
    )
    facts = [Fact(format_quantity(count), label) for count, label in counts]
    if batch.error_count:
        errors = choose_form(batch.error_count, _("błąd"), _("błędy"), _("błędów"))
        facts.append(Fact(format_quantity(batch.error_count), errors, "#problemy"))
    if batch.warning_count:
        warnings = choose_form(batch.warning_count, _("ostrzeżenie"), _("ostrzeżenia"), _("ostrzeżeń"))
        facts.append(Fact(format_quantity(batch.warning_count), warnings, "#problemy"))
    return tuple(facts)
