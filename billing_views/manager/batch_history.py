"""The history of a batch: who did what and when, how it came in, and what became of its figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from associations.audit.models import AuditEntry
from associations.catalogue import CATALOGUE
from associations.imports.history import LaterFate, batch_acts, later_fate
from associations.imports.models import BatchSource, BatchState, ImportBatch, PublicationKind
from associations.imports.queries import BatchEntry, last_publication, list_named_batches
from billing_views.manager.batch_sentences import say_moment
from billing_views.manager.batch_summary import name_batch, read_summary
from billing_views.manager.journal_sentences import describe_act
from billing_views.parts.page import Tab
from billing_views.parts.tables import Cell, Column, Table

LATER_SHOWN = 20
WITH_CHANGES = (
    BatchState.READY,
    BatchState.BLOCKED,
    BatchState.PUBLISHING,
    BatchState.PUBLISHED,
    BatchState.UNDOING,
    BatchState.UNDONE,
)


@dataclass(frozen=True, slots=True)
class BatchHistory:
    """Context of `manager/batch_history.html`; `fate` says whether the figures still stand ("" before publication)."""

    acts: Table
    source: str
    fate: str
    later: tuple[Tab, ...]
    left_out: tuple[str, ...]
    changes_url: str | None


def describe_history(batch: ImportBatch, slug: str) -> BatchHistory:
    """Two queries, and seven more for a published batch."""
    state = BatchState(batch.state)
    published = last_publication(batch.pk, PublicationKind.PUBLISH)
    is_standing = published is not None and state in {BatchState.PUBLISHED, BatchState.UNDOING}
    fate = LaterFate(0, {})
    if published and is_standing:
        fate = later_fate(CATALOGUE, batch_id=batch.pk, publication_id=published.pk)
    later = list_named_batches(sorted(fate.taken_over)[-LATER_SHOWN:]) if fate.taken_over else []
    return BatchHistory(
        acts=_draw_acts(list(batch_acts(batch.pk)), slug),
        source=_say_source(BatchSource(batch.source)),
        fate=_say_fate(fate) if is_standing else "",
        later=_link_later(later, slug),
        left_out=tuple(published.left_out) if published else (),
        changes_url=f"/a/{slug}/importy/{batch.pk}/zmiany/" if state in WITH_CHANGES else None,
    )


def _draw_acts(acts: Sequence[AuditEntry], slug: str) -> Table:
    columns = (
        Column(_("Co się stało"), "what"),
        Column(_("Kto"), "text", _("Kto")),
        Column(_("Kiedy"), "keep", _("Kiedy")),
    )
    rows = []
    for entry in acts:
        act = describe_act(entry, slug)
        # Every line is about this batch: its number says nothing here.
        detail = act.detail.removeprefix(_("paczka {number}").format(number=entry.target)).removeprefix(", ")
        rows.append((Cell(act.text, note=detail), Cell(entry.actor_name), Cell(say_moment(entry.at))))
    return Table(_("Historia paczki"), columns, tuple(rows), empty=_("Nie ma zapisanych zdarzeń."))


def _say_source(source: BatchSource) -> str:
    return {
        BatchSource.WEB: _("Pliki wgrano na stronie."),
        BatchSource.API: _("Pliki przysłał program przez API."),
        BatchSource.FOLDER: _("Pliki przyszły przez folder wymiany."),
        BatchSource.COMMAND: _("Pliki wgrał operator poleceniem."),
    }[source]


def _say_fate(fate: LaterFate) -> str:
    if fate.is_whole:
        return _("Dane z tej paczki obowiązują w całości.")
    if fate.own:
        return _("Część danych z tej paczki zastąpiły późniejsze paczki:")
    return _("Wszystkie dane z tej paczki zastąpiły późniejsze paczki:")


def _link_later(later: Sequence[BatchEntry], slug: str) -> tuple[Tab, ...]:
    return tuple(
        Tab(
            _("{name}, wgrana {when}").format(
                name=name_batch(entry.id, read_summary(entry.summary)), when=say_moment(entry.created_at)
            ),
            f"/a/{slug}/importy/{entry.id}/",
        )
        for entry in later
    )
