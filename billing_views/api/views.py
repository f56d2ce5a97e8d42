"""The API of imports: upload, list, one batch, its problems, and the steps that people ask for.

Each view runs inside its association (billing_views.api.entry) and calls one action, as the pages do.
"""

from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from associations.imports.access import open_batch
from associations.imports.actions import request_publication, request_undo
from associations.imports.declarations import declare
from associations.imports.models import BatchState, ImportBatch, Problem, Severity
from associations.imports.queries import batch_problems
from associations.imports.uploads import upload_once
from billing_views.api import serializers
from billing_views.api.entry import ApiRequest, in_association
from billing_views.api.problems import CONTENT_TYPE, FORBIDDEN, TOO_LARGE, ApiError, answer_problem
from billing_views.api.resources import describe_import, page_of
from billing_views.upload_limits import TOO_LARGE as TOO_LARGE_SENTENCE
from billing_views.upload_limits import TOO_MANY, refuse_large_body, refuse_many_files
from saas.jobs.cancelling import cancel_batch, may_cancel
from saas.jobs.models import JobKind
from saas.jobs.sizing import enqueue_batch_job

CREATED, ACCEPTED = 201, 202
PAGES = [
    OpenApiParameter("page", int, description="Od 1."),
    OpenApiParameter("page_size", int, description="Najwyżej 1000; domyślnie 50."),
]
ERROR = OpenApiResponse(serializers.ErrorSerializer)


def _refusals(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    return {(status, CONTENT_TYPE): ERROR for status in (401, 403, 404, 429, *statuses)}


def _inside(request: Request) -> ApiRequest:
    return cast("ApiRequest", request._request)  # noqa: SLF001 - the request that the entry has prepared


def _answer(request: Request, batch_id: int, status: int = 200) -> Response:
    """The batch as it stands now."""
    batch = ImportBatch.objects.prefetch_related("files").get(pk=batch_id)
    described = describe_import(batch, grant=_inside(request).grant, now=now())
    return Response(serializers.ImportSerializer(described).data, status=status)


class ImportsView(APIView):
    """All batches of an association."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="list_imports",
        summary="Paczki, najnowsze najpierw",
        parameters=[*PAGES, OpenApiParameter("state", str, enum=BatchState.values)],
        responses={200: serializers.ImportPageSerializer, **_refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """A page of batches, of one state where it is named."""
        inside = _inside(request)
        batches = ImportBatch.objects.order_by("-id").prefetch_related("files")
        state = request.query_params.get("state", "")
        if state:
            batches = batches.filter(state=_choose("state", state, BatchState.values))
        found = page_of(
            batches,
            request.query_params,
            lambda batch: describe_import(batch, grant=inside.grant, now=now()),
        )
        return Response(serializers.ImportPageSerializer(found).data)

    @extend_schema(
        operation_id="upload_import",
        summary="Wgraj pliki jako jedną paczkę",
        description=(
            "Ten sam Idempotency-Key z tymi samymi plikami daje tę samą paczkę (200); "
            "z innymi plikami jest błędem (422)."
        ),
        parameters=[
            OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="Do 200 znaków.")
        ],
        request={"multipart/form-data": serializers.UploadSerializer},
        responses={
            201: serializers.ImportSerializer,
            200: serializers.ImportSerializer,
            **_refusals(400, 413, 422),
        },
    )
    def post(self, request: Request) -> Response:
        """Keep the files and ask a worker to read them."""
        inside = _inside(request)
        files = [file for name in request.FILES for file in request.FILES.getlist(name)]
        is_addition = _read_switch(request, "is_addition")
        with transaction.atomic():
            upload = upload_once(
                actor=inside.actor,
                token_id=inside.token.pk,
                key=request.headers.get("Idempotency-Key", ""),
                files=files,
                declarations={"is_addition": True} if is_addition else {},
            )
            if upload.is_new:
                enqueue_batch_job(association=inside.association, kind=JobKind.READ_BATCH, batch=upload.batch)
        return _answer(request, upload.batch.pk, CREATED if upload.is_new else 200)


class ImportView(APIView):
    """One batch."""

    @extend_schema(
        operation_id="get_import",
        summary="Stan, postęp i podgląd paczki",
        responses={200: serializers.ImportSerializer, **_refusals()},
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """The batch as it stands now."""
        return _answer(request, open_batch(batch_id).pk)


class ProblemsView(APIView):
    """What is wrong with a batch."""

    @extend_schema(
        operation_id="list_problems",
        summary="Problemy paczki",
        parameters=[
            *PAGES,
            OpenApiParameter("severity", str, enum=Severity.values),
            OpenApiParameter("dataset", str),
            OpenApiParameter("code", str),
        ],
        responses={200: serializers.ProblemPageSerializer, **_refusals(400)},
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """A page of problems, filtered."""
        batch, query = open_batch(batch_id), request.query_params
        severity = query.get("severity", "")
        rows = batch_problems(
            batch.pk, severity=Severity(_choose("severity", severity, Severity.values)) if severity else None
        )
        wanted = {name: query[name][:60] for name in ("dataset", "code") if query.get(name)}
        found = page_of(rows.filter(**wanted), query, _describe_problem)
        return Response(serializers.ProblemPageSerializer(found).data)


class DeclarationsView(APIView):
    """What is said of a batch."""

    @extend_schema(
        operation_id="declare",
        summary="Powiedz o paczce to, czego pliki nie mówią; zostanie sprawdzona ponownie",
        request=serializers.DeclarationsSerializer,
        responses={202: serializers.ImportSerializer, **_refusals(400, 409)},
    )
    def put(self, request: Request, batch_id: int) -> Response:
        """In place of all said before."""
        inside, batch = _inside(request), open_batch(batch_id)
        said = _valid(serializers.DeclarationsSerializer, request)
        said["as_of"] = said["as_of"].isoformat() if said["as_of"] else ""
        with transaction.atomic():
            declare(actor=inside.actor, batch=batch, declarations=said)
            enqueue_batch_job(association=inside.association, kind=JobKind.READ_BATCH, batch=batch)
        return _answer(request, batch.pk, ACCEPTED)


class PublishView(APIView):
    """Publishing a batch."""

    @extend_schema(
        operation_id="publish_import",
        summary="Opublikuj paczkę jak w podglądzie",
        request=serializers.PublishSerializer,
        responses={202: serializers.ImportSerializer, **_refusals(400, 409)},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Ask a worker to publish, with the consents that the page asks for."""
        inside, batch = _inside(request), open_batch(batch_id)
        _need_publisher(inside)
        consents = _valid(serializers.PublishSerializer, request)
        with transaction.atomic():
            request_publication(actor=inside.actor, batch=batch, **consents)
            enqueue_batch_job(association=inside.association, kind=JobKind.PUBLISH_BATCH, batch=batch)
        return _answer(request, batch.pk, ACCEPTED)


class UndoView(APIView):
    """Undoing a publication."""

    @extend_schema(
        operation_id="undo_import",
        summary="Cofnij publikację",
        request=None,
        responses={202: serializers.ImportSerializer, **_refusals(409)},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Ask a worker to bring back what stood before."""
        inside, batch = _inside(request), open_batch(batch_id)
        _need_publisher(inside)
        with transaction.atomic():
            request_undo(actor=inside.actor, batch=batch)
            enqueue_batch_job(association=inside.association, kind=JobKind.UNDO_BATCH, batch=batch)
        return _answer(request, batch.pk, ACCEPTED)


class CancelView(APIView):
    """Cancelling what runs."""

    @extend_schema(
        operation_id="cancel_import",
        summary="Anuluj to, co portal robi z paczką",
        request=None,
        responses={202: serializers.ImportSerializer, **_refusals(409)},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Have the worker stop; one that has just finished wins."""
        inside, batch = _inside(request), open_batch(batch_id)
        if not may_cancel(inside.grant, BatchState(batch.state)):
            raise ApiError(FORBIDDEN, "forbidden", _("Ten klucz nie pozwala anulować publikacji."))
        cancel_batch(actor=inside.actor, association=inside.association, batch_id=batch.pk)
        return _answer(request, batch.pk, ACCEPTED)


def _refuse_large(request: HttpRequest, *args: Any) -> HttpResponse:  # noqa: ARG001 - a view's signature
    return answer_problem(TOO_LARGE, "too_large", str(TOO_LARGE_SENTENCE))


def _refuse_many(request: HttpRequest, *args: Any) -> HttpResponse:  # noqa: ARG001 - a view's signature
    return answer_problem(400, "too_many_files", str(TOO_MANY))


imports = in_association(
    refuse_large_body(_refuse_large)(refuse_many_files(_refuse_many)(ImportsView.as_view()))
)


def _need_publisher(inside: ApiRequest) -> None:
    if not inside.grant.can_publish:
        raise ApiError(FORBIDDEN, "forbidden", _("Ten klucz nie pozwala publikować ani cofać publikacji."))


def _valid(serializer: type[Any], request: Request) -> dict[str, Any]:
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def _choose(name: str, value: str, allowed: list[str]) -> str:
    if value not in allowed:
        raise ValidationError({name: [", ".join(allowed)]})
    return value


def _read_switch(request: Request, name: str) -> bool:
    value = str(request.POST.get(name, "")).lower()
    if value not in {"", "true", "false", "1", "0"}:
        raise ValidationError({name: ["true, false"]})
    return value in {"true", "1"}


def _describe_problem(problem: Problem) -> dict[str, Any]:
    names = ("severity", "code", "dataset", "file_name", "sheet", "row", "column", "value", "reason")
    return {name: getattr(problem, name) for name in (*names, "suggestion", "premises_code")}
