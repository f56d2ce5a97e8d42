"""„Co się zmienia”: what a batch brings, changes and lets vanish, row by row, old values beside new ones.

`/a/<slug>/importy/<batch>/zmiany/?zbior=postings&rodzaj=zmienione&szukaj=…&strona=…`, before and after publication.
"""

from collections.abc import Iterable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from associations.change_specs import CHANGE_SPECS, REGISTRY_VIEWS
from associations.imports.access import open_batch
from associations.imports.change_sql import KINDS, Source
from associations.imports.changes import Asked, Changes, ChangeSpec, changed_datasets, read_changes
from associations.imports.models import BatchState, ImportBatch, PublicationKind
from associations.imports.queries import last_publication
from associations.imports.registry_changes import (
    RegistryChanges,
    RegistryView,
    has_registry_changes,
    read_registry_changes,
)
from billing_views.manager.batch import SEES_IMPORTS
from billing_views.manager.batch_changes_page import (
    KIND_WORDS,
    ChangesPage,
    ChangesTable,
    draw_changes,
    draw_registry_changes,
    link_datasets,
    link_kinds,
    say_nothing,
)
from billing_views.manager.batch_summary import name_batch, read_summary
from billing_views.manager.entry import in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.paging import choose_stretch, link_pages

PER_PAGE = 50
LONGEST_SEARCH = 100
WAITING = (BatchState.READY, BatchState.BLOCKED, BatchState.PUBLISHING)
PUBLISHED = (BatchState.PUBLISHED, BatchState.UNDOING, BatchState.UNDONE)
View = ChangeSpec | RegistryView


@require_safe
@in_association(*SEES_IMPORTS, is_snapshot=True)
def show_changes(request: HttpRequest, slug: str, batch_id: int) -> HttpResponse:
    """Fifty rows of one dataset and kind; the first that has any where the address names none."""
    batch = open_batch(batch_id)
    back_url = f"/a/{slug}/importy/{batch_id}/"
    source = find_source(batch)
    views = _changed_views(source) if source else []
    page = manager_page(request, _("Co się zmienia"), current="imports", back_url=back_url)
    context = ChangesPage(
        batch_name=name_batch(batch_id, read_summary(batch.summary)),
        is_published=bool(source and source.publication_id),
        is_undone=batch.state == BatchState.UNDONE,
    )
    if source and views:
        context = _read_page(request, context, source, views)
    else:
        context = replace(context, empty=say_nothing(is_known=source is not None, url=back_url))
    return TemplateResponse(request, "manager/batch_changes.html", {"page": page, "view": context})


def find_source(batch: ImportBatch) -> Source | None:
    """Where the changes of the batch are read from; None where it has none (yet, or any more)."""
    if batch.state in WAITING:
        return Source(batch.pk)
    published = last_publication(batch.pk, PublicationKind.PUBLISH) if batch.state in PUBLISHED else None
    return Source(batch.pk, published.pk) if published else None


def name_of(view: View) -> str:
    """What the address calls a dataset or registry."""
    return view.editions.dataset if isinstance(view, ChangeSpec) else view.registry


def _changed_views(source: Source) -> list[View]:
    registries: Iterable[View] = (view for view in REGISTRY_VIEWS if has_registry_changes(view, source))
    changed = changed_datasets((spec.editions for spec in CHANGE_SPECS), source)
    datasets: Iterable[View] = (spec for spec in CHANGE_SPECS if spec.editions.dataset in changed)
    return [*datasets, *registries]


def _read_page(request: HttpRequest, context: ChangesPage, source: Source, views: list[View]) -> ChangesPage:
    chosen = next((view for view in views if name_of(view) == request.GET.get("zbior")), views[0])
    words = {KIND_WORDS[kind]: kind for kind in KINDS}
    kind = words.get(request.GET.get("rodzaj", ""))
    search = request.GET.get("szukaj", "").strip().replace("\x00", "")[:LONGEST_SEARCH]
    asked_page = choose_stretch(request, total=10**9, size=PER_PAGE)
    asked = Asked(kind, search, asked_page.offset, PER_PAGE)
    found = _read(chosen, source, asked)
    kind = found.kind
    stretch = choose_stretch(request, total=found.counts[kind], size=PER_PAGE)
    if stretch.offset != asked.offset:
        found = _read(chosen, source, replace(asked, kind=kind, offset=stretch.offset))
    return replace(
        context,
        chosen=name_of(chosen),
        kind=KIND_WORDS[kind],
        search=search,
        datasets=link_datasets(views, chosen),
        kinds=link_kinds(found.counts, kind, name_of(chosen), search, is_published=context.is_published),
        table=_draw(chosen, found),
        pages=link_pages(request, stretch),
    )


def _read(view: View, source: Source, asked: Asked) -> Changes | RegistryChanges:
    if isinstance(view, ChangeSpec):
        return read_changes(view, source, asked)
    return read_registry_changes(view, source, asked)


def _draw(view: View, found: Changes | RegistryChanges) -> ChangesTable | None:
    if isinstance(view, ChangeSpec) and isinstance(found, Changes):
        return draw_changes(view, found)
    if isinstance(view, RegistryView) and isinstance(found, RegistryChanges):
        return draw_registry_changes(view, found)
    return None
