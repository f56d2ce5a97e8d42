"""Views that show what the decorators of the apex let through; mounted by tests only."""

from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import include, path

from associations.profile.models import AssociationProfile
from billing_views.manager.entry import StaffRequest, in_association, staff_page
from saas.staff import roles


@in_association()
def show_name(request: StaffRequest, slug: str) -> HttpResponse:
    """A template that reads the association's own row while it renders."""
    template = engines["django"].from_string("{% for row in rows %}{{ row.name }}{% endfor %}|{{ slug }}")
    rows = AssociationProfile.objects.order_by("id")
    return TemplateResponse(request, template, {"rows": rows, "slug": slug})


@in_association(*roles.PASSWORD_ISSUERS)
def for_the_office(request: StaffRequest, slug: str) -> HttpResponse:
    return HttpResponse(f"{request.grant.role} {request.actor.name} {slug}")


@in_association()
def writes_the_session(request: StaffRequest, slug: str) -> HttpResponse:
    request.session["seen"] = slug
    return HttpResponse(connection.schema_name)  # type: ignore[attr-defined]


@in_association(is_snapshot=True)
def reads_one_moment(request: StaffRequest, slug: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        return HttpResponse(cursor.fetchone()[0])


@in_association()
def fails(request: StaffRequest, slug: str) -> HttpResponse:
    raise RuntimeError(slug)


@staff_page
def outside(request: StaffRequest) -> HttpResponse:
    return HttpResponse(connection.schema_name)  # type: ignore[attr-defined]


urlpatterns = [
    path("a/<slug:slug>/name/", show_name),
    path("a/<slug:slug>/office/", for_the_office),
    path("a/<slug:slug>/session/", writes_the_session),
    path("a/<slug:slug>/snapshot/", reads_one_moment),
    path("a/<slug:slug>/fails/", fails),
    path("outside/", outside),
    path("", include("billing_views.manager.urls")),
]
